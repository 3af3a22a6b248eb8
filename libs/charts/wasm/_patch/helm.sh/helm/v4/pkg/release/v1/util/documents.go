package util

import (
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// ReadHead may be replaced by what reads documents faster, with the same result.
var ReadHead = func(document string, head *SimpleHead) error {
	return yaml.Unmarshal([]byte(document), head)
}

const separator = "---"

// splitAtSeparators is sep.Split: a separator is three dashes at the start of a line and the blanks after them.
func splitAtSeparators(text string) (documents []string) {
	start := 0
	for at := 0; at >= 0; at = nextLine(text, at) {
		if !strings.HasPrefix(text[at:], separator) {
			continue
		}
		documents = append(documents, text[start:at])
		for at += len(separator); at < len(text) && (text[at] == ' ' || text[at] == '\t'); {
			at++
		}
		start = at
	}
	return append(documents, text[start:])
}

// nextLine is where the line after this place starts, or -1.
func nextLine(text string, at int) int {
	end := strings.IndexByte(text[at:], '\n')
	if end < 0 {
		return -1
	}
	return at + end + 1
}

// placeOf is where a kind comes in the order; ok is false for one that is not in it.
func placeOf(kind string, order KindSortOrder) (place int, ok bool) {
	place = slices.Index(order, kind)
	return max(place, 0), place >= 0
}
