package main

import (
	"encoding/binary"
	"io"

	"github.com/google/pprof/profile"
)

// protoWriter writes profile.proto message by message, so that a profile of any size needs no memory here.
type protoWriter struct {
	out     io.Writer
	strings map[string]int64
	table   []string
	message []byte
	packed  []byte
}

func (w *protoWriter) text(s string) int64 {
	id, ok := w.strings[s]
	if !ok {
		id = int64(len(w.table))
		w.strings[s] = id
		w.table = append(w.table, s)
	}
	return id
}

func (w *protoWriter) number(field int, value uint64) {
	w.message = binary.AppendUvarint(w.message, uint64(field)<<3)
	w.message = binary.AppendUvarint(w.message, value)
}

func (w *protoWriter) bytes(field int, value []byte) {
	w.message = binary.AppendUvarint(w.message, uint64(field)<<3|2)
	w.message = binary.AppendUvarint(w.message, uint64(len(value)))
	w.message = append(w.message, value...)
}

// end puts what was collected into the profile, as a message of its own.
func (w *protoWriter) end(field int) {
	head := binary.AppendUvarint(nil, uint64(field)<<3|2)
	head = binary.AppendUvarint(head, uint64(len(w.message)))
	w.out.Write(head)
	w.out.Write(w.message)
	w.message = w.message[:0]
}

func (w *protoWriter) tables(p *profile.Profile) {
	for _, t := range []struct{ name, unit string }{
		{"alloc_objects", "count"}, {"alloc_space", "bytes"}, {"inuse_objects", "count"}, {"inuse_space", "bytes"},
	} {
		w.number(1, uint64(w.text(t.name)))
		w.number(2, uint64(w.text(t.unit)))
		w.end(1)
	}
	for _, m := range p.Mapping {
		w.number(1, m.ID)
		w.number(2, m.Start)
		w.number(3, m.Limit)
		w.number(5, uint64(w.text(m.File)))
		w.number(7, 1)
		w.end(3)
	}
	for _, f := range p.Function {
		w.number(1, f.ID)
		w.number(2, uint64(w.text(f.Name)))
		w.number(3, uint64(w.text(f.SystemName)))
		w.number(4, uint64(w.text(f.Filename)))
		w.number(5, uint64(f.StartLine))
		w.end(5)
	}
	for _, l := range p.Location {
		w.number(1, l.ID)
		w.number(2, l.Mapping.ID)
		w.number(3, l.Address)
		for _, line := range l.Line {
			var body []byte
			body = binary.AppendUvarint(append(body, 1<<3), line.Function.ID)
			body = binary.AppendUvarint(append(body, 2<<3), uint64(line.Line))
			w.bytes(4, body)
		}
		w.end(4)
	}
}

func (w *protoWriter) sample(stack []uint64, values []int64, labels bool, size int64) {
	w.packed = w.packed[:0]
	for _, id := range stack {
		w.packed = binary.AppendUvarint(w.packed, id)
	}
	w.bytes(1, w.packed)
	w.packed = w.packed[:0]
	for _, value := range values {
		w.packed = binary.AppendUvarint(w.packed, uint64(value))
	}
	w.bytes(2, w.packed)
	if labels {
		label := binary.AppendUvarint([]byte{1 << 3}, uint64(w.text("bytes")))
		label = binary.AppendUvarint(append(label, 3<<3), uint64(size))
		w.bytes(3, label)
	}
	w.end(2)
}

func (w *protoWriter) finish() {
	for _, s := range w.table {
		w.out.Write(binary.AppendUvarint([]byte{6<<3 | 2}, uint64(len(s))))
		io.WriteString(w.out, s)
	}
}
