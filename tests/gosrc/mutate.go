package main

import (
	"fmt"
	"go/scanner"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Bytes that begin or end something, or that no source may hold.
var scraps = []string{"(", ")", "[", "]", "{", "}", ";", ",", ".", ":", "=", ":=", "<-", "*", "&", "|", "~", "...", "\"",
	"'", "`", "/*", "//", "\\", "\n", "0x", "1_", "0b2", "1e", "'\\x'", "é", "\x00", "\xff", "\ufeff", "func", "type",
	"chan", "range", "case", "if", "x", "[]", "interface{", "go", "struct{"}

type span struct{ from, to int }

func tokens(source []byte) (all []span) {
	files := token.NewFileSet()
	file := files.AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(file, source, nil, 0)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return all
		}
		if lit == "" {
			lit = tok.String()
		}
		if from := file.Offset(pos); lit != "\n" && from+len(lit) <= len(source) {
			all = append(all, span{from, from + len(lit)})
		}
	}
}

// One to three changes of whole tokens, so that most mutants are nearly Go.
func mutant(source []byte, random *rand.Rand) []byte {
	for range 1 + random.IntN(3) {
		all := tokens(source)
		if len(all) == 0 {
			return source
		}
		at, other := all[random.IntN(len(all))], all[random.IntN(len(all))]
		word := source[other.from:other.to]
		switch random.IntN(5) {
		case 0: // a token goes
			word = nil
		case 1: // one more
			word = append(append([]byte{}, word...), source[at.from:at.to]...)
		case 2: // a scrap in its place
			word = []byte(scraps[random.IntN(len(scraps))])
		case 3: // a scrap before it
			word = append([]byte(scraps[random.IntN(len(scraps))]), source[at.from:at.to]...)
		} // else one token in place of another
		source = append(append(append([]byte{}, source[:at.from]...), word...), source[at.to:]...)
	}
	return source
}

// Writes count mutants of the files into a folder; the same ones for the same seed.
func writeMutants(folder string, files []string, count int, seed uint64) error {
	random := rand.New(rand.NewPCG(seed, 1))
	const most = 8 << 10 // bytes: large files make no better mutants
	for i := 0; i < count; {
		source, err := os.ReadFile(files[random.IntN(len(files))])
		if err != nil {
			return err
		}
		if len(source) > most {
			continue
		}
		name := filepath.Join(folder, fmt.Sprintf("%06d.go", i))
		if err := os.WriteFile(name, mutant(source, random), 0o644); err != nil {
			return err
		}
		i++
	}
	return nil
}
