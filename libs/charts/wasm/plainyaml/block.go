package plainyaml

import "strings"

// blockNode reads what stands at r.column, inside the collection at the column parent, and goes on to the next line.
func (r *reader) blockNode(parent int) (any, bool) {
	column := r.column
	switch r.text[r.at] {
	case '"', '\'':
		start := r.at
		text, ok := r.quoted()
		if !ok {
			return nil, false
		}
		if r.isKeyEnd(start) {
			return r.mapping(column, text)
		}
		return text, r.nextLine()
	case '{', '[', '|', '>':
		return r.value(parent)
	}
	if r.isDash() {
		return r.sequence(column)
	}
	start := r.at
	text, ok := r.plain()
	if !ok {
		return nil, false
	}
	if r.isKeyEnd(start) {
		if !isKey(text) {
			return nil, false
		}
		return r.mapping(column, text)
	}
	return r.plainValue(text, parent)
}

// mapping reads the mapping at the column of which the first key is read.
func (r *reader) mapping(column int, key string) (any, bool) {
	if !r.enter() {
		return nil, false
	}
	first := len(r.entries)
	for {
		value, ok := r.mappingValue(column)
		if !ok {
			return nil, false
		}
		r.entries = append(r.entries, entry{key, value})
		if r.column != column {
			break
		}
		if key, ok = r.key(); !ok {
			return nil, false
		}
	}
	return r.closeMapping(first)
}

// closeMapping gives up on keys that stand twice: of these sigs.k8s.io/yaml keeps the last.
func (r *reader) closeMapping(first int) (any, bool) {
	entries := r.entries[first:]
	mapping := make(map[string]any, len(entries))
	for _, e := range entries {
		mapping[e.key] = e.value
	}
	clear(entries)
	r.entries = r.entries[:first]
	r.depth--
	return mapping, len(mapping) == len(entries)
}

func (r *reader) mappingValue(column int) (any, bool) {
	if !r.atLineEnd() {
		return r.value(column)
	}
	if !r.nextLine() {
		return nil, false
	}
	switch {
	case r.column > column:
		return r.blockNode(column)
	case r.column == column && r.isDash():
		return r.sequence(column)
	}
	return nil, true
}

// sequence reads the sequence at the column. One that is a mapping's value may stand at the column of its keys (YAML 1.1,
// 9.2.1), so another token there ends it; whoever called knows whether that may be.
func (r *reader) sequence(column int) (any, bool) {
	if !r.enter() {
		return nil, false
	}
	first := len(r.items)
	for r.column == column && r.isDash() {
		item, ok := r.sequenceItem(column)
		if !ok {
			return nil, false
		}
		r.items = append(r.items, item)
	}
	return r.closeSequence(first), true
}

func (r *reader) closeSequence(first int) []any {
	items := r.items[first:]
	sequence := make([]any, len(items))
	copy(sequence, items)
	clear(items)
	r.items = r.items[:first]
	r.depth--
	return sequence
}

func (r *reader) sequenceItem(column int) (any, bool) {
	dash := r.at
	r.at++
	if !r.atLineEnd() {
		r.column += r.at - dash
		return r.blockNode(column)
	}
	if !r.nextLine() {
		return nil, false
	}
	if r.column > column {
		return r.blockNode(column)
	}
	return nil, true
}

// key reads a key and its colon.
func (r *reader) key() (string, bool) {
	start := r.at
	if c := r.text[start]; c == '"' || c == '\'' {
		text, ok := r.quoted()
		return text, ok && r.isKeyEnd(start)
	}
	text, ok := r.plain()
	return text, ok && r.isKeyEnd(start) && isKey(text)
}

// canBeKey is true for a line's part of less than the 1024 characters that YAML allows a key (YAML 1.1, 9.2.2).
func (r *reader) canBeKey(start int) bool {
	if r.at-start > 1000 {
		return false
	}
	c := r.text[start]
	return c != '"' && c != '\'' || strings.IndexByte(r.text[start:r.at], '\n') < 0
}

// isKeyEnd tells whether what began at start is a key, and goes past the colon if so.
func (r *reader) isKeyEnd(start int) bool {
	r.skipSpaces()
	if r.at == len(r.text) || r.text[r.at] != ':' || !r.blankAt(r.at+1) || !r.canBeKey(start) {
		return false
	}
	r.at++
	return true
}

// value reads what cannot be a block collection: it stands behind a key on the key's line.
func (r *reader) value(parent int) (any, bool) {
	switch r.text[r.at] {
	case '"', '\'':
		text, ok := r.quoted()
		return text, ok && r.nextLine()
	case '{', '[':
		return r.flowThenLine()
	case '|', '>':
		return r.blockText(parent)
	}
	text, ok := r.plain()
	if !ok {
		return nil, false
	}
	return r.plainValue(text, parent)
}
