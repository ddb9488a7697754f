package timeafterloop

import "time"

func timer(in <-chan int, done <-chan bool) int {
	n := 0
	t := time.NewTimer(time.Minute)
	defer t.Stop()
	for {
		select {
		case v := <-in:
			n += v
		case <-done:
			return n
		case <-t.C:
			return -1
		}
	}
}

func once(in <-chan int) int {
	select {
	case v := <-in:
		return v
	case <-time.After(time.Minute):
		return -1
	}
}
