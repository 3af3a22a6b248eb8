package plainyaml

// What may end a plain text: of a block, and of a flow collection.
var blockStops, flowStops = stops("\n\t:#"), stops("\n\t:#,[]{}?")

func stops(chars string) *[256]bool {
	var table [256]bool
	for _, c := range []byte(chars) {
		table[c] = true
	}
	return &table
}

func (r *reader) plain() (string, bool) {
	return r.startOfPlain(blockStops)
}

func (r *reader) flowPlain() (string, bool) {
	if r.text[r.at] == ':' {
		return "", false
	}
	return r.startOfPlain(flowStops)
}

func (r *reader) startOfPlain(stops *[256]bool) (string, bool) {
	switch r.text[r.at] {
	case ' ', '\t', '\n', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '?':
		return "", false
	case '-', ':':
		if r.blankAt(r.at + 1) {
			return "", false
		}
	}
	return r.lineOfPlain(stops)
}

// lineOfPlain reads a plain text up to the end of the line, a comment, a key's colon or a flow collection's own characters.
func (r *reader) lineOfPlain(stops *[256]bool) (string, bool) {
	text, start := r.text, r.at
	at := start
scan:
	for ; at < len(text); at++ {
		c := text[at]
		if !stops[c] {
			continue
		}
		switch c {
		case '\t':
			return "", false
		case ':':
			if r.blankAt(at + 1) {
				break scan
			}
		case '#':
			if text[at-1] == ' ' {
				break scan
			}
		default:
			break scan
		}
	}
	for at > start && text[at-1] == ' ' {
		at--
	}
	r.at = at
	return text[start:at], true
}

// plainValue goes on with a plain text after its first line.
func (r *reader) plainValue(first string, parent int) (any, bool) {
	end := r.at
	if !r.nextLine() {
		return nil, false
	}
	if r.column > parent {
		r.at = end
		return r.foldedPlain(first, parent)
	}
	return resolve(first)
}

// foldedPlain reads the further lines of a plain text: whatever is indented, up to a comment (YAML 1.1, 9.1.3). A text of
// several lines is never anything but a string.
func (r *reader) foldedPlain(first string, parent int) (any, bool) {
	folded := append(r.buffer[:0], first...)
	breaks, column := r.skipBreaks()
	for breaks > 0 && column > parent && r.at < len(r.text) {
		line, ok := r.lineOfPlain(blockStops)
		if !ok {
			return nil, false
		}
		if line == "" {
			break
		}
		folded = append(appendFold(folded, breaks), line...)
		breaks, column = r.skipBreaks()
	}
	r.buffer = folded
	if breaks > 0 && column <= parent {
		r.at -= column
		return string(folded), r.findToken()
	}
	return string(folded), r.nextLine()
}

// skipBreaks counts the line breaks up to the next token or comment, and tells its column.
func (r *reader) skipBreaks() (breaks, column int) {
	start := r.at
	for {
		r.skipSpaces()
		if r.at == len(r.text) || r.text[r.at] != '\n' {
			return breaks, r.at - start
		}
		r.at++
		breaks++
		start = r.at
	}
}

// appendFold makes a single line break a space and drops one of several (YAML 1.1, 5.7).
func appendFold(to []byte, breaks int) []byte {
	if breaks == 1 {
		return append(to, ' ')
	}
	return appendBreaks(to, breaks-1)
}

func appendBreaks(to []byte, breaks int) []byte {
	for ; breaks > 0; breaks-- {
		to = append(to, '\n')
	}
	return to
}
