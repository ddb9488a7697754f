// Package cases makes the questions that both tools are asked, the same ones each time.
package cases

import (
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"memsnap.test/pprof/corpus"
	"memsnap.test/pprof/tool"
)

// Deviation is where memsnap is better on purpose, unless --go-compat is given.
type Deviation string

const (
	None        Deviation = ""
	Recursion   Deviation = "recursion in list" // cum of a line counts a sample once
	Quoting     Deviation = "quoting in DOT"
	SourceFiles Deviation = "source lookup" // in the module cache and GOROOT
	TextSymbols Deviation = "symbols of text profiles"
	Formats     Deviation = "formats that go tool pprof refuses"
	Controls    Deviation = "control characters are escaped"
	Help        Deviation = "help is our own"
)

// Case is a question of a family, and where the answers may differ without --go-compat.
type Case struct {
	tool.Question
	Family string
	May    Deviation
	Key    string // tells two cases apart, and two contents of the files that the case is about
}

// Name is short and stays as long as the question does.
func (c Case) Name() string {
	h := fnv.New32a()
	fmt.Fprintf(h, "%q", c.Question)
	return fmt.Sprintf("%s/%06x", c.Family, h.Sum32()&0xffffff)
}

// maker gathers cases.
type maker struct {
	corpus *corpus.Corpus
	cases  []Case
	seen   map[string]bool
}

// All gives every case.
func All(c *corpus.Corpus) []Case {
	m := &maker{corpus: c, seen: map[string]bool{}}
	m.reports()
	m.filters()
	m.options()
	m.merges()
	m.bases()
	m.text()
	m.shells()
	m.errors()
	m.listings()
	m.assembly()
	m.urls()
	return m.cases
}

// add appends a case unless there is one with the same words.
func (m *maker) add(family string, args ...string) {
	m.ask(family, tool.Question{Args: args})
}

func (m *maker) ask(family string, q tool.Question) {
	words := fmt.Sprintf("%q", q)
	if m.seen[words] {
		return
	}
	m.seen[words] = true
	m.cases = append(m.cases, Case{Question: q, Family: family, May: m.may(q), Key: m.key(q)})
}

var wordOfFile = regexp.MustCompile(`[\w./-]+`)

// key covers the contents of the files that the question names, and of the sources where a report shows them.
func (m *maker) key(q tool.Question) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %q", tool.Version, q)
	all := strings.Join(q.Args, " ") + " " + q.Stdin
	for _, word := range wordOfFile.FindAllString(all, -1) {
		word = strings.TrimPrefix(word, "/profiles/")
		fmt.Fprint(h, m.corpus.Sum(word))
	}
	if strings.Contains(all, "list") {
		for _, source := range []string{"src/app/main.go", "src/app/run.go", "src/app/sum.go", "src/app/crlf.go"} {
			fmt.Fprint(h, m.corpus.Sum(source))
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))[:24]
}

// may says which deviation a question can show.
func (m *maker) may(q tool.Question) Deviation {
	all := strings.Join(q.Args, " ") + " " + q.Stdin
	files := m.corpus.Pick(func(f *corpus.File) bool { return slices.Contains(wordOfFile.FindAllString(all, -1), f.Name) })
	has := func(fits func(*corpus.File) bool) bool { return slices.ContainsFunc(files, fits) }
	lists := strings.Contains(all, "list")
	switch {
	case strings.Contains(all, "dot") && has(func(f *corpus.File) bool { return f.Quotes }):
		return Quoting
	case slices.ContainsFunc(q.Args, func(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" }):
		return Help
	case lists && has(func(f *corpus.File) bool { return f.Recursive || f.Program }):
		return Recursion
	case lists && has(func(f *corpus.File) bool {
		return slices.ContainsFunc(f.Sources, func(s string) bool { return strings.HasPrefix(s, "/") || strings.Contains(s, "@v") })
	}):
		return SourceFiles
	case has(func(f *corpus.File) bool { return f.Legacy && f.Broken }):
		return Formats
	case has(func(f *corpus.File) bool { return f.Legacy }):
		return TextSymbols
	case has(func(f *corpus.File) bool { return f.Controls }):
		return Controls
	}
	return None
}

// dice give the same numbers for the same words.
func dice(words ...any) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, words...)
	return rand.New(rand.NewPCG(h.Sum64(), 1))
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// expression is a regular expression that fits a function of the file, or several, or sometimes none.
func expression(r *rand.Rand, f *corpus.File) string {
	names := slices.DeleteFunc(slices.Clone(f.Functions), func(name string) bool { return name == "" || strings.ContainsAny(name, "\x00") })
	if len(names) == 0 {
		return pick(r, "main", ".", "400", "0x")
	}
	name := names[r.IntN(len(names))]
	switch r.IntN(8) {
	case 0:
		return "^" + regexp.QuoteMeta(name) + "$"
	case 1:
		return pick(r, "runtime", "main", "app", "pkg", "sync", "net", "[a-c]", "(?i)MAIN", "t$", "")
	case 2:
		return regexp.QuoteMeta(name) + "|" + regexp.QuoteMeta(names[r.IntN(len(names))])
	case 3: // a file
		if len(f.Sources) > 0 {
			return regexp.QuoteMeta(f.Sources[r.IntN(len(f.Sources))])
		}
		return "none"
	case 4: // a package or a class
		head, _, _ := strings.Cut(name, ".")
		return regexp.QuoteMeta(head)
	case 5:
		runes := []rune(name)
		return regexp.QuoteMeta(string(runes[len(runes)/3 : len(runes)*2/3+1]))
	default:
		return regexp.QuoteMeta(name)
	}
}

// tagExpression is a value for -tagfocus and -tagignore.
func tagExpression(r *rand.Rand, f *corpus.File) string {
	if len(f.Numbers) > 0 && (len(f.Labels) == 0 || r.IntN(2) == 0) {
		key := pick(r, sortedKeys(f.Numbers)...)
		value := pick(r, f.Numbers[key]...)
		unit := pick(r, "", "b", "kb", "bytes", "ms", "s", "mb")
		span := pick(r, fmt.Sprint(value, unit), fmt.Sprint(value, unit, ":"), fmt.Sprint(":", value, unit), fmt.Sprint(value/2, unit, ":", value, unit), "1kb:", ":64kb", "4kb:1mb", "-5:5")
		return pick(r, span, key+"="+span)
	}
	if len(f.Labels) > 0 {
		key := pick(r, sortedKeys(f.Labels)...)
		value := regexp.QuoteMeta(pick(r, f.Labels[key]...))
		return pick(r, value, key+"="+value, key+":"+value, key, key+"=.", value+",", key+"="+value+",other", "^"+value+"$", key+"=")
	}
	return pick(r, "key=value", "1kb:", "none")
}

func sortedKeys[T any](m map[string]T) []string {
	keys := []string{}
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
