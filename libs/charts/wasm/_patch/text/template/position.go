package template

import (
	"runtime"
	"text/template/parse"
)

// Position is told where the templates are: the file and line of what runs now, and how deep that is: 1 for the file
// that the engine renders, more for what it includes. It must be quick.
var Position = func(depth int, file string, line int) {}

var (
	running    int
	toldTree   *parse.Tree
	toldDepth  int
	toldLine   int
	sinceYield int
)

// WebAssembly has no preemption: without a pause now and then, the collector cannot finish while a template runs.
const yieldAfter = 256

// enter is called for each execution of a template, `include` and `tpl` among them; what it returns ends it.
func enter() (leave func()) {
	running++
	return leaveOne
}

func leaveOne() { running-- }

// tellParsing is for the time before there are lines.
func tellParsing(file string) {
	toldTree = nil
	Position(running+1, file, 0)
}

func (s *state) tell() {
	if sinceYield++; sinceYield >= yieldAfter {
		sinceYield = 0
		runtime.Gosched()
	}
	depth := running + s.depth
	if s.line == toldLine && depth == toldDepth && s.tmpl.Tree == toldTree {
		return
	}
	toldTree, toldDepth, toldLine = s.tmpl.Tree, depth, s.line
	Position(depth, s.tmpl.ParseName, s.line)
}
