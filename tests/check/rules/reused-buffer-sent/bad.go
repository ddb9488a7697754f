package reusedbuffersent

import (
	"bufio"
	"io"
	"strings"
)

func send(r io.Reader, out chan<- []byte) error {
	buf := make([]byte, 512)
	for {
		n, err := r.Read(buf)
		if err != nil {
			return err
		}
		out <- buf[:n] // want reused-buffer-sent
	}
}

func collect(r io.Reader) [][]byte {
	buf := make([]byte, 512)
	var all [][]byte
	for {
		n, err := r.Read(buf)
		if err != nil {
			return all
		}
		all = append(all, buf[:n]) // want reused-buffer-sent
	}
}

func emptied(words []string, byWord map[string][]byte) {
	var buf []byte
	for _, w := range words {
		buf = append(buf[:0], w...)
		byWord[w] = buf // want reused-buffer-sent
	}
}

func scanned(r io.Reader) [][]byte {
	var lines [][]byte
	s := bufio.NewScanner(r)
	for s.Scan() {
		lines = append(lines, s.Bytes()) // want reused-buffer-sent
	}
	return lines
}

func groups(lines []string) [][]string {
	all := make([][]string, 0, len(lines))
	words := []string{}
	for _, line := range lines {
		words = words[:0]
		for _, w := range strings.Fields(line) {
			words = append(words, w)
		}
		all = append(all, words) // want reused-buffer-sent
	}
	return all
}

func rows(n int, out chan<- []int) {
	row := make([]int, 8)
	for i := range n {
		for j := range row {
			row[j] = i * j
		}
		out <- row // want reused-buffer-sent
	}
}

type paragraph struct {
	title string
	words []string
}

func paragraphs(lines []string) []*paragraph {
	var all []*paragraph // want slice-prealloc
	var words []string
	for _, line := range lines {
		words = words[:0]
		for _, w := range strings.Fields(line) {
			words = append(words, w)
		}
		all = append(all, &paragraph{title: line, words: words}) // want reused-buffer-sent
	}
	return all
}
