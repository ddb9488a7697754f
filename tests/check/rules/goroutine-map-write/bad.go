package goroutinemapwrite

import "sync"

func fill(m map[int]int, i int) {
	m[i] = i // want goroutine-map-write
}

func callee(n int) map[int]int {
	m := make(map[int]int)
	var wg sync.WaitGroup
	for i := 0; i < n; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			fill(m, i)
		}()
	}
	wg.Wait()
	return m
}

func unordered(done chan struct{}) int {
	m := map[string]int{}
	go func() {
		m["a"] = 1 // want goroutine-map-write
		close(done)
	}()
	n := m["a"]
	<-done
	return n
}

func passed(keys []string) {
	m := map[string]bool{}
	for _, k := range keys {
		go func(set map[string]bool) {
			set[k] = true // want goroutine-map-write
		}(m)
	}
}

type group struct{ wg sync.WaitGroup }

func (g *group) Go(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		_ = f()
	}()
}

func (g *group) Wait() { g.wg.Wait() }

func errgroup(keys []string) map[string]int {
	var g group
	m := map[string]int{}
	for i, k := range keys {
		g.Go(func() error {
			m[k] = i // want goroutine-map-write
			return nil
		})
	}
	g.Wait()
	return m
}

type table struct{ sizes map[string]int }

func newTable() *table { return &table{sizes: map[string]int{}} }

func (t *table) fill(keys []string, done *sync.WaitGroup) {
	for i, k := range keys {
		go func() {
			defer done.Done()
			t.sizes[k] = i // want goroutine-map-write map-field-no-mutex
		}()
	}
}
