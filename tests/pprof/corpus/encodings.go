package corpus

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"math/rand/v2"
)

// message is profile.proto on the wire, written field by field to be odd where encoders are not.
type message []byte

func (m *message) varint(field int, value uint64) {
	*m = binary.AppendUvarint(binary.AppendUvarint(*m, uint64(field)<<3), value)
}

func (m *message) bytes(field int, value []byte) {
	*m = append(binary.AppendUvarint(binary.AppendUvarint(*m, uint64(field)<<3|2), uint64(len(value))), value...)
}

func (m *message) packed(field int, values ...uint64) {
	var body []byte
	for _, v := range values {
		body = binary.AppendUvarint(body, v)
	}
	m.bytes(field, body)
}

func part(build func(m *message)) []byte {
	var m message
	build(&m)
	return m
}

// Fields of the messages, by the names of profile.proto.
const (
	sampleType, sample, mapping, location, function, stringTable = 1, 2, 3, 4, 5, 6
	timeNanos, durationNanos, periodType, period                 = 9, 10, 11, 12
)

type wire struct {
	message
	strings map[string]uint64
	table   []string
}

func (w *wire) string(text string) uint64 {
	if w.strings == nil {
		w.strings, w.table = map[string]uint64{"": 0}, []string{""}
	}
	if _, known := w.strings[text]; !known {
		w.strings[text] = uint64(len(w.table))
		w.table = append(w.table, text)
	}
	return w.strings[text]
}

func (w *wire) end() []byte {
	w.string("")
	for _, text := range w.table {
		w.bytes(stringTable, []byte(text))
	}
	return w.message
}

func (w *wire) valueType(field int, name, unit string) {
	w.message.bytes(field, part(func(m *message) { m.varint(1, w.string(name)); m.varint(2, w.string(unit)) }))
}

// tables writes functions and locations with the ids that `id` makes of 1, 2, 3 …
func (w *wire) tables(id func(int) uint64, names ...string) {
	w.message.bytes(mapping, part(func(m *message) {
		m.varint(1, id(1))
		m.varint(2, 0x1000)
		m.varint(3, 0x9000)
		m.varint(5, w.string("/srv/app/wire"))
		m.varint(7, 1)
	}))
	for i, name := range names {
		w.message.bytes(function, part(func(m *message) {
			m.varint(1, id(i+1))
			m.varint(2, w.string(name))
			m.varint(4, w.string("wire.go"))
		}))
		w.message.bytes(location, part(func(m *message) {
			m.varint(1, id(i+1))
			m.varint(2, id(1))
			m.varint(3, uint64(0x1100+i*16))
			m.bytes(4, part(func(line *message) { line.varint(1, id(i+1)); line.varint(2, uint64(i+1)) }))
		}))
	}
}

func dense(i int) uint64 { return uint64(i) }

var wires = map[string]func(w *wire){
	"wire-unpacked": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		w.valueType(sampleType, "cpu", "nanoseconds")
		w.tables(dense, "a", "b", "main")
		for i := range 5 {
			w.message.bytes(sample, part(func(m *message) {
				m.varint(1, uint64(i%2+1))
				m.varint(2, uint64(i+1))
				m.varint(1, 3)
				m.varint(2, uint64(i+1)*1000)
			}))
		}
	},
	"wire-mixed": func(w *wire) { // one list half packed, half not
		w.valueType(sampleType, "samples", "count")
		w.valueType(sampleType, "cpu", "nanoseconds")
		w.tables(dense, "a", "b", "main")
		w.message.bytes(sample, part(func(m *message) { m.packed(1, 1, 2); m.varint(1, 3); m.packed(2, 7); m.packed(2, 70) }))
	},
	"wire-sparse-ids": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		big := func(i int) uint64 { return uint64(i)*1000003 + 1<<40 }
		w.tables(big, "a", "b", "main")
		w.message.bytes(sample, part(func(m *message) { m.packed(1, big(1), big(3)); m.packed(2, 7) }))
		w.message.bytes(sample, part(func(m *message) { m.packed(1, big(2), big(3)); m.packed(2, 9) }))
	},
	"wire-descending-ids": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		down := func(i int) uint64 { return uint64(10 - i) }
		w.tables(down, "a", "b", "main")
		w.message.bytes(sample, part(func(m *message) { m.packed(1, down(1), down(3)); m.packed(2, 7) }))
		w.message.bytes(sample, part(func(m *message) { m.packed(1, down(2), down(2), down(3)); m.packed(2, 9) }))
	},
	"wire-samples-first": func(w *wire) {
		w.message.bytes(sample, part(func(m *message) { m.packed(2, 7); m.packed(1, 1, 3) }))
		w.tables(dense, "a", "b", "main")
		w.valueType(sampleType, "samples", "count")
	},
	"wire-unknown-fields": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		w.tables(dense, "a", "b", "main")
		w.varint(99, 5)
		w.message.bytes(98, []byte("what is this"))
		w.message.bytes(sample, part(func(m *message) { m.packed(1, 1, 3); m.packed(2, 7); m.varint(77, 1); m.bytes(78, []byte("?")) }))
	},
	"wire-long-varints": func(w *wire) { // 0 and 1 in ten bytes
		w.valueType(sampleType, "samples", "count")
		w.tables(dense, "a", "main")
		w.message.bytes(sample, part(func(m *message) {
			m.bytes(1, []byte{0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x82, 0x00})
			m.packed(2, 7)
		}))
	},
	"wire-fixed": func(w *wire) { // fields of 4 and 8 bytes that nobody knows
		w.valueType(sampleType, "samples", "count")
		w.tables(dense, "a", "main")
		w.message.bytes(sample, part(func(m *message) { m.packed(1, 1, 2); m.packed(2, 7) }))
		w.message = append(w.message, 90<<1&0x7f|0x80|5, 0x05, 1, 2, 3, 4)
		w.message = append(binary.AppendUvarint(w.message, 91<<3|1), 1, 2, 3, 4, 5, 6, 7, 8)
	},
	"wire-no-samples-no-types": func(w *wire) { w.tables(dense, "a") },
	"wire-labels": func(w *wire) { // text and number in one label, numbers with some units
		w.valueType(sampleType, "samples", "count")
		w.tables(dense, "a", "main")
		for i := range 6 {
			w.message.bytes(sample, part(func(m *message) {
				m.packed(1, 1, 2)
				m.packed(2, uint64(i+1))
				m.bytes(3, part(func(l *message) { l.varint(1, w.string("both")); l.varint(2, w.string("text")); l.varint(3, 5) }))
				m.bytes(3, part(func(l *message) { l.varint(1, w.string("n")); l.varint(3, uint64(i)) }))
				m.bytes(3, part(func(l *message) { l.varint(1, w.string("n")); l.varint(3, 9); l.varint(4, w.string("kilobytes")) }))
				m.bytes(3, part(func(l *message) { l.varint(1, w.string("unit only")); l.varint(4, w.string("bytes")) }))
				m.bytes(3, part(func(l *message) { l.varint(1, w.string("twice")); l.varint(2, w.string("x")) }))
				m.bytes(3, part(func(l *message) { l.varint(1, w.string("twice")); l.varint(2, w.string("a")) }))
				m.bytes(3, part(func(l *message) { l.varint(2, w.string("no key")) }))
			}))
		}
	},
	"wire-period": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		w.valueType(periodType, "cpu", "nanoseconds")
		w.varint(period, 10000000)
		w.varint(timeNanos, 1700000000123456789)
		w.varint(durationNanos, 1)
		w.tables(dense, "a", "main")
		w.message.bytes(sample, part(func(m *message) { m.packed(1, 1, 2); m.packed(2, 7) }))
	},
	"wire-line-without-function": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		w.tables(dense, "a", "main")
		w.message.bytes(location, part(func(m *message) {
			m.varint(1, 7)
			m.bytes(4, part(func(line *message) { line.varint(2, 12) }))
			m.bytes(4, part(func(line *message) { line.varint(1, 2); line.varint(2, 13); line.varint(3, 4) }))
			m.varint(5, 1)
		}))
		w.message.bytes(sample, part(func(m *message) { m.packed(1, 7, 2); m.packed(2, 7) }))
	},
}

// brokenWires are files that must be refused.
var brokenWires = map[string]func(w *wire){
	"bad-concatenated": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		w.varint(timeNanos, 1)
		w.varint(timeNanos, 2)
		w.tables(dense, "a")
	},
	"bad-id-0": func(w *wire) {
		w.valueType(sampleType, "s", "count")
		w.tables(func(i int) uint64 { return uint64(i - 1) }, "a", "b")
	},
	"bad-id-dup": func(w *wire) {
		w.valueType(sampleType, "s", "count")
		w.tables(func(int) uint64 { return 1 }, "a", "b")
	},
	"bad-values": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		w.tables(dense, "a")
		w.message.bytes(sample, part(func(m *message) { m.packed(1, 1); m.packed(2, 7, 8) }))
	},
	"bad-location": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		w.tables(dense, "a")
		w.message.bytes(sample, part(func(m *message) { m.packed(1, 5); m.packed(2, 7) }))
	},
	"bad-string": func(w *wire) {
		w.tables(dense, "a")
		w.message.bytes(sampleType, part(func(m *message) { m.varint(1, 900); m.varint(2, 1) }))
	},
	"bad-no-types": func(w *wire) {
		w.tables(dense, "a")
		w.message.bytes(sample, part(func(m *message) { m.packed(1, 1) }))
	},
	"bad-cut": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		w.tables(dense, "a", "b")
		w.message = append(w.message, sample<<3|2, 50, 1, 2)
	},
	"bad-group": func(w *wire) { w.valueType(sampleType, "samples", "count"); w.message = append(w.message, 15<<3|3) },
	"bad-function": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		w.tables(dense, "a")
		w.message.bytes(location, part(func(m *message) { m.varint(1, 2); m.bytes(4, part(func(l *message) { l.varint(1, 77) })) }))
	},
	"bad-mapping": func(w *wire) {
		w.valueType(sampleType, "samples", "count")
		w.message.bytes(location, part(func(m *message) { m.varint(1, 2); m.varint(2, 77) }))
	},
	"bad-first-string": func(w *wire) {
		w.message.bytes(stringTable, []byte("not empty"))
		w.valueType(sampleType, "samples", "count")
	},
	"bad-wire-type": func(w *wire) { w.message.bytes(timeNanos, []byte("x")); w.valueType(sampleType, "samples", "count") },
}

func zipped(content []byte) []byte {
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	writer.Write(content)
	writer.Close()
	return out.Bytes()
}

func (c *Corpus) encodings() error {
	for _, name := range sortedKeys(wires) {
		var w wire
		wires[name](&w)
		if err := c.add(&File{Name: name + ".pb"}, w.end()); err != nil {
			return err
		}
	}
	plain, err := inlined().plain()
	if err != nil {
		return err
	}
	half := len(plain) / 2
	if err := c.add(&File{Name: "gzip-members.pb.gz"}, append(zipped(plain[:half]), zipped(plain[half:])...)); err != nil {
		return err
	}
	return c.add(&File{Name: "raw.pb"}, plain)
}

func (b *builder) plain() ([]byte, error) {
	var out bytes.Buffer
	err := b.WriteUncompressed(&out)
	return out.Bytes(), err
}

// broken writes what must be refused, and what is none of the formats.
func (c *Corpus) broken() error {
	files := map[string][]byte{"bad-empty": {}, "bad-text": []byte("this is no profile\n"), "bad-zeros": make([]byte, 100), "bad-gzip-empty": zipped(nil),
		"bad-gzip-text": zipped([]byte("hello\n")), "bad-gzip-header": {0x1f, 0x8b}, "bad-gzip-body": append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3}, bytes.Repeat([]byte{0xff}, 40)...)}
	for name, build := range brokenWires {
		var w wire
		build(&w)
		files[name] = w.end()
	}
	plain, err := inlined().plain()
	if err != nil {
		return err
	}
	gz := zipped(plain)
	files["bad-gzip-cut"], files["bad-plain-cut"] = gz[:len(gz)/2], plain[:len(plain)*2/3]
	files["bad-gzip-tail"] = append(bytes.Clone(gz), "trailing"...)
	files["bad-gzip-sum"] = bytes.Clone(gz)
	files["bad-gzip-sum"][len(gz)-6] ^= 1
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 300)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	files["bad-noise"] = noise
	for _, name := range sortedKeys(files) {
		if err := c.add(&File{Name: name + ".pb", Broken: true}, files[name]); err != nil {
			return err
		}
	}
	return nil
}
