package cases

import (
	"strings"

	"memsnap.test/pprof/corpus"
	"memsnap.test/pprof/tool"
)

func (m *maker) question(args ...string) tool.Question { return tool.Question{Args: args} }

// text asks about the formats from before profile.proto.
func (m *maker) text() {
	for i, f := range m.corpus.Pick(func(f *corpus.File) bool { return f.Legacy }) {
		m.add("legacy", "-raw", f.Name)
		m.add("legacy", "-top", f.Name)
		if f.Broken {
			continue
		}
		r := dice("legacy", f.Name)
		m.add("legacy", "-proto", f.Name)
		m.add("legacy", "-traces", f.Name)
		m.add("legacy", "-top", "-addresses", f.Name)
		m.add("legacy", pick(r, "-tree", "-dot", "-tags", "-callgrind", "-topproto", "-peek=."), f.Name)
		m.add("legacy", pick(r, "-tree", "-dot", "-raw", "-tags"), pick(r, optionPool...)(r, f), f.Name)
		if i%3 == 0 {
			m.add("legacy", "-raw", f.Name, f.Name)
			m.add("legacy", "-top", "-symbolize=none", f.Name)
		}
	}
	m.add("legacy", "-raw", "cppbench.cpu", "gobench.cpu")
	m.add("legacy", "-raw", "gobench.cpu", "cppbench.cpu")
	m.add("legacy", "-top", "-base=text-heap", "text-heap-v2")
	m.add("legacy", "-top", "-all_frames", "dropframes.pb.gz")
	m.add("legacy", "-raw", "-all_frames", "keepframes.pb.gz")
}

// sessions are fed to the shell as they stand, each of one profile.
var sessions = []string{
	"top", "top5", "top 5", "top 3 -cum", "text 4", "tree 5", "traces", "tags", "raw", "comments", "peek main", "peek app.f", "list Run", "dot", "callgrind", "proto", "topproto",
	"top\ntop -cum\nquit\ntop", "exit", "q", "quit", "o", "options", "help", "help top", "help focus", "help nothing", "help list", "help sample_index", "help granularity", "help cum", "help :",
	"focus=app\ntop\no", "focus=app\nignore=f1\nhide=main\ntop\n:\ntop\no", "nodecount=3\ntop\ntree", "cum\ntop\nflat\ntop", "sort=cum\ntop\no", "sort=nothing\ntop", "granularity=lines\ntop", "granularity=x\ntop", "lines\ntop\nfiles\ntop\naddresses\ntop\nfunctions\ntop\nfilefunctions\ntop",
	"lines=1\ntop", "lines=true\ntop", "lines=0\ntop", "cum=no\ntop", "trim=false\ntop", "trim\no", "trim=maybe", "mean\ntop", "mean=1\ntop\nmean=0\ntop", "unit=kb\ntop", "unit=auto\ntop", "divide_by=2\ntop", "divide_by=0\ntop", "divide_by=x", "nodecount=x", "nodefraction=0.5\ntop", "nodefraction=\ntop", "nodecount=\no",
	"sample_index=0\ntop", "sample_index=1\ntop\no", "sample_index=nothing\ntop", "sample_index=", "sample_index", "inuse_space\ntop", "samples\ntop", "total_samples\ntop", "mean_cpu\ntop", "cpu\ntop\no", "total_cpu\no", "alloc_objects\ntop3", "mean_inuse_space\ntop3", "total_delay\ntop3",
	"focus", "focus=", "unit", "hide", "output=$TMP/o1\ntop\no", "top >$TMP/o2", "top > $TMP/o3", "top >", "top 3 >$TMP/o4 app", "traces >$TMP/o5\ntags >$TMP/o6", "proto >$TMP/p.pb.gz", "top app -f1", "top app.f1 app.f2", "top -app", "top 2 app -main -cum", "top --cum", "top -", "tree app", "peek", "list", "weblist", "disasm",
	"peek [", "top [", "focus=[\ntop", "tagfocus=[\ntop", "tags b", "tags bytes -1", "tags -bytes", "tags 1kb:", "nothing", "Top", "TOP", "top1x", "top 99999999999", "top 0", "top -1", "top10 3", "5", "=", "==", "=3", " = ", "\n\n\n", "   top   3   ", "\ttop\t2", "focus = app \ntop3", "focus=app //: comment\no", "top //: what", "unit=ms //: x //: y\no",
	"compact_labels=false\ntop3", "compact_labels\ntop3", "relative_percentages\nfocus=f1\ntop3", "call_tree\ndot", "drop_negative\ntop", "noinlines\ntop3", "showcolumns\nlines\ntop3", "source_path=src\ntrim_path=/x\no", "tagroot=bytes\ntop", "tagleaf=k\ntop3", "prune_from=app\ntop3", "show_from=app\ntop3", "show=app\ntop3", "tagshow=a\ntags", "taghide=a\ntags", "normalize\ntop", "intel_syntax\no",
	"top3\r\ntags\r\n", "top3;tags", "web\x00", "! ls", "top|cat", "help\nhelp\n", "top3\n\n\ntop2", "svg2x", "focu=app", "foc", "edgefraction=.5\ntree 5", "edgefraction=2\ndot", "saveconfig x", "config", "top main app|f", "traces app", "traces -app", "raw app", "comments x", "granularity=\no", "unit=\ntop3", "sample_index=cpu\nsample_index=samples\no", "trim=f\nnodecount=2\ntop\no",
}

func (m *maker) shells() {
	for i, session := range sessions {
		for _, name := range []string{"heaplike.pb.gz", "labels-text.pb.gz"} {
			m.ask("shell", tool.Question{Args: []string{name}, Stdin: session + "\n"})
		}
		if i%6 == 0 {
			m.ask("shell", tool.Question{Args: []string{"inlined.pb.gz"}, Stdin: session})
		}
	}
	files := m.corpus.Pick(good)
	for i := range 90 {
		r := dice("shell", i)
		f := files[r.IntN(len(files))]
		var lines []string
		for range 1 + r.IntN(4) {
			name := pick(r, sortedKeys(filterOptions)...)
			option := pick(r, name+"="+filterOptions[name](r, f), strings.TrimPrefix(pick(r, optionPool...)(r, f), "-"), strings.TrimPrefix(pick(r, optionPool...)(r, f), "-"))
			lines = append(lines, option, pick(r, "top", "top5", "tree 4", "tags", "o", "traces", "peek "+expression(r, f), "raw", "dot", "text 3 -cum"))
		}
		m.ask("shell", tool.Question{Args: []string{f.Name}, Stdin: strings.Join(lines, "\n") + "\n"})
	}
	for _, name := range []string{"empty.pb.gz", "zero.pb.gz", "comments.pb.gz", "duration.pb.gz", "wire-no-samples-no-types.pb", "text-heap", "negative.pb.gz", "names-hostile.pb.gz"} {
		m.ask("shell", tool.Question{Args: []string{name}, Stdin: "top\no\n"})
		m.ask("shell", tool.Question{Args: []string{name}})
	}
	m.ask("shell", tool.Question{Args: []string{"-focus=app", "-nodecount=2", "heaplike.pb.gz"}, Stdin: "o\ntop\n:\ntop\n"})
	m.ask("shell", tool.Question{Args: []string{"-sample_index=1", "-mean", "heaplike.pb.gz"}, Stdin: "o\ntop3\n"})
	m.ask("shell", tool.Question{Args: []string{"-sample_index=nothing", "heaplike.pb.gz"}, Stdin: "top3\n"})
	m.ask("shell", tool.Question{Args: []string{"-output=$TMP/all", "heaplike.pb.gz"}, Stdin: "top3\ntags\n"})
	m.ask("shell", tool.Question{Args: []string{"-base=heaplike.pb.gz", "default-type.pb.gz"}, Stdin: "top3\no\n"})
	m.ask("shell", tool.Question{Args: []string{"heaplike.pb.gz", "heaplike.pb.gz"}, Stdin: "top3\nraw\n"})
}

func (m *maker) errors() {
	for _, f := range m.corpus.Pick(func(f *corpus.File) bool { return f.Broken }) {
		m.add("error", "-top", f.Name)
		m.add("error", "-raw", f.Name)
		m.ask("error", tool.Question{Args: []string{f.Name}, Stdin: "top\n"})
	}
	for _, line := range []string{
		"", "-top", "-top missing.pb.gz", "-top src", "-top /dev/null", "-what one.pb.gz", "-top -what one.pb.gz", "-top -nodecount=x one.pb.gz", "-top -nodecount one.pb.gz", "-top -nodefraction=x one.pb.gz", "-top -trim=perhaps one.pb.gz", "-top=perhaps one.pb.gz",
		"-top -tree one.pb.gz", "-top -peek=x one.pb.gz", "-peek=x -list=y one.pb.gz", "-lines -files -top one.pb.gz", "-cum -flat -top one.pb.gz", "-functions -addresses -top one.pb.gz", "-top -sample_index=what one.pb.gz", "-top -sample_index=5 one.pb.gz", "-top -sample_index=-1 one.pb.gz",
		"-top -focus=[ one.pb.gz", "-top -ignore=( one.pb.gz", "-top -hide=* one.pb.gz", "-top -show=a** one.pb.gz", "-top -show_from=[ one.pb.gz", "-top -tagfocus=[ labels-text.pb.gz", "-top -tagignore=a=[ labels-text.pb.gz", "-top -tagshow=[ labels-text.pb.gz", "-top -taghide=( labels-text.pb.gz", "-top -prune_from=( one.pb.gz",
		`-top -focus=\1 one.pb.gz`, "-top -focus=(?=x) one.pb.gz", "-top -focus=x{1001} one.pb.gz", "-top -focus=a{2,1} one.pb.gz", `-top -focus=\C one.pb.gz`, `-top -focus=\pZ one.pb.gz`, `-top -focus=(?P<n>a)(?P<n>b) one.pb.gz`, `-top -focus=[z-a] one.pb.gz`, `-top -focus=\Qa one.pb.gz`, `-top -focus=(?i)APP heaplike.pb.gz`, `-top -focus=a\z one.pb.gz`,
		`-top -focus=\d+$ heaplike.pb.gz`, `-top -focus=[[:alpha:]]+1 heaplike.pb.gz`, `-top -focus=(?s:.) heaplike.pb.gz`, `-top -focus=x*** heaplike.pb.gz`, `-top -focus=(?<n>app) heaplike.pb.gz`, `-top -focus=\x{41} heaplike.pb.gz`, `-top -focus=\Z heaplike.pb.gz`, `-top -focus=a++ heaplike.pb.gz`, `-top -focus=(?U)a+ heaplike.pb.gz`,
		"-peek=[ one.pb.gz", "-list=[ one.pb.gz", "-peek=nothing_at_all one.pb.gz", "-list=nothing_at_all one.pb.gz", "-disasm=nothing_at_all one.pb.gz", "-disasm=[ one.pb.gz", "-peek= one.pb.gz", "-list= one.pb.gz", "-peek", "-list one.pb.gz",
		"-top -divide_by=0 one.pb.gz", "-top -divide_by=x one.pb.gz", "-top -http=:0 one.pb.gz", "-no_browser one.pb.gz", "-top -no_browser one.pb.gz", "-top -symbolize=what one.pb.gz", "-top -symbolize=demangle=what one.pb.gz", "-top -symbolize=none:local one.pb.gz", "-top -base=a -diff_base=b one.pb.gz", "-top -normalize one.pb.gz", "-top -seconds=x one.pb.gz", "-top -timeout=x one.pb.gz",
		"-top -unit=what one.pb.gz", "-top -sort=cum one.pb.gz", "-top -granularity=lines one.pb.gz", "-top --- one.pb.gz", "-top -= one.pb.gz", "-top -=x one.pb.gz", "-top one.pb.gz -cum", "-- -top one.pb.gz", "-h", "-help", "--help one.pb.gz", "-top -h one.pb.gz", "-inuse_space -alloc_space -top heaplike.pb.gz", "-inuse_space -sample_index=0 -top heaplike.pb.gz", "-total_delay -top heaplike.pb.gz", "-mean_delay -contentions -top contention.pb.gz",
		"-top http://127.0.0.1:1/none", "-top 127.0.0.1:1", "-top -seconds=1 http://127.0.0.1:1/", "-top ftp://127.0.0.1/x", "-top one.pb.gz missing.pb.gz", "-top missing.pb.gz missing2.pb.gz", "-top bad-cut.pb missing.pb.gz", "-top -base=missing.pb.gz missing2.pb.gz", "-top -mean one.pb.gz", "-top -mean -sample_index=0 heaplike.pb.gz", "-intel_syntax -disasm=x one.pb.gz",
		"-top -tagfocus=1kb:what labels-number.pb.gz", "-top -tagfocus=bytes= labels-number.pb.gz", "-top -tagfocus=a=b=c labels-text.pb.gz", "-top -tagfocus=: labels-number.pb.gz", "-top -tagfocus=9999999999999999999: labels-number.pb.gz", "-raw -tagfocus=1.5kb: labels-number.pb.gz", "-raw -tagfocus=bytes=1KB:2Mb labels-number.pb.gz", "-raw -tagfocus=latency=:1s labels-units.pb.gz", "-raw -tagfocus=0x10: labels-number.pb.gz", "-raw -tagfocus=+8:16 labels-number.pb.gz",
	} {
		m.add("error", strings.Fields(line)...)
	}
	m.add("error", "-top", "")
	m.add("error", "-top", "-focus", "", "one.pb.gz")
	m.add("error", "-top", " one.pb.gz")
	m.ask("error", tool.Question{Args: []string{"-top", "one.pb.gz"}, Env: []string{"HOME=", "PPROF_TMPDIR="}})
}

// listings ask for source lines.
func (m *maker) listings() {
	for _, name := range []string{"listed.pb.gz", "listed-recursive.pb.gz"} {
		for _, symbol := range []string{"Sum", "Run", "main", "Gone", "Far", "Crlf", ".", "app.add", "^app", "main.main|Sum"} {
			m.add("list", "-list="+symbol, name)
			m.add("list", "-list="+symbol, "-noinlines", name)
		}
		for _, option := range []string{"-cum", "-source_path=src", "-source_path=src/app", "-source_path=/nowhere", "-trim_path=/build/module", "-trim_path=src", "-focus=Run", "-ignore=add", "-unit=ms", "-addresses", "-functions", "-relative_percentages", "-nodecount=1", "-divide_by=3", "-mean", "-sample_index=0", "-compact_labels", "-showcolumns", "-output=$TMP/list", "-drop_negative", "-hide=Run", "-show=Sum", "-base=listed.pb.gz", "-diff_base=listed.pb.gz"} {
			m.add("list", "-list=Sum|Far", option, name)
		}
		m.add("list", "-list=Sum", "-trim_path=/build/module", "-source_path=src/app:src", name)
		m.add("list", "-list=Far", "-source_path=$TMP:.", name)
		m.ask("shell", tool.Question{Args: []string{name}, Stdin: "list Sum\nlist Run -main\nlist Far Run\nlist 3\nlist Sum >$TMP/l\n"})
	}
	files := m.corpus.Pick(func(f *corpus.File) bool { return good(f) })
	for i := range 40 {
		r := dice("list", i)
		f := files[r.IntN(len(files))]
		args := []string{"-list=" + expression(r, f)}
		if r.IntN(2) == 0 {
			args = append(args, pick(r, optionPool...)(r, f))
		}
		m.add("list", append(args, f.Name)...)
	}
	for i := range 12 {
		r := dice("disasm", i)
		f := files[r.IntN(len(files))]
		m.add("list", "-disasm="+expression(r, f), f.Name)
	}
}

// assembly asks for the instructions of the program.
func (m *maker) assembly() {
	for _, name := range []string{"program.pb.gz", "program-bare.pb.gz"} {
		for _, symbol := range []string{"sum", "main", "grow", "count", ".", "main.main$", "nothing_at_all", "main.main.func1", "go.shape", "0x4895a0", "0x1"} {
			m.add("disasm", "-disasm="+symbol, name)
			m.add("weblist", "-weblist="+symbol, "-output=$TMP/w.html", name)
			m.add("list", "-list="+symbol, name)
		}
		for _, option := range []string{"-cum", "-focus=grow", "-unit=ms", "-sample_index=0", "-noinlines", "-divide_by=7", "-mean", "-relative_percentages", "-source_path=program", "-trim_path=program", "-symbolize=none", "-symbolize=fastlocal", "-nodecount=2", "-base=program.pb.gz"} {
			m.add("disasm", "-disasm=main", option, name)
			m.add("weblist", "-weblist=main", "-output=$TMP/w.html", option, name)
		}
		for _, mode := range []string{"local", "fastlocal", "none", "force", "force:local", "remote", "local:demangle=none"} {
			m.add("symbolize", "-raw", "-symbolize="+mode, name)
			m.add("symbolize", "-top", "-lines", "-symbolize="+mode, name)
		}
		m.add("symbolize", "-raw", "bin/program", name)
		m.add("symbolize", "-raw", "bin/program", "addresses.pb.gz")
		m.add("symbolize", "-raw", "-buildid=abc", "bin/program", name)
		m.add("symbolize", "-tree", name)
		m.add("symbolize", "-traces", name)
		m.add("symbolize", "-top", name, name)
		m.ask("shell", tool.Question{Args: []string{name}, Stdin: "disasm sum\ntop5\nlist sum\nweblist sum >$TMP/x\n"})
	}
	m.add("symbolize", "-raw", "bin/program", "text-heap")
	m.add("symbolize", "-top", "bin/program")
	m.add("symbolize", "-top", "bin/program", "bin/program")
	m.add("symbolize", "-top", "program/main.go", "one.pb.gz")
}

// urls fetch from a server that serves the corpus under /profiles, and what servers answer besides.
func (m *maker) urls() {
	for _, args := range [][]string{
		{"-top", "http://$HOST/profiles/heaplike.pb.gz"}, {"-raw", "$HOST/profiles/one.pb.gz"}, {"-top", "http://$HOST/profiles/text-heap"}, {"-top", "http://$HOST/none"}, {"-top", "http://$HOST/redirect/one.pb.gz"}, {"-top", "http://$HOST/error"}, {"-top", "http://$HOST/plain-error"},
		{"-raw", "http://$HOST"}, {"-raw", "http://$HOST/"}, {"-raw", "-seconds=1", "http://$HOST/seconds"}, {"-raw", "http://$HOST/seconds?seconds=2"}, {"-raw", "-seconds=3", "http://$HOST/seconds?seconds=2&x=y"}, {"-top", "http://$HOST/profiles/bad-cut.pb"}, {"-top", "http://$HOST/empty"},
		{"-top", "http://$HOST/profiles/one.pb.gz", "one.pb.gz"}, {"-top", "-base=http://$HOST/profiles/one.pb.gz", "one.pb.gz"}, {"-top", "http://$HOST/profiles/nomapping.pb.gz"}, {"-raw", "http://$HOST/profiles/addresses.pb.gz"}, {"-top", "-symbolize=none", "http://$HOST/profiles/text-goroutine"},
		{"-top", "http://user:secret@$HOST/profiles/one.pb.gz"}, {"-top", "http://$HOST/loop"}, {"-top", "http://$HOST/profiles/one.pb.gz?debug=1#part"}, {"-top", "-timeout=1", "http://$HOST/profiles/one.pb.gz"}, {"-top", "-add_comment=c", "http://$HOST/profiles/one.pb.gz"},
	} {
		m.add("url", args...)
	}
	m.ask("url", tool.Question{Args: []string{"http://$HOST/profiles/heaplike.pb.gz"}, Stdin: "top3\n"})
}
