package goroutinemapwrite

import "sync"

func own(n int) {
	for i := 0; i < n; i++ {
		go func() {
			m := map[int]int{}
			m[i] = i
		}()
	}
}

func slots(n int) []int {
	s := make([]int, n)
	var wg sync.WaitGroup
	for i := range s {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s[i] = i
		}()
	}
	wg.Wait()
	return s
}

func locked(n int) map[int]int {
	m := map[int]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := 0; i < n; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			m[i] = i
		}()
	}
	wg.Wait()
	return m
}

func single() map[int]int {
	m := map[int]int{}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		m[1] = 1
	}()
	wg.Wait()
	m[2] = 2
	return m
}

func singleByChannel() map[int]int {
	m := map[int]int{}
	done := make(chan bool)
	go func() {
		m[1] = 1
		done <- true
	}()
	<-done
	return m
}

func perWorker(n int) []map[int]int {
	all := make([]map[int]int, n)
	var wg sync.WaitGroup
	for i := range all {
		m := map[int]int{}
		all[i] = m
		wg.Add(1)
		go func() {
			defer wg.Done()
			m[i] = i
		}()
	}
	wg.Wait()
	return all
}

func waitsEachTime(n int) map[int]int {
	m := map[int]int{}
	for i := 0; i < n; i++ {
		done := make(chan bool)
		go func() {
			m[i] = i
			close(done)
		}()
		<-done
	}
	return m
}
