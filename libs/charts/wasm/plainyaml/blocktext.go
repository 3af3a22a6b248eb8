package plainyaml

// A block text (YAML 1.1, 9.2): how it is written, from its header.
type blockStyle struct {
	folded bool
	chomp  byte // '-' drops all line breaks at the end, '+' keeps them, 0 keeps one
	indent int  // 0: that of the first line
}

func (r *reader) blockText(parent int) (any, bool) {
	style := r.blockHeader()
	if !r.atLineEnd() {
		return nil, false
	}
	if r.at = lineEnd(r.text, r.at); r.at < len(r.text) {
		r.at++
	}
	if style.indent > 0 {
		style.indent += parent
	} else if !r.findBlockIndent(&style, parent) {
		return nil, false
	}
	text, ok := r.blockLines(style)
	return text, ok && r.findToken()
}

func (r *reader) blockHeader() blockStyle {
	style := blockStyle{folded: r.text[r.at] == '>'}
	for r.at++; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case (c == '-' || c == '+') && style.chomp == 0:
			style.chomp = c
		case c >= '1' && c <= '9' && style.indent == 0:
			style.indent = int(c - '0')
		default:
			return style
		}
	}
	return style
}

// findBlockIndent gives up on blank lines that are wider than the first that is not: YAML forbids them.
func (r *reader) findBlockIndent(style *blockStyle, parent int) bool {
	at, start, widest := r.at, r.at, 0
	for at < len(r.text) && (r.text[at] == ' ' || r.text[at] == '\n') {
		at++
		if r.text[at-1] == '\n' {
			start = at
		}
		widest = max(widest, at-start)
	}
	column := at - start
	style.indent = max(widest, parent+1)
	isTab := at < len(r.text) && r.text[at] == '\t'
	return !isTab && (column <= parent || column == widest)
}

// blockLines reads the lines from the indentation on, up to a line that is indented less.
func (r *reader) blockLines(style blockStyle) (string, bool) {
	text, at := r.text, r.at
	lines := r.buffer[:0]
	breaks, isBroken, wasBlank := 0, false, false
	for at < len(text) {
		start := at
		for at < len(text) && at-start < style.indent && text[at] == ' ' {
			at++
		}
		if at == len(text) {
			break
		}
		if text[at] == '\n' {
			at++
			breaks++
			continue
		}
		if at-start < style.indent {
			if text[at] == '\t' {
				return "", false
			}
			at = start
			break
		}
		startsBlank := isBlank(text[at])
		switch {
		case !isBroken:
			lines = appendBreaks(lines, breaks)
		case style.folded && !wasBlank && !startsBlank:
			lines = appendFold(lines, breaks+1)
		default:
			lines = appendBreaks(lines, breaks+1)
		}
		end := lineEnd(text, at)
		lines = append(lines, text[at:end]...)
		breaks, wasBlank, isBroken = 0, startsBlank, end < len(text)
		at = min(end+1, len(text))
	}
	r.at = at
	if style.chomp != '-' && isBroken {
		lines = append(lines, '\n')
	}
	if style.chomp == '+' {
		lines = appendBreaks(lines, breaks)
	}
	r.buffer = lines
	return string(lines), true
}
