// A collector of sensor readings that reserves a day per device (pattern slice-capacity-slack).
//
// What is wrong: each device gets room for a reading per 20 seconds of a day. Most of them send one per hour.
// The room is taken from the heap whether it is written or not.
//
// What the twin does: it lets append grow the slice, which never takes more than twice what is there.
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

const perDay = 4_320

var devices = map[string]*device{} // HOLDER

func register(name string) *device {
	d := &device{name: name, readings: make([]reading, 0, perDay)} // LEAK
	devices[name] = d
	return d
}

func main() {
	zoo.Run(zoo.Program{
		Warm: func() {
			for i := range 400 {
				d := register(fmt.Sprintf("meter-%04d", i))
				for hour := range 24 {
					d.readings = append(d.readings, reading{unix: int64(hour * 3600), value: 20.5})
				}
			}
		},
		Drop: func() {
			for _, d := range devices {
				d.readings = append([]reading(nil), d.readings...)
			}
		},
	})
}
