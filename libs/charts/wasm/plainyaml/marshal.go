package plainyaml

import (
	"math"
	"slices"
	"strconv"
	"strings"

	kubernetes "sigs.k8s.io/yaml"
)

// Marshal gives the bytes that sigs.k8s.io/yaml gives, which writes JSON, reads that as YAML and writes it again.
func Marshal(value any) ([]byte, error) {
	var w marshaller
	if w.inline(value, 0) {
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
	if size < minPlainNumber || size >= maxPlainNumber || math.IsNaN(size) {
		return false
	}
	w.text = strconv.AppendFloat(w.text, number, 'g', -1, 64)
	return true
}
