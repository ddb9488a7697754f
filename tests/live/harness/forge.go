package harness

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/zeebo/xxh3"
)

// Sizes of a snapshot file (src/snap/README.md).
const (
	headerSize  = 64
	sectionSize = 80
	nameSize    = 24
)

// Snapshot is the bytes of a snapshot file, to be changed and given valid checksums again.
type Snapshot []byte

// Section is a row of the table of sections: one column.
type Section struct {
	row []byte
}

func name(field []byte) string {
	text, _, _ := bytes.Cut(field, []byte{0})
	return string(text)
}

func (s Section) String() string {
	return fmt.Sprintf("%s.%s", name(s.row[:nameSize]), name(s.row[nameSize:2*nameSize]))
}

func (s Section) field(at int) uint64      { return binary.LittleEndian.Uint64(s.row[at:]) }
func (s Section) set(at int, value uint64) { binary.LittleEndian.PutUint64(s.row[at:], value) }
func (s Section) ElementSize() uint32      { return binary.LittleEndian.Uint32(s.row[48:]) }
func (s Section) SetElementSize(to uint32) { binary.LittleEndian.PutUint32(s.row[48:], to) }
func (s Section) Rows() uint64             { return s.field(56) }
func (s Section) SetRows(to uint64)        { s.set(56, to) }
func (s Section) Offset() uint64           { return s.field(64) }
func (s Section) SetOffset(to uint64)      { s.set(64, to) }
func (s Section) setChecksum(sum uint64)   { s.set(72, sum) }
func (s Section) inside(size uint64) bool {
	return s.Offset() <= size && s.ElementSize() != 0 && s.Rows() <= (size-s.Offset())/uint64(s.ElementSize())
}

// Values are the bytes of a column, inside the snapshot.
func (f Snapshot) Values(s Section) []byte {
	return f[s.Offset():][:s.Rows()*uint64(s.ElementSize())]
}

// SetVersion, SetSections and SetSize change the header.
func (f Snapshot) SetVersion(to uint32)  { binary.LittleEndian.PutUint32(f[8:], to) }
func (f Snapshot) SetSections(to uint32) { binary.LittleEndian.PutUint32(f[12:], to) }
func (f Snapshot) SetSize(to uint64)     { binary.LittleEndian.PutUint64(f[16:], to) }

// Sections are those that the header tells of and the file has room for.
func (f Snapshot) Sections() (sections []Section) {
	count := min(uint64(binary.LittleEndian.Uint32(f[12:])), uint64(len(f)-headerSize)/sectionSize)
	for i := range count {
		sections = append(sections, Section{f[headerSize+i*sectionSize:][:sectionSize]})
	}
	return sections
}

// Mend gives the file the checksums of what it now holds.
func (f Snapshot) Mend() {
	sections := f.Sections()
	for _, s := range sections {
		if s.inside(uint64(len(f))) {
			s.setChecksum(xxh3.Hash(f.Values(s)))
		}
	}
	binary.LittleEndian.PutUint64(f[24:], 0)
	first := xxh3.Hash(f[:headerSize])
	table := f[headerSize:][:len(sections)*sectionSize]
	binary.LittleEndian.PutUint64(f[24:], xxh3.HashSeed(table, first))
}

// CheckMend holds the checksums that Mend makes against those of memsnap.
func (f Snapshot) CheckMend(t testing.TB) {
	t.Helper()
	again := Snapshot(bytes.Clone(f))
	again.Mend()
	if !bytes.Equal(f, again) {
		t.Fatal("the checksums of a snapshot that nobody changed come out otherwise")
	}
}
