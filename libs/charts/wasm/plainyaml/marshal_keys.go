package plainyaml

import (
	"cmp"
	"strings"
)

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
