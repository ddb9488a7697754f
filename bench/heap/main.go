// Command heap is the program that the benchmarks read: it holds -objects live objects of many kinds
// (about 200 bytes each), prints ready and waits. Its main goroutine and two others stay awake a little, so that
// the capture meets running threads.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
)

type session struct {
	user  *user
	token string
	seen  time.Time
	next  *session
}

type user struct {
	name string
	mail string
	tags []string
	age  int
}

type blob struct{ data []byte }

type node struct {
	left, right *node
	key         int
	value       any
}

var (
	sessions = map[string]*session{}
	counts   = map[int]*[4]int{}
	tree     *node
	blobs    []*blob
	newest   *session
)

func grow(depth int, key *int) *node {
	if depth == 0 {
		return nil
	}
	*key++
	n := &node{key: *key, value: *key}
	n.left, n.right = grow(depth-1, key), grow(depth-1, key)
	return n
}

// Eight objects a turn: session, token, user, name, mail, tags, count, blob and its data.
func fill(turns int) {
	for i := 0; i < turns; i++ {
		id := strconv.Itoa(i)
		u := &user{name: "user " + id, mail: id + "@example.com", tags: []string{"a", "b"}, age: i % 90}
		s := &session{user: u, token: "token-" + id, seen: time.Now(), next: newest}
		newest = s
		sessions[s.token] = s
		counts[i] = &[4]int{i, 1, 2, 3}
		blobs = append(blobs, &blob{make([]byte, 1700)})
	}
	key, depth := 0, 1
	for 1<<depth < turns {
		depth++
	}
	tree = grow(depth, &key)
}

func main() {
	objects := flag.Int("objects", 100000, "live objects, about")
	limit := flag.Duration("timeout", 3*time.Minute, "ends by itself after this time")
	flag.Parse()
	fill(*objects / 11)
	runtime.GC()
	for i := 0; i < 2; i++ {
		go func() {
			for x := 0; ; x++ {
				time.Sleep(time.Millisecond)
			}
		}()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("ready pid=%d objects=%d bytes=%d sys=%d\n", os.Getpid(), m.HeapObjects, m.HeapAlloc, m.Sys)
	time.Sleep(*limit)
	runtime.KeepAlive(tree)
}
