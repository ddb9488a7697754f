// The access log of ../leak with one string per browser (healthy twin of duplicate-strings).
package main

import (
	"bytes"
	"fmt"

	"memsnap.test/leakzoo/zoo"
)

const (
	kept       = 200_000
	mostAgents = 10_000 // texts of clients are not to be trusted to be few
)

type line struct {
	unix   int64
	status int
	agent  string
}

type accessLog struct {
	lines  [kept]line
	next   int
	agents map[string]string
}

var access = accessLog{agents: map[string]string{}}

func (l *accessLog) parse(text []byte) {
	fields := bytes.SplitN(text, []byte(" "), 3)
	l.lines[l.next%kept] = line{unix: number(fields[0]), status: int(number(fields[1])), agent: l.intern(fields[2])}
	l.next++
}

// intern gives the one string with this text; the lookup makes none.
func (l *accessLog) intern(text []byte) string {
	if agent, ok := l.agents[string(text)]; ok {
		return agent
	}
	if len(l.agents) >= mostAgents {
		clear(l.agents)
	}
	agent := string(text)
	l.agents[agent] = agent
	return agent
}

func number(digits []byte) (n int64) {
	for _, digit := range digits {
		n = n*10 + int64(digit-'0')
	}
	return n
}

func request(n int) []byte {
	return fmt.Appendf(nil, "%d 200 Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/17.2 Safari/605.1.15",
		1_760_000_000+n, 100+n%200)
}

func main() {
	n := 0
	next := func() {
		access.parse(request(n))
		n++
	}
	zoo.Run(zoo.Program{
		Warm: func() {
			for range kept {
				next()
			}
		},
		Step: next,
		Drop: func() { access = accessLog{agents: map[string]string{}} },
	})
}
