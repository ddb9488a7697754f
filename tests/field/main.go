// Command field runs memsnap on real servers that nobody here wrote, under a minute of load on loopback,
// and writes what it printed to docs/field. It fails when a capture fails or a figure misses its goal.
// With -profiles FOLDER it keeps what their net/http/pprof pages serve instead: tests/pprof/recorded comes from there.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"memsnap.test/field/load"
)

// A server under test: how to build, configure and start it, and what to do to it.
type server struct {
	name, pkg string
	start     func(binary, room, addr, profiles string) (*exec.Cmd, error) // profiles: host:port for net/http/pprof
	load      load.Func
	describe  string
}

func freePort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func servers(ctx context.Context) []server {
	return []server{
		{"prometheus", "github.com/prometheus/prometheus/cmd/prometheus", func(bin, room, addr, profiles string) (*exec.Cmd, error) {
			metrics := freePort()
			go load.Metrics(ctx, metrics, 10000)
			config := fmt.Sprintf("global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: self\n  static_configs: [{targets: ['%s']}]\n- job_name: field\n  static_configs: [{targets: ['%s']}]\n", addr, metrics)
			if err := os.WriteFile(filepath.Join(room, "prometheus.yml"), []byte(config), 0o600); err != nil {
				return nil, err
			}
			cmd := exec.Command(bin, "--config.file="+filepath.Join(room, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(room, "data"), "--web.listen-address="+addr)
			if profiles != "" {
				cmd.Env = append(os.Environ(), "DEBUG=1") // block and mutex profiles
			}
			return cmd, nil
		}, load.Prometheus, "scrapes itself and 10,000 moving series every second, 40 range queries a second"},
		{"etcd", "go.etcd.io/etcd/server/v3", func(bin, room, addr, profiles string) (*exec.Cmd, error) {
			peer := "http://" + freePort()
			return exec.Command(bin, fmt.Sprintf("--enable-pprof=%t", profiles != ""), "--data-dir="+filepath.Join(room, "etcd"), "--listen-client-urls=http://"+addr, "--advertise-client-urls=http://"+addr,
				"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer, "--initial-cluster=default="+peer,
				"--auto-compaction-mode=revision", "--auto-compaction-retention=1000", "--log-level=error"), nil
		}, load.Etcd, "400 puts, reads and deletes a second of 4,000 keys through the JSON gateway"},
		{"caddy", "github.com/caddyserver/caddy/v2/cmd/caddy", func(bin, room, addr, profiles string) (*exec.Cmd, error) {
			for i := 0; i < 20; i++ {
				text := strings.Repeat(fmt.Sprintf("line of file %d\n", i), 200*(i+1))
				if err := os.WriteFile(filepath.Join(room, fmt.Sprintf("file-%d.txt", i)), []byte(text), 0o600); err != nil {
					return nil, err
				}
			}
			admin := cmp.Or(profiles, "off")
			config := fmt.Sprintf("{\n admin %s\n auto_https off\n}\nhttp://%s {\n root * %s\n encode gzip\n file_server\n log {\n output discard\n }\n}\n", admin, addr, room)
			if err := os.WriteFile(filepath.Join(room, "Caddyfile"), []byte(config), 0o600); err != nil {
				return nil, err
			}
			cmd := exec.Command(bin, "run", "--config", filepath.Join(room, "Caddyfile"), "--adapter", "caddyfile")
			cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+room, "XDG_CONFIG_HOME="+room)
			return cmd, nil
		}, load.Caddy, "1,600 requests a second for 20 compressed files over 16 connections"},
		{"nats-server", "github.com/nats-io/nats-server/v2", func(bin, room, addr, profiles string) (*exec.Cmd, error) {
			host, port, _ := strings.Cut(addr, ":")
			cmd := exec.Command(bin, "-a", host, "-p", port, "-js", "-sd", room)
			if _, profilePort, given := strings.Cut(profiles, ":"); given {
				cmd.Args = append(cmd.Args, "--profile", profilePort)
			}
			return cmd, nil
		}, load.Nats, "8,000 messages a second from 4 publishers to 8 subscribers"},
	}
}

// The parts of product.md's report that are checked here.
type report struct {
	Target  struct{ Go string } `json:"target"`
	Capture struct {
		PauseNs      int64   `json:"pause_ns"`
		Threads      int     `json:"threads"`
		Objects      int64   `json:"objects"`
		Bytes        int64   `json:"bytes"`
		ReachedBytes int64   `json:"reached_bytes"`
		TypedRatio   float64 `json:"typed_ratio"`
	} `json:"capture"`
	Memory struct {
		RSS            int64   `json:"rss"`
		ExplainedRatio float64 `json:"explained_ratio"`
	} `json:"memory"`
	HeapAlloc int64 `json:"heap_alloc"` // of memsnap rss: what the runtime itself counts
	Findings  []struct {
		Pattern  string `json:"pattern"`
		Severity string `json:"severity"`
		Title    string `json:"title"`
	} `json:"findings"`
}

func waitFor(addr string, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	for time.Now().Before(deadline) {
		if c, err := net.DialTimeout("tcp", addr, time.Second); err == nil {
			c.Close()
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("nothing listens on %s after %v", addr, limit)
}

func memsnap(binary string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("memsnap %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out), nil
}

// What run shall do with a loaded server: write memsnap's reports to out, or its profiles.
type order struct {
	tool, out string
	profiles  bool
	seconds   int
}

func run(ctx context.Context, s server, binary string, o order) error {
	tool, out, seconds := o.tool, o.out, o.seconds
	room, err := os.MkdirTemp("", "memsnap-field-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(room)
	addr, profileAddr := freePort(), ""
	if o.profiles {
		profileAddr = freePort()
	}
	cmd, err := s.start(binary, room, addr, profileAddr)
	if err != nil {
		return err
	}
	cmd.Dir = room
	logs, err := os.Create(filepath.Join(room, "log"))
	if err != nil {
		return err
	}
	defer logs.Close()
	cmd.Stdout, cmd.Stderr = logs, logs
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	if err := waitFor(addr, 30*time.Second); err != nil {
		return err
	}
	loaded, stop := context.WithTimeout(ctx, time.Duration(seconds)*time.Second)
	defer stop()
	type outcome struct {
		requests int64
		err      error
	}
	finished := make(chan outcome, 1)
	go func() {
		n, err := s.load(loaded, addr)
		finished <- outcome{n, err}
	}()
	time.Sleep(time.Duration(seconds) * time.Second * 6 / 10)
	if o.profiles {
		return record(s.name, []string{profileAddr, addr}, out)
	}

	pid := fmt.Sprint(cmd.Process.Pid)
	text, err := memsnap(tool, "doctor", pid, "--ascii", "-o", filepath.Join(room, "last.snap"))
	if err != nil {
		return err
	}
	js, err := memsnap(tool, "doctor", filepath.Join(room, "last.snap"), "--json")
	if err != nil {
		return err
	}
	var r report
	if err := json.Unmarshal([]byte(js), &r); err != nil {
		return err
	}
	if js, err = memsnap(tool, "rss", filepath.Join(room, "last.snap"), "--json"); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(js), &r); err != nil {
		return err
	}
	done := <-finished
	if done.err != nil {
		return fmt.Errorf("load: %w", done.err)
	}
	return write(s, r, strings.ReplaceAll(text, room, "ROOM"), done.requests, seconds, out)
}

func write(s server, r report, text string, requests int64, seconds int, out string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s, built with %s; %s. %d requests in %d s; the doctor came after %d s.\n\n", s.name, s.pkg, r.Target.Go, s.describe, requests, seconds, seconds*6/10)
	fmt.Fprintf(&b, "| figure | value |\n| --- | --- |\n| objects | %d |\n| live and garbage bytes | %d |\n| HeapAlloc by the runtime's counters | %d |\n| reached bytes | %d |\n| typed | %.2f %% of reached bytes |\n| pause | %.1f ms, %d threads |\n| RSS | %d |\n| RSS with a named owner | %.2f %% |\n\n",
		r.Capture.Objects, r.Capture.Bytes, r.HeapAlloc, r.Capture.ReachedBytes, 100*r.Capture.TypedRatio, float64(r.Capture.PauseNs)/1e6, r.Capture.Threads, r.Memory.RSS, 100*r.Memory.ExplainedRatio)
	fmt.Fprintf(&b, "```\n%s```\n", text)
	if err := os.WriteFile(filepath.Join(out, s.name+".md"), []byte(b.String()), 0o644); err != nil {
		return err
	}
	var wrong []error
	if r.Capture.Bytes != r.HeapAlloc {
		wrong = append(wrong, fmt.Errorf("live and garbage bytes %d, HeapAlloc %d", r.Capture.Bytes, r.HeapAlloc))
	}
	if r.Memory.ExplainedRatio < 0.98 {
		wrong = append(wrong, fmt.Errorf("%.2f %% of RSS has a named owner, the goal is 98", 100*r.Memory.ExplainedRatio))
	}
	if s.name == "prometheus" && r.Capture.TypedRatio < 0.98 {
		wrong = append(wrong, fmt.Errorf("%.2f %% of the bytes are typed, the goal is 98", 100*r.Capture.TypedRatio))
	}
	for _, f := range r.Findings {
		if f.Severity == "high" || f.Severity == "medium" {
			fmt.Printf("field: %s: %s %s: %s\n", s.name, f.Severity, f.Pattern, f.Title)
		}
	}
	return errors.Join(wrong...)
}

func main() {
	tool := flag.String("memsnap", "build/memsnap", "the binary under test")
	out := flag.String("out", "docs/field", "folder for the reports")
	build := flag.String("build", "build/field", "folder for the servers' binaries")
	seconds := flag.Int("seconds", 60, "length of the load")
	only := flag.String("only", "", "one server instead of all")
	profiles := flag.String("profiles", "", "folder for profiles of the servers, instead of reports")
	flag.Parse()
	orders := order{*tool, cmp.Or(*profiles, *out), *profiles != "", *seconds}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	failed := 0
	for _, s := range servers(ctx) {
		if *only != "" && s.name != *only {
			continue
		}
		binary, err := filepath.Abs(filepath.Join(*build, s.name))
		if err == nil {
			if _, missing := os.Stat(binary); missing != nil {
				fmt.Printf("field: building %s\n", s.pkg)
				cmd := exec.Command("go", "build", "-o", binary, s.pkg)
				cmd.Dir = filepath.Join("tests/field/servers", s.name)
				cmd.Stderr = os.Stderr
				err = cmd.Run()
			}
		}
		if err == nil {
			err = run(ctx, s, binary, orders)
		}
		if err != nil {
			failed++
			fmt.Printf("field: %s FAILED: %v\n", s.name, err)
		} else {
			fmt.Printf("field: %s passed\n", s.name)
		}
	}
	if failed > 0 {
		os.Exit(1)
	}
}
