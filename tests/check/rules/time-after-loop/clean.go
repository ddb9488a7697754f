// Package timeafterloop: from Go 1.23 on a timer that nobody holds is collected before it fires.
package timeafterloop

import "time"

func Wait(in <-chan int, done <-chan bool) int {
	n := 0
	for {
		select {
		case v := <-in:
			n += v
		case <-done:
			return n
		case <-time.After(time.Minute):
			return -1
		}
	}
}
