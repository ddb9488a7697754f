// memsnap doctor on every leak of the zoo and on its healthy twin, with each Go release of MEMSNAP_GO.
package live

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"memsnap.test/leakzoo/keeper"
	"memsnap.test/live/harness"
)

func TestZoo(t *testing.T) {
	leaks, err := keeper.Leaks(harness.Zoo)
	if err != nil {
		t.Fatal(err)
	}
	harness.Tool(t)
	runs := harness.Count(t, "MEMSNAP_RUNS", 1)
	for _, release := range harness.Releases() {
		for _, leak := range leaks {
			t.Run(leak.Pattern+"/"+harness.ReleaseName(release), func(t *testing.T) {
				t.Parallel()
				harness.Enter(t)
				folder := t.TempDir()
				sick, err := keeper.Build(leak.Folder, release, folder, "leak")
				if err != nil {
					t.Fatal(err)
				}
				twin, err := keeper.Build(leak.Healthy, release, folder, "healthy")
				if err != nil {
					t.Fatal(err)
				}
				for run := range runs {
					t.Run(fmt.Sprint("leak", run+1), func(t *testing.T) { checkLeak(t, leak, sick) })
					t.Run(fmt.Sprint("healthy", run+1), func(t *testing.T) { checkTwin(t, twin) })
				}
			})
		}
	}
}

// work is what a leak did while the doctor looked at it. On a busy machine it gets less done than about 1 MB/s, and
// more of that behind the last capture.
type work struct {
	pace  float64 // seconds of work in a second
	after float64 // bytes that came behind the last capture, beyond what a report takes on an idle machine
}

// looked is how long the captures take, and what comes before and behind them on an idle machine.
const looked = 6.5

func workOf(done time.Duration, seconds float64) work {
	pace := done.Seconds() / seconds
	return work{pace: pace, after: 1e6 * pace * max(0, seconds-looked)}
}

func checkLeak(t *testing.T, leak keeper.Expect, program string) {
	animal := start(t, program)
	began := time.Now()
	report := harness.Doctor(t, strconv.Itoa(animal.PID))
	held, err := animal.Do("hold")
	if err != nil {
		t.Fatal(err)
	}
	did := workOf(held.Worked, time.Since(began).Seconds())
	dropped, err := animal.Do("drop")
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Findings) == 0 {
		t.Fatal("no finding")
	}
	first := report.Findings[0]
	for _, problem := range compare(leak, first, dropped.Freed, did) {
		t.Error(problem)
	}
	if t.Failed() {
		for i, finding := range report.Findings {
			t.Logf("finding %d: %s", i+1, finding.Words())
		}
		return
	}
	t.Logf("%s %s: retained %d, drop freed %d (%+.1f %%), pace %.2f", first.Severity, first.Confidence,
		first.RetainedBytes, dropped.Freed, 100*(float64(first.RetainedBytes)/float64(dropped.Freed)-1), did.pace)
}

// compare says in what a finding differs from what is expected of it.
func compare(leak keeper.Expect, first harness.Finding, freed int64, did work) (problems []string) {
	wrong := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if first.Pattern != leak.Pattern || first.Rule != leak.Rule {
		wrong("the first finding is %s by rule %s, expected %s", first.Pattern, first.Rule, leak.Rule)
	}
	if !first.Loud() {
		wrong("severity %s, expected medium or high", first.Severity)
	}
	if leak.Root != "" && !isRoot(first.Holder.Root, leak.Root) {
		wrong("holder.root is %q, expected %q", first.Holder.Root, leak.Root)
	}
	// Go's DWARF does not say where a variable is declared, so a report may be silent about it, but not wrong.
	if first.Holder.Line != 0 && leak.HolderLine != 0 &&
		(first.Holder.Line != leak.HolderLine || !ofProgram(leak, first.Holder.File)) {
		wrong("the holder is declared at %s:%d, expected line %d", first.Holder.File, first.Holder.Line, leak.HolderLine)
	}
	if leak.Function != "" && !hasSite(leak, first) {
		wrong("no site is %s, line %d: %+v", leak.Function, leak.Line, first.Sites)
	}
	least, most := 0.9*float64(freed), 1.1*float64(freed)
	if leak.Grows {
		least -= did.after
	}
	if bytes := float64(first.RetainedBytes); bytes < least || bytes > most {
		share := bytes / float64(freed)
		wrong("retained_bytes is %d, but dropping the leak freed %d (%+.1f %%)", first.RetainedBytes, freed, 100*(share-1))
	}
	switch {
	case leak.Grows && first.Growth == nil:
		wrong("it grows by about 1 MB/s, and the finding does not say so")
	case leak.Grows && (*first.Growth < 0.4e6*did.pace || *first.Growth > 2e6):
		wrong("it grows by about %.2f MB/s, and the finding says %.0f bytes/s", did.pace, *first.Growth)
	}
	return problems
}

// isRoot: a root may name a variable of the frame, or a field, behind what is expected.
func isRoot(root, expected string) bool {
	rest, ok := strings.CutPrefix(root, expected)
	return ok && (rest == "" || strings.ContainsRune(" .([", rune(rest[0])))
}

func ofProgram(leak keeper.Expect, file string) bool {
	return strings.HasSuffix(file, filepath.Join(leak.Pattern, "leak", "main.go"))
}

func hasSite(leak keeper.Expect, finding harness.Finding) bool {
	for _, site := range finding.Sites {
		if site.Function == leak.Function && site.Line == leak.Line && ofProgram(leak, site.File) {
			return true
		}
	}
	return false
}

func checkTwin(t *testing.T, program string) {
	animal := start(t, program)
	report := harness.Doctor(t, strconv.Itoa(animal.PID))
	for _, finding := range report.Findings {
		if finding.Loud() {
			t.Errorf("a healthy program is accused: %s", finding.Words())
		}
	}
}

func start(t *testing.T, program string) *keeper.Animal {
	t.Helper()
	animal, err := keeper.Start(program)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(animal.Stop)
	return animal
}
