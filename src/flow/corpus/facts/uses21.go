package p

import "sync"

type Leaf struct { x int }
type Mid struct { leaves map[string]*Leaf }
type Other struct { y int }
var root []Mid
type Main struct { z int }
func New() *Main { return nil }
func main() { s := New(); _ = s; var o Other2; _ = o }
type Other2 struct { u int }
