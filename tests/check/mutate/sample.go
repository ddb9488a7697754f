package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

// drawn is a finding of one of the modules.
type drawn struct {
	finding
	corpus string
	order  uint64
}

// tally is what one module has of lines and findings.
type tally struct {
	name                    string
	lines, errors, warnings int
}

// sample prints errors and warnings drawn at random from whole modules, with the lines around them to judge them by,
// and how many there are for a thousand lines.
func sample(args []string) error {
	flags := flag.NewFlagSet("sample", flag.ExitOnError)
	memsnap := flags.String("memsnap", "memsnap", "the program")
	count := flags.Int("count", 100, "findings to print")
	seed := flags.String("seed", "", "of the draw: the hash of a commit")
	_ = flags.Parse(args)
	var all []drawn
	var tallies []tally
	where := folders(flags.Args())
	for _, arg := range flags.Args() {
		name, folder, _ := strings.Cut(arg, "=")
		found, lines, err := checkAll(*memsnap, folder)
		if err != nil {
			return err
		}
		t := tally{name: name, lines: lines}
		for _, one := range found {
			switch one.Level {
			case "error":
				t.errors++
			case "warning":
				t.warnings++
			}
			hash := fnv.New64a()
			fmt.Fprintf(hash, "%s %s %s %d %s", *seed, name, one.File, one.Line, one.Rule)
			all = append(all, drawn{one, name, hash.Sum64()})
		}
		tallies = append(tallies, t)
	}
	printTallies(tallies)
	printRules(all)
	sort.Slice(all, func(i, j int) bool { return all[i].order < all[j].order })
	for i, one := range all[:min(*count, len(all))] {
		fmt.Printf("\n%d. %s %s/%s:%d %s: %s\n", i+1, one.Level, one.corpus, one.File, one.Line, one.Rule, one.Title)
		printLines(filepath.Join(where[one.corpus], one.File), one.Line)
	}
	return nil
}

func checkAll(memsnap, folder string) ([]finding, int, error) {
	cmd := exec.Command(memsnap, "check", "--json", "--fail-on=none", "./...")
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, 0, fmt.Errorf("%s in %s: %w", strings.Join(cmd.Args, " "), folder, err)
	}
	var answer struct {
		Lines    int
		Findings []finding
	}
	err = json.Unmarshal(out, &answer)
	return answer.Findings, answer.Lines, err
}

func printTallies(tallies []tally) {
	sum := tally{name: "all"}
	for _, t := range tallies {
		sum.lines, sum.errors, sum.warnings = sum.lines+t.lines, sum.errors+t.errors, sum.warnings+t.warnings
	}
	fmt.Printf("%-14s %9s %7s %9s %9s\n", "module", "lines", "errors", "warnings", "per kloc")
	for _, t := range append(tallies, sum) {
		density := 1000 * float64(t.errors+t.warnings) / float64(max(t.lines, 1))
		fmt.Printf("%-14s %9d %7d %9d %9.3f\n", t.name, t.lines, t.errors, t.warnings, density)
	}
}

func printRules(all []drawn) {
	byRule := map[string]int{}
	for _, one := range all {
		byRule[one.Rule]++
	}
	var names []string
	for name := range byRule {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return byRule[names[i]] > byRule[names[j]] })
	for _, name := range names {
		fmt.Printf("%6d %s\n", byRule[name], name)
	}
}

// printLines shows twelve lines around one, and marks it.
func printLines(path string, line int) {
	text, err := os.ReadFile(path)
	if err != nil {
		return
	}
	lines := strings.Split(string(text), "\n")
	for i := max(line-7, 0); i < min(line+5, len(lines)); i++ {
		mark := ' '
		if i+1 == line {
			mark = '>'
		}
		fmt.Printf("  %c %5d %s\n", mark, i+1, lines[i])
	}
}
