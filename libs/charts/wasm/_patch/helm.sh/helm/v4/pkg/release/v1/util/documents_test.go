package util

import (
	"math/rand"
	"reflect"
	"strings"
	"testing"
)

func TestDocumentsAreSplitAsByTheExpression(t *testing.T) {
	parts := []string{"---", "----", "--", "\n", "\n", "\r\n", " ", "\t", "a: 1", "# x", "\u00a0", "\u2028", "\xff", "--- ", "---\t"}
	random := rand.New(rand.NewSource(1))
	for range 100_000 {
		var text strings.Builder
		for range random.Intn(8) {
			text.WriteString(parts[random.Intn(len(parts))])
		}
		expected := sep.Split(text.String(), -1)
		if split := splitAtSeparators(text.String()); !reflect.DeepEqual(split, expected) {
			t.Fatalf("%q is split into %q, not %q", text.String(), split, expected)
		}
	}
}
