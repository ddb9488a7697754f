package fetch

import "sync"

func All(urls []string, get func(string) int) map[string]int {
	sizes := make(map[string]int, len(urls))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			size := get(url)
			mu.Lock()
			sizes[url] = size
			mu.Unlock()
		}()
	}
	wg.Wait()
	return sizes
}
