package plainyaml

import (
	"strings"
	"sync"

	"go.yaml.in/yaml/v2"
)

// Where a line is longer, yaml/v2 goes on in the next one after a space.
const maxWidth = 80

// line writes a text without line breaks, in quotes where it needs them.
func (w *marshaller) line(text string) bool {
	if w.isTooLong(text) {
		return false
	}
	if !isPlainText(text) {
		var ok bool
		if text, ok = quoted.find(text); !ok || w.isTooLong(text) {
			return false
		}
	}
	w.text = append(w.text, text...)
	return true
}

func (w *marshaller) isTooLong(text string) bool {
	return len(w.text)-w.lineStart+len(text) > maxWidth && strings.Contains(text, " ")
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
