package plainyaml

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

func FuzzRead(f *testing.F) {
	for document := range plainDocuments {
		f.Add(document)
	}
	for text := range plainTexts {
		f.Add("a: " + text)
	}
	for _, document := range notPlain {
		f.Add(document)
	}
	text, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for document := range strings.SplitSeq(string(text), "---\n") {
		f.Add(document)
	}
	f.Fuzz(func(t *testing.T, document string) { compare(t, document) })
}

func TestReadsRandomDocumentsAsYAMLDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const documents = 20_000
	plain := 0
	for range documents {
		document := randomDocument(random)
		if compare(t, document) {
			plain++
		}
		for range 3 {
			document = mutate(random, document)
			compare(t, document)
		}
	}
	if plain < documents/4 {
		t.Errorf("only %d documents of %d were plain", plain, documents)
	}
}

func TestReadsRandomTokensAsYAMLDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 40_000 {
		var document strings.Builder
		for range 2 + random.IntN(14) {
			document.WriteString(pick(random, tokens))
		}
		compare(t, document.String())
	}
}

var tokens = []string{
	"a: ", "b:", "c: ", "- ", "- ", "-", "\n", "\n", "\n", "\n  ", "\n  ", "\n    ", "\n ", " ", "  ", "# c", " # d\n", "x", "7", "y z", "'", "\"", "\\", "'q'", "\"r\"",
	"|", ">", "|-\n", ">\n", "+", "2", "{", "}", "[", "]", ", ", ",", ":", "?", "\t", "---", "...", "\n---\n", "&a", "*a", "!", "<<: ", "%", "~", "\\\n", "é", ".5", "\\u0041",
}

var texts = slices.Sorted(maps.Keys(plainTexts))

var nastyTexts = []string{
	"", "x: y", "x:", "x #y", "x # y", "#x", "- x", "-", "--- x", "...", "a\tb", "x\\ny", "'x", "x'y", "\"x", "\\\"", "{}", "[]", "{x", "x}", "*x", "&x y", "!x y", "|", "> x", "%x", "@x", "`x", "? x", "<<", "\u00a0", "\ufffd", "\U0001F600", "\u2028",
}

func pick(random *rand.Rand, from []string) string { return from[random.IntN(len(from))] }

func randomDocument(random *rand.Rand) string {
	w := &writer{Rand: random}
	if w.one(20) {
		w.WriteString("---\n")
	}
	w.block(w.IntN(2)*w.IntN(3), 4)
	return w.String()
}

// A writer writes YAML that looks like a chart's output, with all that is unusual in it.
type writer struct {
	*rand.Rand
	strings.Builder
}

func (w *writer) one(in int) bool { return w.IntN(in) == 0 }

func (w *writer) text() string {
	if w.one(12) {
		return pick(w.Rand, nastyTexts)
	}
	if w.one(3) {
		return pick(w.Rand, texts)
	}
	return pick(w.Rand, []string{"x", "some words", "app.kubernetes.io/name", "80", "true", "http://x:80/y", "64Mi"})
}

func (w *writer) indent(column int) { w.WriteString(strings.Repeat(" ", column)) }

func (w *writer) endLine() {
	for w.one(15) {
		w.WriteString(pick(w.Rand, []string{" ", " # c", "\n", "\n# c", "\n   # c"}))
	}
	w.WriteByte('\n')
}

// block writes a collection of which the first line is not indented yet.
func (w *writer) block(column, depth int) {
	w.indent(column)
	w.restOfBlock(column, depth)
}

func (w *writer) restOfBlock(column, depth int) {
	entry := w.mappingEntry
	if w.one(4) {
		entry = w.sequenceEntry
	}
	entry(column, depth)
	for range w.IntN(4) {
		if w.one(60) {
			column += w.IntN(3)
		}
		w.indent(column)
		entry(column, depth)
	}
}

func (w *writer) mappingEntry(column, depth int) {
	switch w.IntN(12) {
	case 0:
		w.WriteString(`"` + w.text() + `"`)
	case 1:
		w.WriteString("'" + w.text() + "'")
	case 2:
		w.WriteString(w.text())
	default:
		w.WriteString(pick(w.Rand, []string{"a", "b", "name", "spec", "metadata", "labels", "key", "other", "third"}))
	}
	w.WriteString(pick(w.Rand, []string{":", ":", ":", ":", ":", " :", ":  "}))
	switch {
	case depth == 0 || w.one(2):
		w.WriteByte(' ')
		w.scalar(column)
	case w.one(4):
		w.endLine()
		w.indent(column)
		for range 1 + w.IntN(3) {
			w.sequenceEntry(column, depth-1)
			w.indent(column)
		}
		w.WriteString("z: 1\n")
	default:
		w.endLine()
		w.block(column+1+w.IntN(3), depth-1)
	}
}

func (w *writer) sequenceEntry(column, depth int) {
	w.WriteByte('-')
	if depth == 0 || w.one(2) {
		w.WriteByte(' ')
		w.scalar(column)
		return
	}
	if w.one(6) {
		w.endLine()
		w.block(column+1+w.IntN(3), depth-1)
		return
	}
	spaces := 1 + w.IntN(2)*w.IntN(3)
	w.indent(spaces)
	w.restOfBlock(column+1+spaces, depth-1)
}

func (w *writer) scalar(column int) {
	switch w.IntN(10) {
	case 0:
		w.WriteString(`"` + w.text() + w.fold(column) + pick(w.Rand, []string{`\n`, `\"`, `\t x`, `\u00e9`, " \\\n  ", ""}) + w.text() + `"`)
	case 1:
		w.WriteString("'" + w.text() + pick(w.Rand, []string{"''", "", " "}) + w.fold(column) + w.text() + "'")
	case 2:
		w.blockText(column)
		return
	case 3:
		w.flow(3)
	case 4:
		w.WriteString(w.text() + w.fold(column) + w.text())
	default:
		w.WriteString(w.text())
	}
	w.endLine()
}

// fold is a line break within a text, sometimes one that is not allowed.
func (w *writer) fold(column int) string {
	if w.one(2) {
		return ""
	}
	return pick(w.Rand, []string{"\n", " \n", "\n\n", "\n  \n"}) + strings.Repeat(" ", max(0, column+2-w.IntN(2)*w.IntN(4)))
}

func (w *writer) blockText(column int) {
	w.WriteString(pick(w.Rand, []string{"|", "|", ">"}) + pick(w.Rand, []string{"", "", "-", "+", "2", "1-", "+3"}))
	w.endLine()
	width := column + 1 + w.IntN(3)
	for range w.IntN(5) {
		if w.one(4) {
			w.indent(w.IntN(width + 2))
			w.WriteByte('\n')
		}
		w.indent(width + w.IntN(2)*w.IntN(3))
		if w.one(20) {
			w.WriteByte('\t')
		}
		w.WriteString(w.text() + "\n")
	}
	for w.one(3) {
		w.WriteByte('\n')
	}
}

func (w *writer) flow(depth int) {
	isMapping := w.one(2)
	w.WriteByte("[{"[w.index(isMapping)])
	for i := range w.IntN(4) {
		if i > 0 {
			w.WriteByte(',')
		}
		w.flowSpace()
		if isMapping {
			w.WriteString(pick(w.Rand, []string{"a: ", "b: ", "\"c\":", "'d': ", "e:", "f : ", "x.y/z: "}))
		}
		w.flowValue(depth)
		w.flowSpace()
	}
	if w.one(10) {
		w.WriteByte(',')
	}
	w.WriteByte("]}"[w.index(isMapping)])
}

func (w *writer) index(second bool) int {
	if second {
		return 1
	}
	return 0
}

func (w *writer) flowSpace() {
	if w.one(3) {
		w.WriteString(pick(w.Rand, []string{" ", "\n", "\n    ", " # c\n", "\n# c\n"}))
	}
}

func (w *writer) flowValue(depth int) {
	switch w.IntN(6) {
	case 0:
		w.WriteString(`"` + w.text() + `"`)
	case 1:
		w.WriteString("'" + w.text() + "'")
	case 2:
		if depth > 0 {
			w.flow(depth - 1)
		}
	default:
		w.WriteString(w.text())
	}
}

// mutate deletes, doubles, moves or inserts a character.
func mutate(random *rand.Rand, document string) string {
	if document == "" {
		return "a"
	}
	at := random.IntN(len(document))
	before, char, after := document[:at], document[at:at+1], document[at+1:]
	switch random.IntN(4) {
	case 0:
		return before + after
	case 1:
		return before + char + char + after
	case 2:
		to := random.IntN(len(after) + 1)
		return before + after[:to] + char + after[to:]
	}
	return before + pick(random, []string{" ", "\n", "-", ":", "#", "'", "\"", "{", "}", "[", "]", ",", "|", ">", "\\", "0", ".", "\t", "?", "%"}) + char + after
}
