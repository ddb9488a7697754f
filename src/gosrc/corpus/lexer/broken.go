package p
func f( {
 if x == T{} {
	x = = 1_ + 0b2 + "a
}
func g() { y := ÿ }
func (