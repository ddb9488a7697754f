package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"sync"
)

type finding struct {
	Rule  string
	Level string
	File  string
	Line  int
	Title string
}

// outcome is what memsnap said of a mutant.
type outcome struct {
	found bool
	other string // a new error or warning of another rule in the same place
	err   error
}

func runMutants(args []string) error {
	flags := flag.NewFlagSet("run", flag.ExitOnError)
	memsnap := flags.String("memsnap", "memsnap", "the program")
	only := flags.String("only", "", "operators to run, by commas; all when empty")
	missed := flags.String("misses", "", "file for the mutants that are not found")
	goal := flags.Float64("goal", 0, "fail when less than this part of all mutants is found")
	_ = flags.Parse(args)
	if flags.NArg() < 2 {
		return fmt.Errorf("run: want the file of mutants and NAME=FOLDER for each module")
	}
	text, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return err
	}
	var mutants []mutant
	if err := json.Unmarshal(text, &mutants); err != nil {
		return err
	}
	where := folders(flags.Args()[1:])
	outcomes := make([]outcome, len(mutants))
	byCorpus := map[string][]int{}
	for i, one := range mutants {
		if *only == "" || strings.Contains(","+*only+",", ","+one.Operator+",") {
			byCorpus[one.Corpus] = append(byCorpus[one.Corpus], i)
		} else {
			mutants[i].Operator = ""
		}
	}
	var wait sync.WaitGroup
	slots := make(chan struct{}, 2)
	for name, chosen := range byCorpus {
		wait.Add(1)
		go func() {
			defer wait.Done()
			slots <- struct{}{}
			r := runner{*memsnap, where[name], map[string]map[string]int{}}
			for _, i := range chosen {
				outcomes[i] = r.run(mutants[i])
			}
			<-slots
		}()
	}
	wait.Wait()
	return report(mutants, outcomes, *missed, *goal)
}

// runner checks the mutants of one module.
type runner struct {
	memsnap string
	folder  string
	before  map[string]map[string]int // findings of the clean package, by folder
}

func (r *runner) run(m mutant) outcome {
	if r.before[m.Package] == nil {
		clean, err := r.check(m.Package)
		if err != nil {
			return outcome{err: err}
		}
		r.before[m.Package] = map[string]int{}
		for _, one := range clean {
			r.before[m.Package][key(one)]++
		}
	}
	path := filepath.Join(r.folder, m.File)
	kept, err := os.ReadFile(path)
	if err != nil {
		return outcome{err: err}
	}
	if err := os.WriteFile(path, []byte(m.Text), 0o644); err != nil {
		return outcome{err: err}
	}
	after, err := r.check(m.Package)
	if back := os.WriteFile(path, kept, 0o644); err == nil {
		err = back
	}
	if err != nil {
		return outcome{err: err}
	}
	return r.judge(m, after)
}

func (r *runner) judge(m mutant, after []finding) outcome {
	var result outcome
	seen := map[string]int{}
	for _, one := range after {
		seen[key(one)]++
		if seen[key(one)] <= r.before[m.Package][key(one)] {
			continue
		}
		inside := false
		for _, p := range m.Places {
			inside = inside || (p.File == one.File && p.From <= one.Line && one.Line <= p.To)
		}
		expected := false
		for _, rule := range m.Rules {
			expected = expected || rule == one.Rule
		}
		if inside && expected {
			result.found = true
		} else if one.Level != "note" {
			result.other = fmt.Sprintf("%s:%d %s", one.File, one.Line, one.Rule)
		}
	}
	return result
}

// key is a finding's identity: lines stay where they are in a mutant.
func key(one finding) string { return fmt.Sprintf("%s:%d %s", one.File, one.Line, one.Rule) }

func (r *runner) check(folder string) ([]finding, error) {
	cmd := exec.Command(r.memsnap, "check", "--json", "--notes", "--fail-on=none", "./"+folder)
	cmd.Dir = r.folder
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, stderr.String())
	}
	var answer struct{ Findings []finding }
	err = json.Unmarshal(out, &answer)
	return answer.Findings, err
}

func report(mutants []mutant, outcomes []outcome, missed string, goal float64) error {
	var misses strings.Builder
	var failed error
	found, all := map[bool]int{}, map[bool]int{}
	fmt.Printf("%-20s %8s %6s %7s %6s  %s\n", "operator", "mutants", "found", "recall", "other", "mistake")
	for _, op := range operators {
		n, hits, others := 0, 0, 0
		var lines []string
		for i, one := range mutants {
			if one.Operator != op.name {
				continue
			}
			if outcomes[i].err != nil {
				failed = outcomes[i].err
			}
			n++
			switch {
			case outcomes[i].found:
				hits++
				continue
			case outcomes[i].other != "":
				others++
			}
			lines = append(lines, fmt.Sprintf("%s %s/%s:%d: %s  [%s]\n", op.name, one.Corpus, one.File, one.Line,
				one.Before, outcomes[i].other))
		}
		if n == 0 {
			continue
		}
		sort.Strings(lines)
		misses.WriteString(strings.Join(lines, ""))
		fmt.Printf("%-20s %8d %6d %6.0f%% %6d  %s\n", op.name, n, hits, 100*float64(hits)/float64(n), others, op.what)
		found[notes[op.name]] += hits
		all[notes[op.name]] += n
	}
	for _, note := range []bool{false, true} {
		what := map[bool]string{false: "errors and warnings", true: "notes"}[note]
		fmt.Printf("%-20s %8d %6d %6.0f%%\n", what, all[note], found[note], 100*float64(found[note])/float64(max(all[note], 1)))
	}
	total, hits := all[false]+all[true], found[false]+found[true]
	recall := float64(hits) / float64(max(total, 1))
	fmt.Printf("%-20s %8d %6d %6.0f%%\n", "all", total, hits, 100*recall)
	if missed != "" {
		if err := os.WriteFile(missed, []byte(misses.String()), 0o644); err != nil {
			return err
		}
	}
	if failed == nil && recall < goal {
		failed = fmt.Errorf("recall %.2f is below the goal of %.2f", recall, goal)
	}
	return failed
}
