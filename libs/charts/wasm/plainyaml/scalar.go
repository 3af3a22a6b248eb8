package plainyaml

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"sigs.k8s.io/yaml"
)

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
	folded := []byte(first)
	for {
		breaks, column := r.skipBreaks()
		if breaks == 0 {
			return string(folded), r.nextLine()
		}
		if column <= parent || r.at == len(r.text) {
			r.at -= column
			return string(folded), r.findToken()
		}
		line, ok := r.lineOfPlain(blockStops)
		if !ok {
			return nil, false
		}
		if line == "" {
			return string(folded), r.nextLine()
		}
		folded = append(appendFold(folded, breaks), line...)
	}
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
	unquoted := []byte(strings.TrimRight(text[start:at], " \t"))
	r.at = start + len(unquoted)
	for r.at < len(text) {
		c := text[r.at]
		switch {
		case c == quote && quote == '\'' && strings.HasPrefix(text[r.at:], "''"):
			unquoted = append(unquoted, '\'')
			r.at += 2
		case c == quote:
			r.at++
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

// isKey is false for plain keys that yaml/v2 does not read as strings, or that it merges.
func isKey(text string) bool {
	if text == "<<" {
		return false
	}
	switch kinds[text[0]] {
	case 'w':
		_, isWord := word(text)
		return !isWord
	case 'n':
		return !canBeNumber(text)
	}
	return true
}

// kinds tells by the first character what a plain text may be but a string: a word of YAML 1.1, or a number.
var kinds = kindsByFirst()

func kindsByFirst() (kinds [256]byte) {
	for _, c := range []byte("yYnNtTfFoO~") {
		kinds[c] = 'w'
	}
	for _, c := range []byte("0123456789+-.") {
		kinds[c] = 'n'
	}
	return kinds
}

// resolve finds the value of a plain text as yaml/v2 does.
func resolve(text string) (any, bool) {
	switch kinds[text[0]] {
	case 'w':
		if value, isWord := word(text); isWord {
			return value, true
		}
	case 'n':
		if isDecimal(text) {
			return json.Number(text), true
		}
		if canBeNumber(text) {
			return resolveNumber(text)
		}
	}
	return text, true
}

func word(text string) (value any, isWord bool) {
	switch text {
	case "true", "True", "TRUE", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON":
		return true, true
	case "false", "False", "FALSE", "no", "No", "NO", "n", "N", "off", "Off", "OFF":
		return false, true
	case "null", "Null", "NULL", "~":
		return nil, true
	}
	return nil, false
}

// isDecimal is true for integers that JSON writes the same way.
func isDecimal(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if len(digits) == 0 || len(digits) > 15 || digits[0] == '0' && text != "0" {
		return false
	}
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}

// canBeNumber is false for what yaml/v2 surely takes for a string.
func canBeNumber(text string) bool {
	points, hasHexDigit, hasX := 0, false, false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '-', '_', 'e', 'E', 'b', 'B', 'o', 'O':
		case '.':
			points++
		case 'a', 'c', 'd', 'f', 'A', 'C', 'D', 'F':
			hasHexDigit = true
		case 'x', 'X':
			hasX = true
		default:
			return isNotFinite(text)
		}
	}
	return points < 2 && (hasX || !hasHexDigit)
}

// isNotFinite is true for numbers that JSON has no way to write.
func isNotFinite(text string) bool {
	switch strings.TrimLeft(text, "+-") {
	case ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN":
		return true
	}
	return false
}

// Numbers such as 0.5 or 0x1F are few and come again and again.
var (
	numbersMutex sync.Mutex
	numbers      = map[string]any{}
)

const (
	maxNumbers     = 256
	maxNumberBytes = 32
)

// resolveNumber leaves it to sigs.k8s.io/yaml what a text made of a number's characters is. On its own it is the same as
// within a document, unless it is a dash or a document marker there, which have no digit.
func resolveNumber(text string) (any, bool) {
	switch {
	case isNotFinite(text):
		return nil, false
	case !strings.ContainsAny(text, "0123456789"):
		return text, true
	case len(text) > maxNumberBytes:
		return readNumber(text)
	}
	numbersMutex.Lock()
	defer numbersMutex.Unlock()
	if value, isKnown := numbers[text]; isKnown {
		return value, true
	}
	text = strings.Clone(text)
	value, ok := readNumber(text)
	if ok {
		if len(numbers) == maxNumbers {
			clear(numbers)
		}
		numbers[text] = value
	}
	return value, ok
}

func readNumber(text string) (any, bool) {
	encoded, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil, false
	}
	if encoded[0] == '"' {
		return text, true
	}
	return json.Number(encoded), true
}
