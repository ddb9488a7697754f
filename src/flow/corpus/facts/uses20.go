package p

import "sync"

type S struct {}
type I interface { Do() }
func (s *S) Do() { deep() }
func deep() {}
func loop(i I) { i.Do() }
func handle(w http.ResponseWriter, r *http.Request) { served() }
func served() {}
func setup() { register() }
func register() {}
func init() { setup() }
func late() {}
func early() {}
func both() {}
func main() { early(); both(); go loop(&S{}); late(); both(); http.HandleFunc("/", handle) }
