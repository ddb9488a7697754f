package slicegrowonly

import "sync"

var plugins []func()

func init() { plugins = append(plugins, func() {}) }

var guard sync.Mutex

var recent []string

func Recent(text string) {
	guard.Lock()
	defer guard.Unlock()
	recent = append(recent, text)
	if len(recent) > 100 {
		recent = append([]string(nil), recent[50:]...)
	}
}

var batch []int

func Batch(n int) {
	guard.Lock()
	defer guard.Unlock()
	batch = append(batch, n)
}

func Flush() []int {
	guard.Lock()
	defer guard.Unlock()
	out := batch
	batch = nil
	return out
}

func local(words []string) int {
	var n []string
	for _, w := range words {
		if w != "" {
			n = append(n, w)
		}
	}
	return len(n)
}

// page is one of many: the package's own says nothing of how long the others live.
type page struct{ words []string }

var emptyPage page

func readPage(all []string) *page {
	p := &page{}
	for _, w := range all {
		p.add(w)
	}
	return p
}

func (p *page) add(word string) { p.words = append(p.words, word) }
