package p

import "sync"

func use(x int) {}
func f(ch chan int) {
 var wg sync.WaitGroup
 for i := range 3 { for use(1); i < 2; { use(2) } }
 wg.Go(func() { use(3) })
 use(4)
 wg.Wait()
 use(5)
 go func() { use(6) }()
 use(7)
 <-ch
 use(8)
}
