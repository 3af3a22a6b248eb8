package plainyaml

import (
	"math"

	"go.yaml.in/yaml/v2"
	kubernetes "sigs.k8s.io/yaml"
)

// Marshal gives the bytes that sigs.k8s.io/yaml gives, which goes to JSON and reads that as YAML first.
func Marshal(value any) ([]byte, error) {
	if read, ok := readFromJSON(value, 0); ok {
		return yaml.Marshal(read)
	}
	return kubernetes.Marshal(value)
}

const (
	// Of other sizes JSON writes a number with an exponent, or YAML takes it for another one.
	maxPlainNumber = 1e15
	minPlainNumber = 1e-5
	// A key in YAML ends within 1,024 characters, and JSON may write one as six.
	maxKey = 150
)

// readFromJSON is what a value has become after JSON and YAML's reader; ok is false for what values are seldom made of.
func readFromJSON(value any, depth int) (read any, ok bool) {
	// A template may put an object into itself.
	if depth > maxDepth {
		return nil, false
	}
	switch node := value.(type) {
	case nil, bool, int, int64:
		return node, true
	case string:
		return node, isASCII(node)
	case float64:
		return numberFromJSON(node)
	case map[string]any:
		return mapFromJSON(node, depth)
	case []any:
		return listFromJSON(node, depth)
	default:
		return nil, false
	}
}

func numberFromJSON(number float64) (any, bool) {
	size := math.Abs(number)
	if size < maxPlainNumber && number == math.Trunc(number) {
		return int64(number), true
	}
	return number, size >= minPlainNumber && size < maxPlainNumber
}

func mapFromJSON(node map[string]any, depth int) (any, bool) {
	if node == nil {
		return nil, true
	}
	read := make(map[string]any, len(node))
	for key, child := range node {
		value, ok := readFromJSON(child, depth+1)
		if !ok || key == "<<" || len(key) > maxKey || !isASCII(key) {
			return nil, false
		}
		read[key] = value
	}
	return read, true
}

func listFromJSON(node []any, depth int) (any, bool) {
	if node == nil {
		return nil, true
	}
	read := make([]any, len(node))
	for i, child := range node {
		var ok bool
		if read[i], ok = readFromJSON(child, depth+1); !ok {
			return nil, false
		}
	}
	return read, true
}

// isASCII is false for DEL as well, which YAML does not read.
func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x7f {
			return false
		}
	}
	return true
}
