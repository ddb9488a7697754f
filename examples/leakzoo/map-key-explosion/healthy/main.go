// The statistics of ../leak with one spelling per path (healthy twin of map-key-explosion).
//
// The map ends at the number of pages that exist.
package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"path"
	"strings"
	"time"

	"memsnap.test/leakzoo/zoo"
)

const pages = 400

type stats struct {
	requests uint64
	slowest  time.Duration
	latency  [110]uint32
}

var byPath = map[string]*stats{}

func observe(target string, took time.Duration) {
	key := clean(target)
	entry := byPath[key]
	if entry == nil {
		entry = new(stats)
		byPath[key] = entry
	}
	entry.requests++
	entry.slowest = max(entry.slowest, took)
	entry.latency[int(took/time.Millisecond)%len(entry.latency)]++
}

func clean(target string) string {
	parsed, err := url.ParseRequestURI(target)
	if err != nil {
		return "/invalid"
	}
	return path.Clean(strings.ToLower(parsed.Path))
}

func request() string {
	page := rand.IntN(pages)
	switch rand.IntN(8) {
	case 0:
		return fmt.Sprintf("/Product/%d", page)
	case 1:
		return fmt.Sprintf("/product/%d/", page)
	default:
		return fmt.Sprintf("/product/%d?mail=%d", page, rand.IntN(1_000_000_000))
	}
}

func serve(requests int) {
	for range requests {
		observe(request(), time.Duration(rand.IntN(100))*time.Millisecond)
	}
}

func main() {
	zoo.Run(zoo.Program{
		Warm: func() { serve(60_000) },
		Step: func() { serve(20) },
		Drop: func() { byPath = map[string]*stats{} },
	})
}
