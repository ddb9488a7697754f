// An access log in memory, with the name of the browser in each line (pattern duplicate-strings).
//
// What is wrong: string(field) makes a new string per line. There are two hundred browsers and two hundred
// thousand lines.
//
// What the twin does: it keeps one string per browser in a map and uses that.
package main

import (
	"bytes"
	"fmt"

	"memsnap.test/leakzoo/zoo"
)

const kept = 200_000 // lines

type line struct {
	unix   int64
	status int
	agent  string
}

type accessLog struct {
	lines [kept]line // a ring
	next  int
}

var access accessLog // HOLDER

// parse reads "unix status agent".
func (l *accessLog) parse(text []byte) {
	fields := bytes.SplitN(text, []byte(" "), 3)
	agent := string(fields[2]) // LEAK
	l.lines[l.next%kept] = line{unix: number(fields[0]), status: int(number(fields[1])), agent: agent}
	l.next++
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
	zoo.Run(zoo.Program{
		Warm: func() {
			for n := range kept {
				access.parse(request(n))
			}
		},
		Drop: func() {
			one := map[string]string{}
			for i := range access.lines {
				agent := access.lines[i].agent
				if first, ok := one[agent]; ok {
					access.lines[i].agent = first
				} else {
					one[agent] = agent
				}
			}
		},
	})
}
