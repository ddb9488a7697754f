// Every variable that Delve shows at an address is among those of `memsnap symbolize --source-mode=inline`, in the
// same frame, with the same type and the same place.
package symbols

import (
	"bytes"
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-delve/delve/pkg/dwarf/godwarf"
	"github.com/go-delve/delve/pkg/dwarf/op"
	"github.com/go-delve/delve/pkg/dwarf/reader"
	"github.com/go-delve/delve/pkg/proc"
)

type variable struct {
	Name, Type, Location string
}

type frame struct {
	Function  string
	Line      int
	Variables []variable
}

type answers struct {
	Addresses []struct {
		Address string
		Frames  []frame
	}
}

// program is $SYMBOLS_PROGRAM, or the probe built by the go on PATH.
func program(t *testing.T) string {
	if path := os.Getenv("SYMBOLS_PROGRAM"); path != "" {
		return path
	}
	path := filepath.Join(t.TempDir(), "probe")
	if out, err := exec.Command("go", "build", "-o", path, "./probe").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	return path
}

func ask(t *testing.T, path string, pcs []uint64) answers {
	tool := os.Getenv("MEMSNAP")
	if tool == "" {
		tool = "../../build/memsnap"
	}
	var input bytes.Buffer
	for _, pc := range pcs {
		fmt.Fprintf(&input, "%#x\n", pc)
	}
	cmd := exec.Command(tool, "symbolize", "-e", path, "--source-mode=inline", "--json")
	cmd.Stdin, cmd.Stderr = &input, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all answers
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

const cfa = 1 << 32 // of the frame that Delve is told about

// text is a place as memsnap writes it.
func text(addr int64, pieces []op.Piece) string {
	names := []string{"rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"}
	memory := func(at int64) string {
		if at == cfa {
			return "[cfa]"
		}
		return fmt.Sprintf("[cfa%+d]", at-cfa)
	}
	if pieces == nil {
		return memory(addr)
	}
	var texts []string
	for _, piece := range pieces {
		switch {
		case piece.Kind == op.AddrPiece:
			texts = append(texts, memory(int64(piece.Val)))
		case piece.Kind == op.ImmPiece:
			texts = append(texts, "gone") // a piece without a place
		case piece.Val < 16:
			texts = append(texts, names[piece.Val])
		default:
			texts = append(texts, fmt.Sprintf("xmm%d", piece.Val-17))
		}
	}
	if len(texts) == 1 {
		return texts[0]
	}
	return "(" + strings.Join(texts, ", ") + ")"
}

type delve struct {
	info      *proc.BinaryInfo
	data      *dwarf.Data
	functions map[uint64]dwarf.Offset
	trees     map[uint64]*godwarf.Tree
	types     map[dwarf.Offset]godwarf.Type
}

func open(t *testing.T, path string) *delve {
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	d := &delve{functions: map[uint64]dwarf.Offset{}, trees: map[uint64]*godwarf.Tree{}, types: map[dwarf.Offset]godwarf.Type{}}
	if d.data, err = file.DWARF(); err != nil {
		t.Fatal(err)
	}
	d.info = proc.NewBinaryInfo("linux", "amd64", false)
	if err := d.info.LoadBinaryInfo(path, file.Entry, nil); err != nil {
		t.Fatal(err)
	}
	entries := d.data.Reader()
	for {
		entry, err := entries.Next()
		if err != nil {
			t.Fatal(err)
		}
		if entry == nil {
			return d
		}
		if entry.Tag == dwarf.TagSubprogram {
			if low, ok := entry.Val(dwarf.AttrLowpc).(uint64); ok {
				d.functions[low] = entry.Offset
			}
			entries.SkipChildren()
		}
	}
}

// scopes are those of the frames at this pc, the innermost first.
func (d *delve) scopes(t *testing.T, pc uint64) []*godwarf.Tree {
	fn := d.info.PCToFunc(pc)
	if fn == nil {
		return nil
	}
	offset, ok := d.functions[fn.Entry]
	if !ok {
		return nil
	}
	tree := d.trees[fn.Entry]
	if tree == nil {
		var err error
		if tree, err = godwarf.LoadTree(offset, d.data, 0); err != nil {
			t.Fatal(err)
		}
		d.trees[fn.Entry] = tree
	}
	return append(reader.InlineStack(tree, pc), tree)
}

func (d *delve) variables(t *testing.T, scope *godwarf.Tree, pc uint64, line int) []variable {
	var found []variable
	flags := reader.VariablesOnlyVisible | reader.VariablesSkipInlinedSubroutines | reader.VariablesTrustDeclLine
	for _, v := range reader.Variables(scope, pc, line, flags) {
		name, _ := v.Val(dwarf.AttrName).(string)
		// Made by the compiler, which Delve does not show either.
		if v.Tag == dwarf.TagTypedef || name == "" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") {
			continue
		}
		typ, err := v.Type(d.data, 0, d.types)
		if err != nil {
			t.Fatal(err)
		}
		one := variable{Name: name, Type: typ.Common().Name, Location: "gone"}
		regs := op.NewDwarfRegisters(0, nil, binary.LittleEndian, 16, 7, 6, 0)
		regs.CFA, regs.FrameBase = cfa, cfa
		if addr, pieces, _, err := d.info.Location(v.Tree, dwarf.AttrLocation, pc, *regs, nil); err == nil {
			one.Location = text(addr, pieces)
		}
		found = append(found, one)
	}
	return found
}

func TestEveryVariableOfDelveIsThere(t *testing.T) {
	path := program(t)
	d := open(t, path)
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	code := file.Section(".text")
	random := rand.New(rand.NewSource(1))
	var pcs []uint64
	for range 3000 {
		pcs = append(pcs, code.Addr+uint64(random.Int63n(int64(code.Size))))
	}
	asked, inlined, names, types, places := 0, 0, 0, 0, 0
	all := ask(t, path, pcs)
	if len(all.Addresses) != len(pcs) {
		t.Fatalf("%d answers to %d questions", len(all.Addresses), len(pcs))
	}
	for i, pc := range pcs {
		frames := all.Addresses[i].Frames
		scopes := d.scopes(t, pc)
		if len(scopes) == 0 || len(frames) == 0 || frames[0].Line == 0 {
			continue
		}
		if len(scopes) != len(frames) {
			t.Errorf("%#x: Delve has %d frames, memsnap %d", pc, len(scopes), len(frames))
			continue
		}
		for row, scope := range scopes {
			inlined += min(row, 1)
			for _, v := range d.variables(t, scope, pc, frames[row].Line) {
				asked++
				match := variable{}
				for _, ours := range frames[row].Variables {
					// Of several with one name in nested scopes, the one that fits.
					if ours.Name == v.Name && (match.Name == "" || ours == v) {
						match = ours
					}
				}
				if match.Name == "" {
					t.Errorf("%#x %s: %s %s is missing", pc, frames[row].Function, v.Name, v.Type)
					continue
				}
				names++
				if match.Type == v.Type {
					types++
				} else {
					t.Errorf("%#x %s: %s is of type %s, expected %s", pc, frames[row].Function, v.Name, match.Type, v.Type)
				}
				if match.Location == v.Location {
					places++
				} else {
					t.Errorf("%#x %s: %s lies at %s, expected %s", pc, frames[row].Function, v.Name, match.Location, v.Location)
				}
			}
		}
	}
	t.Logf("%d variables of Delve at %d addresses, %d callers of inlined calls: %d names, %d types, %d places are memsnap's", asked, len(pcs), inlined, names, types, places)
	if asked < 1000 {
		t.Errorf("only %d variables", asked)
	}
}
