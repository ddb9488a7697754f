// Request statistics by path, where every spelling of a path counts as another one (pattern map-key-explosion).
//
// What is wrong: the key is the request target as it came: "/Product/17", "/product/17/" and
// "/product/17?mail=8832" are three entries with three histograms, and mailings make new ones all day. The
// shop has 400 pages; the map has tens of thousands of entries.
//
// What the twin does: it brings the target to one spelling before it looks it up.
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
	latency  [110]uint32 // a histogram, in powers of 1.1
}

var byPath = map[string]*stats{} // HOLDER

func observe(target string, took time.Duration) {
	entry := byPath[target]
	if entry == nil {
		entry = new(stats) // LEAK
		byPath[target] = entry
	}
	entry.requests++
	entry.slowest = max(entry.slowest, took)
	entry.latency[int(took/time.Millisecond)%len(entry.latency)]++
}

// request is the target of the next request, as browsers, mail programs and crawlers spell it.
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

// clean is the one spelling of a target.
func clean(target string) string {
	parsed, err := url.ParseRequestURI(target)
	if err != nil {
		return "/invalid"
	}
	return path.Clean(strings.ToLower(parsed.Path))
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
		Drop: func() {
			merged := map[string]*stats{}
			for target, entry := range byPath {
				key := clean(target)
				sum := merged[key]
				if sum == nil {
					sum = new(stats)
					merged[key] = sum
				}
				sum.requests += entry.requests
				sum.slowest = max(sum.slowest, entry.slowest)
				for i, n := range entry.latency {
					sum.latency[i] += n
				}
			}
			byPath = merged
		},
	})
}
