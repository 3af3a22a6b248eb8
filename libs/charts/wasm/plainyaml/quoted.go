package plainyaml

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// quoted reads a quoted text with its quotes.
func (r *reader) quoted() (string, bool) {
	text, quote, start := r.text, r.text[r.at], r.at+1
	for at := start; at < len(text); at++ {
		switch c := text[at]; {
		case c == quote && (quote == '"' || at+1 == len(text) || text[at+1] != '\''):
			r.at = at + 1
			return text[start:at], true
		case c == quote, c == '\n', c == '\\' && quote == '"':
			return r.unquote(start, at, quote)
		}
	}
	return "", false
}

// unquote reads a quoted text that is not written as it reads, from the first such place on.
func (r *reader) unquote(start, at int, quote byte) (string, bool) {
	text := r.text
	unquoted := append(r.buffer[:0], strings.TrimRight(text[start:at], " \t")...)
	r.at = start + len(unquoted)
	for r.at < len(text) {
		c := text[r.at]
		switch {
		case c == quote && quote == '\'' && strings.HasPrefix(text[r.at:], "''"):
			unquoted = append(unquoted, '\'')
			r.at += 2
		case c == quote:
			r.at++
			r.buffer = unquoted
			return string(unquoted), true
		case c == '\\' && quote == '"':
			var ok bool
			if unquoted, ok = r.escape(unquoted); !ok {
				return "", false
			}
		case isBlank(c):
			var ok bool
			if unquoted, ok = r.quotedBlanks(unquoted); !ok {
				return "", false
			}
		default:
			unquoted = append(unquoted, c)
			r.at++
		}
	}
	return "", false
}

// quotedBlanks keeps blanks within a line and folds those around line breaks.
func (r *reader) quotedBlanks(to []byte) ([]byte, bool) {
	start := r.at
	breaks, ok := r.skipQuotedBreaks()
	if breaks == 0 {
		return append(to, r.text[start:r.at]...), ok
	}
	return appendFold(to, breaks), ok
}

func (r *reader) skipQuotedBreaks() (breaks int, ok bool) {
	for r.at < len(r.text) && isBlank(r.text[r.at]) {
		if r.text[r.at] == '\n' {
			breaks++
		}
		r.at++
		if r.text[r.at-1] == '\n' && r.isDocumentMarker() {
			return breaks, false
		}
	}
	return breaks, true
}

var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b", ' ': " ", '"': `"`,
	'\'': "'", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

var escapedDigits = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// escape reads a backslash and what it stands before. yaml/v2 does not know `\/`, nor surrogates.
func (r *reader) escape(to []byte) ([]byte, bool) {
	if r.at+1 == len(r.text) {
		return nil, false
	}
	c := r.text[r.at+1]
	r.at += 2
	if c == '\n' {
		return r.escapedBreak(to)
	}
	if text, ok := escapes[c]; ok {
		return append(to, text...), true
	}
	digits := escapedDigits[c]
	if digits == 0 || len(r.text)-r.at < digits {
		return nil, false
	}
	char, err := strconv.ParseUint(r.text[r.at:r.at+digits], 16, 32)
	if err != nil || char > utf8.MaxRune || !utf8.ValidRune(rune(char)) {
		return nil, false
	}
	r.at += digits
	return utf8.AppendRune(to, rune(char)), true
}

// escapedBreak joins two lines without a space.
func (r *reader) escapedBreak(to []byte) ([]byte, bool) {
	if r.isDocumentMarker() {
		return nil, false
	}
	breaks, ok := r.skipQuotedBreaks()
	return appendBreaks(to, breaks), ok
}
