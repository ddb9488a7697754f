// words

//go:build (linux && !cgo) || go1.21
// +build linux,!cgo go1.21

package p
