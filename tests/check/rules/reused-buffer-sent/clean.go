package reusedbuffersent

import (
	"bufio"
	"bytes"
	"io"
)

func cloned(r io.Reader, out chan<- []byte) error {
	buf := make([]byte, 512)
	for {
		n, err := r.Read(buf)
		if err != nil {
			return err
		}
		out <- bytes.Clone(buf[:n])
	}
}

func renewed(r io.Reader, out chan<- []byte) error {
	buf := make([]byte, 512)
	for {
		n, err := r.Read(buf)
		if err != nil {
			return err
		}
		out <- buf[:n]
		buf = make([]byte, 512)
	}
}

func inside(r io.Reader, out chan<- []byte) error {
	for {
		buf := make([]byte, 512)
		n, err := r.Read(buf)
		if err != nil {
			return err
		}
		out <- buf[:n]
	}
}

func handshake(r io.Reader, out chan<- []byte, done <-chan struct{}) error {
	buf := make([]byte, 512)
	for {
		n, err := r.Read(buf)
		if err != nil {
			return err
		}
		out <- buf[:n]
		<-done
	}
}

func text(r io.Reader) []string {
	var lines []string
	s := bufio.NewScanner(r)
	for s.Scan() {
		lines = append(lines, string(s.Bytes()))
	}
	return lines
}

func flattened(r io.Reader) []byte {
	buf := make([]byte, 512)
	var all []byte
	for {
		n, err := r.Read(buf)
		if err != nil {
			return all
		}
		all = append(all, buf[:n]...)
	}
}

// prefixes share one array, and what was handed out is never written again.
func prefixes(n int, out chan<- []int) {
	all := make([]int, n)
	for i := range n {
		all[i] = i * i
		out <- all[:i+1]
	}
}

// pieces cuts what it hands out off the front, as http.Header.Clone does.
func pieces(lines [][]int, byLine map[int][]int) {
	room := make([]int, 1000)
	for i, line := range lines {
		n := copy(room, line)
		byLine[i] = room[:n:n]
		room = room[n:]
	}
}

type line struct {
	words []string
}

func (l line) size() int { return len(l.words) }

func sizes(lines [][]string) []int {
	var all []int
	var words []string
	for _, one := range lines {
		words = words[:0]
		words = append(words, one...)
		all = append(all, line{words: words}.size())
	}
	return all
}

func lasting(lines [][]string) []line {
	var all []line
	for _, one := range lines {
		var words []string
		words = append(words, one...)
		all = append(all, line{words: words})
	}
	return all
}
