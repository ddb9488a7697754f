// Command spinner stands in one loop, with values that a test knows.
package main

import "fmt"

type pair struct {
	name  string
	count int
}

//go:noinline
func spin(p *pair, limit uint64, text string) uint64 {
	var sum uint64
	for i := uint64(0); ; i++ {
		sum += i ^ uint64(p.count)
		if i > limit {
			fmt.Println(sum, text)
			i = 0
		}
	}
}

func main() {
	fmt.Println("ready")
	spin(&pair{"apple", 7}, 1<<62, "hello \x1b world")
}
