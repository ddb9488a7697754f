// Package pprof holds `memsnap pprof` against `go tool pprof` of two releases.
package pprof

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"memsnap.test/pprof/cases"
	"memsnap.test/pprof/corpus"
	"memsnap.test/pprof/tool"
)

// What the environment chooses; see README.md.
type settings struct {
	memsnap string         // MEMSNAP
	tested  string         // MEMSNAP_PPROF_TESTED: a Go release whose pprof is tested in the place of memsnap
	oracles []string       // MEMSNAP_PPROF_ORACLES: Go releases, the newest last
	folder  string         // MEMSNAP_PPROF_FOLDER: corpus, answers of the oracles
	only    *regexp.Regexp // MEMSNAP_PPROF_RUN: fits the name or the words of a case
	show    int            // MEMSNAP_PPROF_SHOW: how many differences in full
	stderr  bool           // MEMSNAP_PPROF_STDERR: those of standard error, too
}

func environment(t *testing.T) settings {
	t.Helper()
	s := settings{
		memsnap: os.Getenv("MEMSNAP"),
		tested:  os.Getenv("MEMSNAP_PPROF_TESTED"),
		oracles: strings.Split(cmp.Or(os.Getenv("MEMSNAP_PPROF_ORACLES"), "go1.26.8,go1.27.0"), ","),
		stderr:  os.Getenv("MEMSNAP_PPROF_STDERR") != "",
		folder:  cmp.Or(os.Getenv("MEMSNAP_PPROF_FOLDER"), "../../build/pprof"),
	}
	var err error
	if s.folder, err = filepath.Abs(s.folder); err != nil {
		t.Fatal(err)
	}
	if s.memsnap == "" && s.tested == "" {
		t.Fatal("MEMSNAP is not set: the path of the memsnap to test")
	}
	if s.only, err = regexp.Compile(os.Getenv("MEMSNAP_PPROF_RUN")); err != nil {
		t.Fatal(err)
	}
	if s.show, err = strconv.Atoi(cmp.Or(os.Getenv("MEMSNAP_PPROF_SHOW"), "10")); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDiffer(t *testing.T) {
	s := environment(t)
	c, err := corpus.Write(filepath.Join(s.folder, "corpus"))
	if err != nil {
		t.Fatal(err)
	}
	d := &differ{bench: tool.Bench{Corpus: c.Folder, Rooms: filepath.Join(s.folder, "rooms"), Host: serve(t, c.Folder)}}
	for _, release := range s.oracles {
		oracle, err := tool.OpenOracle(release, filepath.Join(s.folder, "oracle"))
		if err != nil {
			t.Fatal(err)
		}
		d.oracles = append(d.oracles, oracle)
	}
	if d.modes, err = s.modes(d); err != nil {
		t.Fatal(err)
	}
	all := slices.DeleteFunc(cases.All(c), func(q cases.Case) bool {
		return !s.only.MatchString(q.Name()) && !s.only.MatchString(q.String())
	})
	outcomes, err := d.ask(all)
	for _, oracle := range d.oracles {
		if err := oracle.Save(); err != nil {
			t.Error(err)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	report(t, s, d, all, outcomes)
}

// modes are the ways in which the tested tool is asked.
func (s settings) modes(d *differ) ([]mode, error) {
	if s.tested != "" {
		oracle, err := tool.OpenOracle(s.tested, filepath.Join(s.folder, "oracle"))
		return []mode{{tool: oracle.Tool, exact: true}}, err
	}
	memsnap, err := filepath.Abs(s.memsnap)
	return []mode{
		{tool: tool.Tool{Name: "memsnap pprof --go-compat", Command: []string{memsnap, "pprof", "--go-compat"}}, exact: true},
		{tool: tool.Tool{Name: "memsnap pprof", Command: []string{memsnap, "pprof"}}},
	}, err
}

// ask asks every question of every tool, several at a time.
func (d *differ) ask(all []cases.Case) ([]outcome, error) {
	outcomes := make([]outcome, len(all)*len(d.modes))
	next := make(chan int)
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for room := range runtime.GOMAXPROCS(0) {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range next {
				if err := d.one(all[i], outcomes[i*len(d.modes):][:len(d.modes)], room); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
			}
		}()
	}
	for i := range all {
		next <- i
	}
	close(next)
	group.Wait()
	return outcomes, failed
}

// report prints the line with the counts, and the differences with the shortest questions.
func report(t *testing.T, s settings, d *differ, all []cases.Case, outcomes []outcome) {
	t.Helper()
	counts, said := map[verdict]int{}, map[bool]int{}
	families := map[string]int{}
	var wrong []outcome
	for _, o := range outcomes {
		counts[o.verdict]++
		o.stderrCounts = o.stderrCounts && o.mode.exact // our own words are our own
		if o.stderrCounts {
			said[o.stderrEqual]++
		}
		if o.verdict == unstable {
			t.Logf("unstable: %s %s", o.question.Name(), o.question)
		}
		if o.verdict == different {
			families[o.question.Family]++
			wrong = append(wrong, o)
		} else if o.stderrCounts && !o.stderrEqual {
			families["stderr of "+o.question.Family]++
			if s.stderr {
				t.Logf("stderr of %s\n%s", o.question.Name(), d.reproduce(o))
			}
		}
	}
	slices.SortStableFunc(wrong, func(a, b outcome) int { return cmp.Compare(len(a.question.String()), len(b.question.String())) })
	for i, o := range wrong {
		if i < s.show {
			t.Errorf("%s\n%s", o.question.Name(), d.reproduce(o))
		} else {
			t.Errorf("%s: %s %s", o.question.Name(), o.mode.tool.Name, o.question)
		}
	}
	asked := 0
	for _, oracle := range d.oracles {
		asked += oracle.Asked
	}
	for _, family := range slices.Sorted(keys(families)) {
		t.Logf("different in %s: %d", family, families[family])
	}
	fmt.Printf("pprof: %d cases x %d modes: %d equal, %d as documented, %d unstable, %d different; standard error with --go-compat: %d of %d equal (%d questions new to the oracles, %d where they differ)\n",
		len(all), len(d.modes), counts[equal], counts[documented], counts[unstable], counts[different], said[true], said[true]+said[false], asked, d.disagreements)
}
