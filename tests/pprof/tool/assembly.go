package tool

import (
	"html"
	"regexp"
	"strings"
)

// What memsnap says in its own words is taken out of both answers before they are compared: the text of
// instructions, and of a page of -weblist all but its text.
var (
	locationAlone  = regexp.MustCompile(`(?m)^ {70,};(.*)\n(.*[0-9a-f]{4,}: ).*$`)
	instruction    = regexp.MustCompile(`(?m)^( *\S+ +\S+ +[0-9a-f]{4,}: )[^;\n]*(?:;(.*))?$`)
	pageHead       = regexp.MustCompile(`(?s)<head>.*</head>`)
	lineTag        = regexp.MustCompile(`<br>|</div>|</?h2>|</p>|</?summary>|<span class="?asm"?>`)
	anyTag         = regexp.MustCompile(`</?[a-z!][^<>]*>`)
	instructionWeb = regexp.MustCompile(`(?m)^(\s+\S+\s+\S+\s+[0-9a-f]{4,}:\s+)\S.*?\s*(\S+:-?\d+)?$`)
	blankLines     = regexp.MustCompile(`\s*\n(\s*\n)*`)
)

func withoutInstructions(text string) string {
	text = locationAlone.ReplaceAllString(text, "$2;$1")
	return instruction.ReplaceAllString(text, "$1;$2")
}

func withoutPage(text string) string {
	if !strings.Contains(text, "<html") {
		return text
	}
	text = pageHead.ReplaceAllString(text, "")
	text = anyTag.ReplaceAllString(lineTag.ReplaceAllString(text, "\n"), "")
	text = blankLines.ReplaceAllString(html.UnescapeString(text), "\n")
	return instructionWeb.ReplaceAllString(text, "$1$2")
}

func (q Question) hasAssembly() bool {
	return strings.Contains(strings.Join(q.Args, " ")+" "+q.Stdin, "disasm") || strings.Contains(strings.Join(q.Args, " ")+" "+q.Stdin, "weblist")
}
