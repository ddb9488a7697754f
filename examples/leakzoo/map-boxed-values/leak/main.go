// A product catalogue kept as decoded JSON (pattern map-boxed-values).
//
// What is wrong: each product is a map[string]any. For six fields that is a header, a group of slots, a string
// for every key and a box for every number and text, five times what the data take. The shape is the same for
// all products, and known.
//
// What the twin does: it decodes into a struct.
package main

import (
	"encoding/json"
	"fmt"
	"log"

	"memsnap.test/leakzoo/zoo"
)

var catalogue = map[int]map[string]any{} // HOLDER

// load decodes a product as the supplier sends it.
func load(number int, document []byte) error {
	var product map[string]any
	if err := json.Unmarshal(document, &product); err != nil { // LEAK
		return fmt.Errorf("product %d: %w", number, err)
	}
	catalogue[number] = product
	return nil
}

func document(number int) []byte {
	return fmt.Appendf(nil, `{"sku":"A-%06d","name":"Product %d","price":%d.5,"weight":%d.25,"stock":%d,"height":%d.75}`,
		number, number, number%500, number%90, number%77, number%200)
}

// product is what the documents say.
type product struct {
	sku, name                    string
	price, weight, stock, height float64
}

var typed map[int]*product

func main() {
	zoo.Run(zoo.Program{
		Warm: func() {
			for number := range 60_000 {
				if err := load(number, document(number)); err != nil {
					log.Fatal(err)
				}
			}
		},
		Drop: func() {
			typed = make(map[int]*product, len(catalogue))
			for number, p := range catalogue {
				typed[number] = &product{sku: p["sku"].(string), name: p["name"].(string), price: p["price"].(float64),
					weight: p["weight"].(float64), stock: p["stock"].(float64), height: p["height"].(float64)}
			}
			catalogue = nil
		},
	})
}
