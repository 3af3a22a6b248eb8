package parse

import "maps"

// What was parsed lately, because Helm parses all templates of a chart for each release of it. Nothing changes a tree
// after it was parsed, and the names of the functions, which decide what parses, are the same for all of Helm's templates.
var kept = map[keptKey]map[string]*Tree{}

type keptKey struct{ name, text, leftDelim, rightDelim string }

// A tree takes about twenty times as much as its text.
const maxKeptText = 2 << 20

var keptText int

// Parse is Go's own, but for texts that it has parsed before.
func Parse(name, text, leftDelim, rightDelim string, funcs ...map[string]any) (map[string]*Tree, error) {
	key := keptKey{name, text, leftDelim, rightDelim}
	if trees, ok := kept[key]; ok {
		return maps.Clone(trees), nil
	}
	trees, err := newParse(name, text, leftDelim, rightDelim, funcs...)
	if err != nil || len(text) > maxKeptText {
		return trees, err
	}
	if keptText += len(text); keptText > maxKeptText {
		clear(kept)
		keptText = len(text)
	}
	kept[key] = maps.Clone(trees)
	return trees, nil
}
