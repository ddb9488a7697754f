package a

//memsnap:ignore map-grow-only,nil-map-write the set is fixed
var seen = map[string]int{}

func f() { //nolint:append-alias // why
	seen["a"] = 1 //memsnap:ignore nil-map-write
	seen["b"] = 1 //nolint
	seen["c"] = 1 //memsnap:ignore
	//memsnap:ignore no-such-rule it is a test
}
