// The collector of ../leak, which lets append decide (healthy twin of slice-capacity-slack).
package main

import (
	"fmt"

	"memsnap.test/leakzoo/zoo"
)

type reading struct {
	unix  int64
	value float64
}

type device struct {
	name     string
	readings []reading
}

var devices = map[string]*device{}

func register(name string) *device {
	d := &device{name: name}
	devices[name] = d
	return d
}

func main() {
	zoo.Run(zoo.Program{
		Warm: func() {
			for i := range 400 {
				d := register(fmt.Sprintf("meter-%04d", i))
				for n := range 24 + i*2 {
					d.readings = append(d.readings, reading{unix: int64(n * 20), value: 20.5})
				}
			}
		},
		Drop: func() { clear(devices) },
	})
}
