package capaslen

import "unsafe"

func mapped(p *byte, n int) *byte {
	b := unsafe.Slice(p, n)
	return &b[cap(b)-1]
}

func part(p *byte, n int) *byte {
	b := unsafe.Slice(p, n)[:1]
	return &b[cap(b)-1] // want cap-as-len
}
