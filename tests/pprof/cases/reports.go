package cases

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"memsnap.test/pprof/corpus"
)

// plainReports have no argument.
var plainReports = []string{"top", "text", "tree", "traces", "tags", "raw", "comments", "proto", "topproto", "callgrind", "dot"}

func good(f *corpus.File) bool { return !f.Broken && !f.Legacy }

func small(f *corpus.File) bool { return good(f) && !f.Recorded }

// reports asks for each report of each profile, without options.
func (m *maker) reports() {
	for i, f := range m.corpus.Pick(good) {
		for k, report := range plainReports {
			if (report == "text" || report == "comments") && i%4 != 0 || strings.HasPrefix(f.Name, "wire") && k%2 == i%2 && report != "raw" {
				continue
			}
			m.add(report, "-"+report, f.Name)
		}
		r := dice("peek", f.Name)
		m.add("peek", "-peek="+expression(r, f), f.Name)
		m.add("peek", "-peek="+expression(r, f), f.Name)
		m.add("peek", "-peek", ".", f.Name)
		m.add("top", "-top", "-cum", f.Name)
		for n := range f.Types {
			if n%3 == 0 {
				m.add("top", "-top", fmt.Sprintf("-sample_index=%d", n), f.Name)
			}
		}
	}
}

// filterOptions change what is counted.
var filterOptions = map[string]func(r *rand.Rand, f *corpus.File) string{
	"focus": expression, "ignore": expression, "hide": expression, "show": expression, "show_from": expression, "prune_from": expression,
	"tagfocus": tagExpression, "tagignore": tagExpression, "tagshow": keyExpression, "taghide": keyExpression, "tagroot": keyList, "tagleaf": keyList,
}

func keyExpression(r *rand.Rand, f *corpus.File) string {
	keys := append(sortedKeys(f.Labels), sortedKeys(f.Numbers)...)
	return pick(r, append(keys, ".", "b", "^$", "none")...)
}

func keyList(r *rand.Rand, f *corpus.File) string {
	keys := append(append(sortedKeys(f.Labels), sortedKeys(f.Numbers)...), "bytes")
	return pick(r, pick(r, keys...), pick(r, keys...)+","+pick(r, keys...), "missing", ",")
}

// filterReports show what a filter did.
var filterReports = []string{"-top", "-tree", "-traces", "-raw", "-tags", "-dot", "-proto", "-peek=.", "-top -cum", "-text -lines", "-callgrind", "-topproto", "-comments"}

func (m *maker) filters() {
	files := m.corpus.Pick(good)
	for n, name := range sortedKeys(filterOptions) {
		for i := range 42 {
			r := dice("filter", name, i)
			f := files[r.IntN(len(files))]
			for tries := 0; strings.HasPrefix(name, "tag") && len(f.Labels)+len(f.Numbers) == 0 && tries < 20; tries++ {
				f = files[r.IntN(len(files))]
			}
			args := strings.Fields(filterReports[(i+n)%len(filterReports)])
			args = append(args, "-"+name+"="+filterOptions[name](r, f))
			if i%3 == 0 {
				other := pick(r, sortedKeys(filterOptions)...)
				args = append(args, "-"+other+"="+filterOptions[other](r, f))
			}
			if i%7 == 0 {
				args = append(args, "-relative_percentages")
			}
			m.add("filter", append(args, f.Name)...)
		}
	}
}

// optionPool are the options of reports besides the filters.
var optionPool = []func(r *rand.Rand, f *corpus.File) string{
	func(r *rand.Rand, f *corpus.File) string { return pick(r, "-cum", "-flat") },
	func(r *rand.Rand, f *corpus.File) string {
		return pick(r, "-functions", "-filefunctions", "-files", "-lines", "-addresses")
	},
	func(r *rand.Rand, f *corpus.File) string { return pick(r, "-lines", "-addresses") },
	func(r *rand.Rand, f *corpus.File) string { return "-noinlines" },
	func(r *rand.Rand, f *corpus.File) string { return "-showcolumns" },
	func(r *rand.Rand, f *corpus.File) string {
		return "-unit=" + pick(r, "auto", "minimum", "ms", "s", "seconds", "ns", "us", "microseconds", "hrs", "days", "years", "b", "kb", "MB", "gb", "TB", "pb", "count", "furlong", "gcu", "kGCU", "", "Kilobytes")
	},
	func(r *rand.Rand, f *corpus.File) string { return "-sample_index=" + sampleIndex(r, f) },
	func(r *rand.Rand, f *corpus.File) string { return "-mean" },
	func(r *rand.Rand, f *corpus.File) string {
		return "-divide_by=" + pick(r, "2", "10", "0.5", "-1", "1e3", "3")
	},
	func(r *rand.Rand, f *corpus.File) string {
		return "-nodecount=" + pick(r, "0", "1", "3", "10", "25", "-1", "1000", "-2")
	},
	func(r *rand.Rand, f *corpus.File) string {
		return "-nodefraction=" + pick(r, "0", "0.01", "0.1", "0.5", "1", "2", "-1", ".05")
	},
	func(r *rand.Rand, f *corpus.File) string {
		return "-edgefraction=" + pick(r, "0", "0.01", "0.1", "0.5", "1", "-1")
	},
	func(r *rand.Rand, f *corpus.File) string {
		return pick(r, "-trim=false", "-trim=true", "-trim=0", "-trim")
	},
	func(r *rand.Rand, f *corpus.File) string { return "-compact_labels" },
	func(r *rand.Rand, f *corpus.File) string { return "-relative_percentages" },
	func(r *rand.Rand, f *corpus.File) string { return "-drop_negative" },
	func(r *rand.Rand, f *corpus.File) string { return "-call_tree" },
	func(r *rand.Rand, f *corpus.File) string {
		return "-trim_path=" + pick(r, "/src", "src", "/home/go/pkg/mod", "/usr/local/go/src:/home", "src/app", "/")
	},
	func(r *rand.Rand, f *corpus.File) string {
		return "-source_path=" + pick(r, "src", "/src", "/nowhere:src/app", "")
	},
	func(r *rand.Rand, f *corpus.File) string {
		return "-symbolize=" + pick(r, "none", "demangle=none", "demangle=full", "demangle=templates", "local", "fastlocal", "force:demangle=full", "demangle=default")
	},
	func(r *rand.Rand, f *corpus.File) string {
		return "-add_comment=" + pick(r, "hello", "# hidden", "two words")
	},
	func(r *rand.Rand, f *corpus.File) string { return "-buildid=" + pick(r, "abcdef", "x") },
	func(r *rand.Rand, f *corpus.File) string {
		return pick(r, "-inuse_space", "-inuse_objects", "-alloc_space", "-alloc_objects", "-contentions", "-total_delay", "-mean_delay")
	},
}

func sampleIndex(r *rand.Rand, f *corpus.File) string {
	if len(f.Types) == 0 || r.IntN(8) == 0 {
		return pick(r, "0", "1", "space", "objects", "9", "-1", "samples", "inuse_space")
	}
	return pick(r, fmt.Sprint(r.IntN(len(f.Types))), pick(r, f.Types...))
}

// optionReports and how often each is asked with random options.
var optionReports = []struct {
	words string
	times int
}{{"-top", 110}, {"-text", 30}, {"-tree", 90}, {"-peek", 50}, {"-traces", 50}, {"-tags", 40}, {"-raw", 30}, {"-proto", 30}, {"-topproto", 40}, {"-callgrind", 50}, {"-dot", 110}, {"-comments", 10}}

func (m *maker) options() {
	files := m.corpus.Pick(good)
	for _, report := range optionReports {
		for i := range report.times {
			r := dice("options", report.words, i)
			f := files[r.IntN(len(files))]
			args := []string{report.words}
			if report.words == "-peek" {
				args = []string{"-peek=" + expression(r, f)}
			}
			taken := map[string]bool{}
			for range 1 + r.IntN(4) {
				option := pick(r, optionPool...)(r, f)
				if r.IntN(6) == 0 {
					name := pick(r, sortedKeys(filterOptions)...)
					option = "-" + name + "=" + filterOptions[name](r, f)
				}
				if name, _, _ := strings.Cut(option, "="); !taken[name] {
					taken[name] = true
					args = append(args, option)
				}
			}
			m.add("options", append(args, f.Name)...)
		}
	}
	m.ways()
}

// ways are the other ways to say the same.
func (m *maker) ways() {
	for _, zone := range []string{"America/New_York", "Asia/Kolkata", "Europe/Berlin", "XYZ", "UTC"} {
		q := m.question("-top", "duration.pb.gz")
		q.Env = []string{"TZ=" + zone}
		m.ask("options", q)
	}
	for _, args := range [][]string{
		{"--top", "heaplike.pb.gz"}, {"-top=true", "heaplike.pb.gz"}, {"-top", "-sample_index", "alloc_space", "heaplike.pb.gz"}, {"--top", "--cum", "--nodecount", "3", "heaplike.pb.gz"},
		{"-top", "-cum=false", "heaplike.pb.gz"}, {"-top", "--", "heaplike.pb.gz"}, {"-top", "-cum", "-flat=false", "heaplike.pb.gz"}, {"-peek", "app", "heaplike.pb.gz"}, {"--peek=app", "heaplike.pb.gz"},
		{"-top", "-output=$TMP/out", "heaplike.pb.gz"}, {"-proto", "-output=$TMP/out.pb.gz", "heaplike.pb.gz"}, {"-proto", "-output", "$TMP/none/out", "heaplike.pb.gz"}, {"-dot", "-output=$TMP/a.dot", "heaplike.pb.gz"},
		{"-topproto", "-output=$TMP/t.pb.gz", "heaplike.pb.gz"}, {"-callgrind", "-output=$TMP/c", "heaplike.pb.gz"}, {"-top", "-tools=/bin", "one.pb.gz"}, {"-top", "-timeout=5", "-seconds=1", "one.pb.gz"},
		{"-top", "-focus=a", "-focus=app", "heaplike.pb.gz"}, {"-top", "-trim=F", "wide.pb.gz"}, {"-top", "-nodecount=0x10", "wide.pb.gz"}, {"-top", "-nodecount=1_0", "wide.pb.gz"}, {"-top", "-nodefraction=1e-1", "wide.pb.gz"},
		{"-top", "-http=", "one.pb.gz"}, {"-top", "-base=", "one.pb.gz"}, {"-raw", "-add_comment=x", "comments.pb.gz"}, {"-comments", "-add_comment=x", "comments.pb.gz"}, {"-raw", "-buildid=abc", "nomapping.pb.gz"},
	} {
		m.add("options", args...)
	}
	for _, name := range []string{"names-cpp.pb.gz", "names-mangled.pb.gz", "names-generic.pb.gz", "names-java.pb.gz"} {
		for _, mode := range []string{"none", "full", "templates", "default", "what"} {
			m.add("options", "-top", "-symbolize=demangle="+mode, name)
			m.add("options", "-raw", "-symbolize=force:demangle="+mode, name)
		}
		for _, mode := range []string{"none", "local", "fastlocal", "remote", "force"} {
			m.add("options", "-raw", "-symbolize="+mode, name)
		}
	}
}

// merges sums several profiles.
func (m *maker) merges() {
	files := m.corpus.Pick(good)
	byTypes := map[string][]*corpus.File{}
	for _, f := range files {
		byTypes[strings.Join(f.Types, ",")] = append(byTypes[strings.Join(f.Types, ",")], f)
	}
	for i := range 170 {
		r := dice("merge", i)
		args := strings.Fields(pick(r, "-top", "-raw", "-proto", "-tree", "-traces", "-tags", "-dot", "-raw", "-top -lines", "-callgrind", "-comments", "-proto", "-topproto"))
		first := files[r.IntN(len(files))]
		like := byTypes[strings.Join(first.Types, ",")]
		args = append(args, first.Name)
		for range 1 + r.IntN(4) {
			other := like[r.IntN(len(like))]
			if r.IntN(6) == 0 {
				other = files[r.IntN(len(files))]
			}
			args = append(args, other.Name)
		}
		m.add("merge", args...)
	}
	m.add("merge", append([]string{"-top"}, slices.Repeat([]string{"one.pb.gz"}, 130)...)...) // more than one chunk
	m.add("merge", append([]string{"-raw"}, slices.Repeat([]string{"one.pb.gz", "inlined.pb.gz"}, 130)...)...)
	m.add("merge", "-raw", "missing.pb.gz", "one.pb.gz")
	m.add("merge", "-raw", "one.pb.gz", "bad-cut.pb", "one.pb.gz")
	m.add("merge", "-top", "one.pb.gz", "bad-text.pb")
	m.add("merge", "-top", "units-time.pb.gz", "units-odd.pb.gz")
	m.add("merge", "-top", "one.pb.gz", "heaplike.pb.gz")
}

// bases takes one profile from another.
func (m *maker) bases() {
	files := m.corpus.Pick(good)
	for i := range 200 {
		r := dice("base", i)
		f := files[r.IntN(len(files))]
		like := m.corpus.Pick(func(o *corpus.File) bool { return good(o) && slices.Equal(o.Types, f.Types) })
		args := strings.Fields(pick(r, "-top", "-top", "-tree", "-raw", "-proto", "-traces", "-tags", "-dot", "-top -cum", "-peek=.", "-topproto", "-callgrind", "-top -drop_negative", "-dot -drop_negative"))
		args = append(args, pick(r, "-base=", "-diff_base=")+like[r.IntN(len(like))].Name)
		if r.IntN(4) == 0 {
			args = append(args, args[len(args)-1][:strings.Index(args[len(args)-1], "=")+1]+like[r.IntN(len(like))].Name)
		}
		if r.IntN(3) == 0 {
			args = append(args, "-normalize")
		}
		if r.IntN(3) == 0 {
			if option := pick(r, optionPool...)(r, f); !slices.Contains(args, option) {
				args = append(args, option)
			}
		}
		m.add("diff", append(args, f.Name)...)
	}
	m.add("diff", "-top", "-base=one.pb.gz", "-diff_base=one.pb.gz", "one.pb.gz")
	m.add("diff", "-top", "-normalize", "one.pb.gz")
	m.add("diff", "-top", "-base=missing", "one.pb.gz")
	m.add("diff", "-top", "-diff_base=bad-cut.pb", "one.pb.gz")
	m.add("diff", "-top", "-diff_base=empty.pb.gz", "-normalize", "inlined.pb.gz")
	m.add("diff", "-top", "-base=zero.pb.gz", "-normalize", "zero.pb.gz")
	m.add("diff", "-raw", "-diff_base=inlined.pb.gz", "inlined.pb.gz")
	m.add("diff", "-raw", "-base=inlined.pb.gz", "inlined.pb.gz")
}
