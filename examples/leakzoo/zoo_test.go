// The zoo looked at without any tool: each leak leaks at the rate it promises and drop frees it, its twin does
// not, and both stay small.
package leakzoo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"memsnap.test/leakzoo/keeper"
	"memsnap.test/leakzoo/zoo"
)

const (
	mb      = 1 << 20
	most    = 300 * mb // resident, of any program
	leastOf = 15 * mb  // what a leak has to hold
	watched = 1500 * time.Millisecond
	patient = time.Minute // with a machine that has other work
)

func TestZoo(t *testing.T) {
	leaks, err := keeper.Leaks(".")
	if err != nil {
		t.Fatal(err)
	}
	gate := make(chan struct{}, 2)                                        // programs that run at the same time
	for _, release := range strings.Split(os.Getenv("MEMSNAP_GO"), ",") { // "": the release at hand
		for _, leak := range leaks {
			t.Run(leak.Pattern+"/"+release, func(t *testing.T) {
				t.Parallel()
				gate <- struct{}{}
				defer func() { <-gate }()
				kept := look(t, leak.Folder, release, true, leak.Grows)
				twin := look(t, leak.Healthy, release, false, leak.TwinFills)
				if !leak.TwinFills && twin > kept/2 {
					t.Errorf("the twin holds %d bytes, the leak %d", twin, kept)
				}
			})
		}
	}
}

// look runs a program for a while and gives the bytes of its measure, at the end of that while.
func look(t *testing.T, folder, release string, leaks, grows bool) uint64 {
	program, err := keeper.Build(folder, release, t.TempDir(), "program")
	if err != nil {
		t.Fatal(err)
	}
	animal, err := keeper.Start(program)
	if err != nil {
		t.Fatal(err)
	}
	defer animal.Stop()
	do := func(command string) zoo.Answer {
		t.Helper()
		answer, err := animal.Do(command)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}

	// A program that got no processor has done less work: its rate is that of the work, not of the clock.
	first, start := do("measure"), time.Now()
	time.Sleep(watched)
	second := do("measure")
	for grows && second.Worked-first.Worked < watched && time.Since(start) < patient {
		time.Sleep(watched / 10)
		second = do("measure")
	}
	seconds := time.Since(start).Seconds()
	if grows {
		seconds = (second.Worked - first.Worked).Seconds()
	}
	rate := (float64(second.Bytes) - float64(first.Bytes)) / seconds
	t.Logf("%s: %d bytes of %s, %+.2f MB/s, %d resident", folder, second.Bytes, second.Measure, rate/mb, second.Memory.RSS)
	if grows && (rate < 0.4*mb || rate > 1.6*mb) {
		t.Errorf("%s grows by %.2f MB/s, expected about 1", folder, rate/mb)
	}
	if !grows && (rate < -0.4*mb || rate > 0.3*mb) {
		t.Errorf("%s moves by %.2f MB/s, expected to stay", folder, rate/mb)
	}
	if second.Memory.RSS > most {
		t.Errorf("%s has %d bytes resident, more than %d", folder, second.Memory.RSS, most)
	}

	do("hold")
	dropped := do("drop")
	again := do("measure")
	if leaks {
		t.Logf("%s: drop frees %d bytes, %d are left", folder, dropped.Freed, dropped.Bytes)
		if dropped.Freed < leastOf {
			t.Errorf("%s: drop frees %d bytes", folder, dropped.Freed)
		}
		if more := int64(again.Bytes) - int64(dropped.Bytes); more > mb/2 {
			t.Errorf("%s: %d bytes more after the drop, so it still leaks", folder, more)
		}
	}
	profile := filepath.Join(t.TempDir(), "heap.pb.gz")
	do("profile " + profile)
	if info, err := os.Stat(profile); err != nil || info.Size() == 0 {
		t.Errorf("%s: no profile: %v", folder, err)
	}
	return second.Bytes
}

// Every program begins with what is wrong and what the twin does, and every leak has a twin.
func TestTutorial(t *testing.T) {
	leaks, err := keeper.Leaks(".")
	if err != nil {
		t.Fatal(err)
	}
	if len(leaks) != 21 {
		t.Errorf("%d leaks, expected 21", len(leaks))
	}
	for _, leak := range leaks {
		text, err := os.ReadFile(leak.Source)
		if err != nil {
			t.Fatal(err)
		}
		if leak.Rule != leak.Pattern {
			t.Errorf("%s expects the rule %s", leak.Folder, leak.Rule)
		}
		for _, words := range []string{"(pattern " + leak.Pattern + ")", "// What is wrong: ", "// What the twin does: "} {
			if !strings.Contains(string(text), words) {
				t.Errorf("%s does not say %q", leak.Source, words)
			}
		}
		twin, err := os.ReadFile(filepath.Join(leak.Healthy, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(twin), "(healthy twin of "+leak.Pattern+")") {
			t.Errorf("%s does not say whose twin it is", leak.Healthy)
		}
	}
}
