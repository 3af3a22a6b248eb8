package plainyaml

func (r *reader) flowThenLine() (any, bool) {
	value, ok := r.flow()
	return value, ok && r.nextLine()
}

// flow reads a node of a flow collection (YAML 1.1, 7.4); indentation means nothing there.
func (r *reader) flow() (any, bool) {
	switch r.text[r.at] {
	case '{':
		return r.flowMapping()
	case '[':
		return r.flowSequence()
	case '"', '\'':
		text, ok := r.quoted()
		return text, ok
	}
	text, ok := r.flowPlain()
	if !ok {
		return nil, false
	}
	return resolve(text)
}

func (r *reader) flowMapping() (any, bool) {
	if !r.enter() {
		return nil, false
	}
	first := len(r.entries)
	r.at++
	for {
		if !r.flowToken() {
			return nil, false
		}
		if r.text[r.at] == '}' {
			break
		}
		key, ok := r.flowKey()
		if !ok {
			return nil, false
		}
		value, ok := r.flowEntryValue()
		if !ok {
			return nil, false
		}
		r.entries = append(r.entries, entry{key, value})
		if !r.flowSeparator('}') {
			return nil, false
		}
	}
	r.at++
	return r.closeMapping(first)
}

func (r *reader) flowSequence() (any, bool) {
	if !r.enter() {
		return nil, false
	}
	first := len(r.items)
	r.at++
	for {
		if !r.flowToken() {
			return nil, false
		}
		if r.text[r.at] == ']' {
			break
		}
		item, ok := r.flow()
		if !ok {
			return nil, false
		}
		r.items = append(r.items, item)
		if !r.flowSeparator(']') {
			return nil, false
		}
	}
	r.at++
	return r.closeSequence(first), true
}

// flowKey reads a key and its colon. Behind a quoted key the value may follow at once, as in JSON.
func (r *reader) flowKey() (string, bool) {
	start := r.at
	isQuoted := r.text[start] == '"' || r.text[start] == '\''
	var text string
	var ok bool
	if isQuoted {
		text, ok = r.quoted()
	} else {
		text, ok = r.flowPlain()
		ok = ok && isKey(text)
	}
	r.skipSpaces()
	if !ok || r.at == len(r.text) || r.text[r.at] != ':' || !r.canBeKey(start) {
		return "", false
	}
	r.at++
	return text, true
}

func (r *reader) flowEntryValue() (any, bool) {
	if !r.flowToken() {
		return nil, false
	}
	if c := r.text[r.at]; c == ',' || c == '}' {
		return nil, true
	}
	return r.flow()
}

// flowSeparator goes past a comma, or up to the end of the collection.
func (r *reader) flowSeparator(end byte) bool {
	if !r.flowToken() {
		return false
	}
	if r.text[r.at] == ',' {
		r.at++
		return true
	}
	return r.text[r.at] == end
}

// flowToken goes to the next token, on this line or a later one; it is false at the end of the document.
func (r *reader) flowToken() bool {
	for {
		r.skipSpaces()
		if r.at == len(r.text) {
			return false
		}
		if !r.atLineEnd() {
			return true
		}
		if r.at = lineEnd(r.text, r.at); r.at == len(r.text) {
			return false
		}
		if r.at++; r.isDocumentMarker() {
			return false
		}
	}
}
