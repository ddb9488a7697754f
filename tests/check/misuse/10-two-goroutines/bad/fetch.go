// Package fetch lets many goroutines write one map.
package fetch

import "sync"

func All(urls []string, get func(string) int) map[string]int {
	sizes := make(map[string]int, len(urls))
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sizes[url] = get(url) // want goroutine-map-write
		}()
	}
	wg.Wait()
	return sizes
}
