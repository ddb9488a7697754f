// The catalogue of ../leak as structs (healthy twin of map-boxed-values).
//
// One map[string]any stays, as in many programs: the settings, whose shape is not known.
package main

import (
	"encoding/json"
	"fmt"
	"log"

	"memsnap.test/leakzoo/zoo"
)

type product struct {
	SKU    string  `json:"sku"`
	Name   string  `json:"name"`
	Price  float64 `json:"price"`
	Weight float64 `json:"weight"`
	Stock  float64 `json:"stock"`
	Height float64 `json:"height"`
}

var (
	catalogue = map[int]*product{}
	settings  map[string]any
)

func load(number int, document []byte) error {
	p := new(product)
	if err := json.Unmarshal(document, p); err != nil {
		return fmt.Errorf("product %d: %w", number, err)
	}
	catalogue[number] = p
	return nil
}

func document(number int) []byte {
	return fmt.Appendf(nil, `{"sku":"A-%06d","name":"Product %d","price":%d.5,"weight":%d.25,"stock":%d,"height":%d.75}`,
		number, number, number%500, number%90, number%77, number%200)
}

func main() {
	zoo.Run(zoo.Program{
		Warm: func() {
			if err := json.Unmarshal([]byte(`{"currency":"EUR","limits":{"cart":50,"order":10},"beta":["search"]}`), &settings); err != nil {
				log.Fatal(err)
			}
			for number := range 60_000 {
				if err := load(number, document(number)); err != nil {
					log.Fatal(err)
				}
			}
		},
		Drop: func() { catalogue = nil },
	})
}
