package timeafterloop

import "time"

func wait(in <-chan int, done <-chan bool) int {
	n := 0
	for {
		select {
		case v := <-in:
			n += v
		case <-done:
			return n
		case <-time.After(time.Minute): // want time-after-loop
			return -1
		}
	}
}
