package plainyaml

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v2"
	kubernetes "sigs.k8s.io/yaml"
)

// Marshal gives the bytes that sigs.k8s.io/yaml gives, which writes JSON, reads that as YAML and writes it again.
func Marshal(value any) ([]byte, error) {
	var w marshaller
	if w.root(value) {
		return w.text, nil
	}
	return kubernetes.Marshal(value)
}

// A marshaller writes maps, lists, numbers and texts in the way that yaml/v2 does. It gives up, and then returns false, on what
// is seldom among values: on other types, characters beyond ASCII, and texts of several lines that need quotes.
type marshaller struct {
	text      []byte
	lineStart int
	depth     int
}

// The two columns by which yaml/v2 indents, but for lists in maps.
const indent = "  "

func (w *marshaller) root(value any) bool {
	return w.inline(value, 0)
}

// inline writes a value where the line has begun already; its further lines start at the column.
func (w *marshaller) inline(value any, column int) bool {
	switch node := value.(type) {
	case map[string]any:
		if len(node) > 0 {
			return w.nested(func() bool { return w.mapping(node, column) })
		}
	case []any:
		if len(node) > 0 {
			return w.nested(func() bool { return w.list(node, column) })
		}
	}
	return w.scalar(value, column) && w.endLine()
}

// nested gives up on an object that a template has put into itself.
func (w *marshaller) nested(write func() bool) bool {
	w.depth++
	defer func() { w.depth-- }()
	return w.depth < maxDepth && write()
}

func (w *marshaller) mapping(node map[string]any, column int) bool {
	keys := make([]string, 0, len(node))
	for key := range node {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, compareKeys)
	for i, key := range keys {
		if i > 0 {
			w.startLine(column)
		}
		if !w.key(key) || !w.entry(node[key], column) {
			return false
		}
	}
	return true
}

func (w *marshaller) entry(value any, column int) bool {
	switch node := value.(type) {
	case map[string]any:
		if len(node) > 0 {
			w.endLine()
			w.startLine(column + len(indent))
			return w.inline(value, column+len(indent))
		}
	case []any:
		if len(node) > 0 {
			w.endLine()
			w.startLine(column)
			return w.inline(value, column)
		}
	}
	w.text = append(w.text, ' ')
	return w.scalar(value, column+len(indent)) && w.endLine()
}

func (w *marshaller) list(node []any, column int) bool {
	for i, item := range node {
		if i > 0 {
			w.startLine(column)
		}
		w.text = append(w.text, "- "...)
		if !w.inline(item, column+len(indent)) {
			return false
		}
	}
	return true
}

func (w *marshaller) startLine(column int) {
	for ; column > 0; column -= len(indent) {
		w.text = append(w.text, indent...)
	}
}

func (w *marshaller) endLine() bool {
	w.text = append(w.text, '\n')
	w.lineStart = len(w.text)
	return true
}

// scalar writes what fits on the line, and a text of several lines at the column.
func (w *marshaller) scalar(value any, column int) bool {
	switch node := value.(type) {
	case nil:
		w.text = append(w.text, "null"...)
	case bool:
		w.text = strconv.AppendBool(w.text, node)
	case int:
		w.text = strconv.AppendInt(w.text, int64(node), 10)
	case int64:
		w.text = strconv.AppendInt(w.text, node, 10)
	case float64:
		return w.number(node)
	case string:
		if strings.Contains(node, "\n") {
			return w.lines(node, max(column, len(indent)))
		}
		return w.line(node)
	case map[string]any:
		w.empty(node == nil, "{}")
	case []any:
		w.empty(node == nil, "[]")
	default:
		return false
	}
	return true
}

func (w *marshaller) empty(isNil bool, text string) {
	if isNil {
		text = "null"
	}
	w.text = append(w.text, text...)
}

const (
	// Of other sizes JSON writes a number with an exponent, or YAML takes it for another one.
	maxPlainNumber = 1e15
	minPlainNumber = 1e-5
)

func (w *marshaller) number(number float64) bool {
	size := math.Abs(number)
	if size < maxPlainNumber && number == math.Trunc(number) {
		w.text = strconv.AppendInt(w.text, int64(number), 10)
		return true
	}
	w.text = strconv.AppendFloat(w.text, number, 'g', -1, 64)
	return size >= minPlainNumber && size < maxPlainNumber
}

const (
	// Keys of more than 128 characters yaml/v2 writes in another way, or cannot read.
	maxKey = 100
	// And numbers in keys it compares as int64.
	maxKeyDigits = 18
)

func (w *marshaller) key(key string) bool {
	if key == "" || key == "<<" || len(key) > maxKey || strings.Contains(key, "\n") || countDigits(key) > maxKeyDigits {
		return false
	}
	if !w.line(key) {
		return false
	}
	w.text = append(w.text, ':')
	return true
}

func countDigits(text string) (count int) {
	for i := range len(text) {
		if isDigit(text[i]) {
			count++
		}
	}
	return count
}

// compareKeys is the order of yaml/v2: letters after everything else, and digits as the number they are.
func compareKeys(a, b string) int {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	switch {
	case at == len(a) || at == len(b):
		return len(a) - len(b)
	case isLetter(a[at]) && !isLetter(b[at]):
		return 1
	case isLetter(b[at]) && !isLetter(a[at]):
		return -1
	case isLetter(a[at]):
		return int(a[at]) - int(b[at])
	}
	first, second := digitsAt(a, at), digitsAt(b, at)
	return cmp.Or(compareNumbers(numberAt(a, at, first), numberAt(b, at, second)), len(first)-len(second), int(a[at])-int(b[at]))
}

func digitsAt(text string, at int) string {
	end := at
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	return text[at:end]
}

// numberAt leaves out leading zeros, but not those that follow another digit.
func numberAt(text string, at int, digits string) string {
	for before := at - 1; before >= 0 && isDigit(text[before]); before-- {
		if text[before] != '0' {
			return "1" + digits
		}
	}
	return strings.TrimLeft(digits, "0")
}

func compareNumbers(a, b string) int {
	return cmp.Or(len(a)-len(b), strings.Compare(a, b))
}

func isLetter(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z'
}

func isDigit(c byte) bool {
	return '0' <= c && c <= '9'
}

// Where a line is longer, yaml/v2 goes on in the next one after a space.
const maxWidth = 80

// line writes a text without line breaks, in quotes where it needs them.
func (w *marshaller) line(text string) bool {
	if !isPlainText(text) {
		var ok bool
		if text, ok = quoted.find(text); !ok {
			return false
		}
	}
	w.text = append(w.text, text...)
	return len(w.text)-w.lineStart <= maxWidth || !strings.Contains(text, " ")
}

// isPlainText is true for most of what can be written as it is, and for nothing else.
func isPlainText(text string) bool {
	if text == "" || !isLetter(text[0]) && text[0] != '/' && text[0] != '_' || text[len(text)-1] == ' ' {
		return false
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ' || c >= 0x7f || c == '#':
			return false
		case c == ':' && (i+1 == len(text) || text[i+1] == ' '):
			return false
		}
	}
	_, isWord := word(text)
	return !isWord
}

// Texts that yaml/v2 was asked how to write: ports, versions and quantities come again and again.
var quoted = keptTexts{texts: map[string]string{}}

type keptTexts struct {
	mutex sync.Mutex
	texts map[string]string
}

const (
	maxKeptTexts     = 512
	maxKeptTextBytes = 64
)

func (k *keptTexts) find(text string) (written string, ok bool) {
	if len(text) > maxKeptTextBytes {
		return quote(text)
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if written, ok = k.texts[text]; ok {
		return written, true
	}
	if written, ok = quote(text); ok {
		if len(k.texts) == maxKeptTexts {
			clear(k.texts)
		}
		k.texts[strings.Clone(text)] = written
	}
	return written, ok
}

func quote(text string) (string, bool) {
	for i := range len(text) {
		if text[i] == '\r' || text[i] >= 0x7f {
			return "", false
		}
	}
	written, err := yaml.Marshal(text)
	return strings.TrimSuffix(string(written), "\n"), err == nil
}

// lines writes a text of several lines as a literal block.
func (w *marshaller) lines(text string, column int) bool {
	if text[0] == ' ' || text[0] == '\n' || !isLiteralText(text) {
		return false
	}
	body := strings.TrimRight(text, "\n")
	w.text = append(w.text, '|')
	switch len(text) - len(body) {
	case 0:
		w.text = append(w.text, '-')
	case 1:
	default:
		w.text = append(w.text, '+')
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		w.endLine()
		if line != "" {
			w.startLine(column)
			w.text = append(w.text, line...)
		}
	}
	return true
}

func isLiteralText(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\n':
			if text[i-1] == ' ' {
				return false
			}
		case c < ' ' || c >= 0x7f:
			return false
		}
	}
	return text[len(text)-1] != ' '
}
