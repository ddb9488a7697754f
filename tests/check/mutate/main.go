// Command mutate makes mistakes in clean Go code and measures how many of them memsnap check finds.
//
//	mutate make -count 40 -first 4 -o mutants.json NAME=FOLDER...
//	mutate run -memsnap FILE -misses FILE mutants.json NAME=FOLDER...
//	mutate sample -memsnap FILE -seed COMMIT NAME=FOLDER...
//
// The folders are copies of modules that it may write to: run swaps one file at a time, and puts it back.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: mutate make|run|sample [flags] NAME=FOLDER...")
		os.Exit(2)
	}
	var err error
	switch os.Args[1] {
	case "make":
		err = makeMutants(os.Args[2:])
	case "run":
		err = runMutants(os.Args[2:])
	case "sample":
		err = sample(os.Args[2:])
	default:
		err = fmt.Errorf("%s: want make, run or sample", os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func makeMutants(args []string) error {
	flags := flag.NewFlagSet("make", flag.ExitOnError)
	count := flags.Int("count", 40, "mutants of each operator")
	first := flags.Int("first", 4, "folders that are all looked at; the others only for what is missing then")
	seed := flags.Uint64("seed", 1, "of the choice among sites")
	out := flags.String("o", "mutants.json", "file to write")
	verbose := flags.Bool("v", false, "say why mutants do not compile")
	_ = flags.Parse(args)
	m := maker{count: *count, seed: *seed, sites: map[string]int{}, broken: map[string]int{}, verbose: *verbose}
	for i, arg := range flags.Args() {
		if i >= *first && m.complete() {
			break
		}
		name, folder, _ := strings.Cut(arg, "=")
		if err := m.add(name, folder, i >= *first); err != nil {
			return err
		}
		if i+1 >= *first {
			m.choose()
		}
	}
	for _, op := range operators {
		fmt.Printf("%-20s %6d sites %4d mutants, %d do not compile\n", op.name, m.sites[op.name], m.kept(op.name),
			m.broken[op.name])
	}
	text, err := json.MarshalIndent(m.mutants, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(*out, text, 0o644)
}

// folders reads NAME=FOLDER arguments.
func folders(args []string) map[string]string {
	all := map[string]string{}
	for _, arg := range args {
		name, folder, _ := strings.Cut(arg, "=")
		all[name] = folder
	}
	return all
}
