// Package load puts a bounded, steady load on the four servers of the field test, on loopback only.
package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// Func works on the server at addr (host:port) until ctx ends and counts what it did.
type Func func(ctx context.Context, addr string) (requests int64, err error)

// Workers runs one step again and again in n goroutines, each at most perSecond times a second.
func workers(ctx context.Context, n, perSecond int, step func(worker, turn int) error) (int64, error) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var total int64
	var first error
	for w := 0; w < n; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			tick := time.NewTicker(time.Second / time.Duration(perSecond))
			defer tick.Stop()
			done := int64(0)
			for turn := 0; ; turn++ {
				select {
				case <-ctx.Done():
					mu.Lock()
					total += done
					mu.Unlock()
					return
				case <-tick.C:
				}
				if err := step(w, turn); err != nil && ctx.Err() == nil {
					mu.Lock()
					if first == nil {
						first = err
					}
					mu.Unlock()
				} else {
					done++
				}
			}
		}()
	}
	wg.Wait()
	return total, first
}

func fetch(ctx context.Context, client *http.Client, method, address string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	if resp.StatusCode >= 400 {
		return fmt.Errorf("%s %s: %s", method, address, resp.Status)
	}
	return nil
}

func client() *http.Client {
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
}

// Prometheus asks range queries and metadata while the server scrapes itself and the series of Metrics.
func Prometheus(ctx context.Context, addr string) (int64, error) {
	c := client()
	queries := []string{`sum by (group) (rate(field_total[30s]))`, `topk(10, field_total)`, `count({__name__=~"go_.*"})`}
	return workers(ctx, 4, 10, func(w, turn int) error {
		now := time.Now().Unix()
		v := url.Values{"query": {queries[turn%len(queries)]}, "start": {strconv.FormatInt(now-60, 10)},
			"end": {strconv.FormatInt(now, 10)}, "step": {"5"}}
		return fetch(ctx, c, "GET", "http://"+addr+"/api/v1/query_range?"+v.Encode(), nil)
	})
}

// Metrics serves n time series that move, for Prometheus to scrape, until ctx ends.
func Metrics(ctx context.Context, addr string, n int) error {
	mux := http.NewServeMux()
	start := time.Now()
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, r *http.Request) {
		b := bufio.NewWriter(w)
		defer b.Flush()
		fmt.Fprintln(b, "# TYPE field_total counter")
		t := int64(time.Since(start).Seconds())
		for i := 0; i < n; i++ {
			fmt.Fprintf(b, "field_total{group=\"g%d\",item=\"item-%d\"} %d\n", i%50, i, t*int64(i%7))
		}
	})
	server := &http.Server{Addr: addr, Handler: mux}
	go func() { <-ctx.Done(); server.Close() }()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// Etcd puts, reads and deletes a bounded set of keys through the JSON gateway, and keeps compacting.
func Etcd(ctx context.Context, addr string) (int64, error) {
	c := client()
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	return workers(ctx, 8, 50, func(w, turn int) error {
		key := fmt.Sprintf("/field/%d/%d", w, turn%500)
		body, _ := json.Marshal(map[string]string{"key": b64(key), "value": b64(fmt.Sprintf("value %d of %s", turn, key))})
		call := "put"
		switch turn % 4 {
		case 1, 2:
			body, _ = json.Marshal(map[string]string{"key": b64(key)})
			call = "range"
		case 3:
			body, _ = json.Marshal(map[string]string{"key": b64(key)})
			call = "deleterange"
		}
		return fetch(ctx, c, "POST", "http://"+addr+"/v3/kv/"+call, body)
	})
}

// Caddy fetches files and templates over a bounded set of kept-alive connections.
func Caddy(ctx context.Context, addr string) (int64, error) {
	c := client()
	return workers(ctx, 16, 100, func(w, turn int) error {
		return fetch(ctx, c, "GET", fmt.Sprintf("http://%s/file-%d.txt?visit=%d", addr, turn%20, turn), nil)
	})
}

// Nats publishes to subjects that a bounded set of subscribers reads, in the plain text protocol.
func Nats(ctx context.Context, addr string) (int64, error) {
	const subscribers = 8
	ready := make(chan error, subscribers)
	for i := 0; i < subscribers; i++ {
		conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
		if err != nil {
			return 0, err
		}
		context.AfterFunc(ctx, func() { conn.Close() })
		go func() {
			fmt.Fprintf(conn, "CONNECT {\"verbose\":false}\r\nSUB field.%d.* 1\r\nPING\r\n", i)
			ready <- nil
			r := bufio.NewReader(conn)
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == "PING\r\n" {
					fmt.Fprint(conn, "PONG\r\n")
				}
			}
		}()
	}
	for i := 0; i < subscribers; i++ {
		<-ready
	}
	conns := make([]net.Conn, 4)
	for i := range conns {
		conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
		if err != nil {
			return 0, err
		}
		context.AfterFunc(ctx, func() { conn.Close() })
		go io.Copy(io.Discard, conn)
		fmt.Fprint(conn, "CONNECT {\"verbose\":false}\r\n")
		conns[i] = conn
	}
	payload := bytes.Repeat([]byte("x"), 256)
	return workers(ctx, len(conns), 200, func(w, turn int) error {
		var b bytes.Buffer
		for k := 0; k < 10; k++ {
			fmt.Fprintf(&b, "PUB field.%d.%d %d\r\n%s\r\n", (turn+k)%subscribers, turn%100, len(payload), payload)
		}
		if turn%100 == 0 {
			b.WriteString("PING\r\n")
		}
		_, err := conns[w].Write(b.Bytes())
		return err
	})
}
