// Package plainyaml reads the plain way in which almost all Kubernetes manifests are written, many times faster than
// sigs.k8s.io/yaml does, and gives up on everything else.
package plainyaml

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// Read gives what sigs.k8s.io/yaml.YAMLToJSON and then encoding/json with UseNumber make of the document: map[string]any,
// []any, string, json.Number, bool or nil. Its strings are parts of the document where that is possible.
//
// ok is false for whatever is not clearly plain, be it valid or not: anchors, tags, merge keys, keys that are no strings or
// stand twice, tabs between tokens, several documents, text on its own. It is never true for what sigs.k8s.io/yaml refuses.
func Read(document string) (value any, ok bool) {
	if !isPrintable(document) {
		return nil, false
	}
	r := readers.Get().(*reader)
	r.text = document
	value, ok = r.document()
	if ok && cap(r.entries)+cap(r.items)+cap(r.buffer) < maxKept {
		*r = reader{entries: r.entries, items: r.items, buffer: r.buffer}
		readers.Put(r)
	}
	return value, ok
}

// Only readers that closed every collection are used again: the others' stacks hold on to what they read.
var readers = sync.Pool{New: func() any { return new(reader) }}

const maxKept = 64 << 10

// Nothing honest nests deeper, and each level is a few calls on the stack.
const maxDepth = 100

type reader struct {
	text   string
	at     int
	column int // of the token in front, -1 at the end of the document; within a line it is not kept
	depth  int

	// Entries of the collections that are still open, so that each map and slice is made once, in its size.
	entries []entry
	items   []any
	buffer  []byte // for texts that are not written as they read
}

type entry struct {
	key   string
	value any
}

func (r *reader) enter() bool {
	r.depth++
	return r.depth <= maxDepth
}

func (r *reader) document() (any, bool) {
	if r.isDocumentMarker() {
		if r.text[0] != '-' {
			return nil, false
		}
		r.at = len("---")
		if !r.nextLine() {
			return nil, false
		}
	} else if !r.findToken() {
		return nil, false
	}
	if r.column < 0 {
		return nil, true
	}
	value, ok := r.root()
	// A line that is indented as none of the open collections is left over.
	return value, ok && r.column < 0
}

func (r *reader) root() (any, bool) {
	switch {
	case r.isDash():
		return r.sequence(r.column)
	case r.text[r.at] == '{' || r.text[r.at] == '[':
		return r.flowThenLine()
	}
	column := r.column
	key, ok := r.key()
	if !ok {
		return nil, false
	}
	return r.mapping(column, key)
}

// nextLine leaves a line of which nothing but a comment is left, for the next token.
func (r *reader) nextLine() bool {
	if !r.atLineEnd() {
		return false
	}
	r.at = lineEnd(r.text, r.at)
	return r.findToken()
}

// findToken goes from the start of a line to the next token, past empty lines and comments.
func (r *reader) findToken() bool {
	text, at := r.text, r.at
	for at < len(text) {
		start := at
		for at < len(text) && text[at] == ' ' {
			at++
		}
		if at == len(text) {
			break
		}
		switch text[at] {
		case '\n':
			at++
		case '#':
			at = lineEnd(text, at)
		case '\t':
			return false
		default:
			r.at, r.column = at, at-start
			return r.column > 0 || !r.isDocumentMarker()
		}
	}
	r.at, r.column = len(text), -1
	return true
}

// atLineEnd goes past spaces and tells whether nothing but a comment follows.
func (r *reader) atLineEnd() bool {
	r.skipSpaces()
	if r.at == len(r.text) || r.text[r.at] == '\n' {
		return true
	}
	return r.text[r.at] == '#' && r.text[r.at-1] == ' '
}

func (r *reader) skipSpaces() {
	for r.at < len(r.text) && r.text[r.at] == ' ' {
		r.at++
	}
}

// isDocumentMarker expects to be asked at the start of a line only.
func (r *reader) isDocumentMarker() bool {
	rest := r.text[r.at:]
	if len(rest) < 3 || rest[:3] != "---" && rest[:3] != "..." {
		return false
	}
	return len(rest) == 3 || isBlank(rest[3])
}

func (r *reader) isDash() bool {
	return r.text[r.at] == '-' && r.blankAt(r.at+1)
}

// blankAt takes the end of the document for a blank.
func (r *reader) blankAt(at int) bool {
	return at >= len(r.text) || isBlank(r.text[at])
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t'
}

// lineEnd is where the line ends: at its line feed, or at the end of the text.
func lineEnd(text string, at int) int {
	if length := strings.IndexByte(text[at:], '\n'); length >= 0 {
		return at + length
	}
	return len(text)
}

// isPrintable is false for what YAML 1.1 (5.1, 5.4) forbids or takes for a line break other than the line feed.
func isPrintable(text string) bool {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c-' ' < 0x7f-' ', c == '\n', c == '\t':
			i++
			continue
		case c < utf8.RuneSelf:
			return false
		}
		char, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case char == utf8.RuneError && size == 1, char < 0xa0, char == 0x2028, char == 0x2029, char == 0xfeff, char == 0xfffe, char == 0xffff:
			return false
		}
		i += size
	}
	return true
}
