package plainyaml

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	kubernetes "sigs.k8s.io/yaml"
)

func TestMarshalWritesWhatTheKubernetesLibraryWrites(t *testing.T) {
	for seed := range int64(20_000) {
		value := randomValue(rand.New(rand.NewSource(seed)), 0)
		expectSame(t, value)
	}
}

func TestMarshalWritesTextsAsTheKubernetesLibraryDoes(t *testing.T) {
	for _, text := range strangeTexts {
		expectSame(t, text)
		expectSame(t, map[string]any{text: text})
		expectSame(t, []any{text, map[string]any{"a": text}})
	}
}

func TestMarshalWritesNumbersAsTheKubernetesLibraryDoes(t *testing.T) {
	for _, number := range plainNumbers {
		expectSame(t, number)
		expectSame(t, -number)
		expectSame(t, int64(number))
	}
}

func TestMarshalRefusesWhatContainsItselfAsTheKubernetesLibraryDoes(t *testing.T) {
	object := map[string]any{}
	object["itself"] = []any{object}
	expectSame(t, object)
}

func FuzzMarshal(f *testing.F) {
	for _, text := range strangeTexts {
		f.Add(text, 0.5)
	}
	for _, number := range plainNumbers {
		f.Add("a", number)
	}
	f.Fuzz(func(t *testing.T, text string, number float64) {
		expectSame(t, map[string]any{text: number, "text": text, "list": []any{text, number}})
	})
}

// expectSame asks the library more than once: there are keys between which it does not decide on an order.
func expectSame(t *testing.T, value any) {
	t.Helper()
	written, err := Marshal(value)
	var expected []byte
	for range 100 {
		var expectedErr error
		expected, expectedErr = kubernetes.Marshal(value)
		if string(written) == string(expected) && fmt.Sprint(err) == fmt.Sprint(expectedErr) {
			return
		}
	}
	t.Fatalf("%#v is written as\n%s, not\n%s", value, written, expected)
}

var strangeTexts = []string{
	"", " ", "a", "a b", "true", "yes", "on", "Null", "~", "-", "?", ":", "- a", "a: b", "a #b", "#a", "'", `"`, `\`, "1", "1.0", "0x1F", "0o7", "0777", "1e3", "1_000",
	".5", ".inf", "12:30:45", "2026-11-21", "2026-11-21T10:00:00Z", "<<", "=", "!a", "&a", "*a", "%a", "@a", "`a", "{a}", "[a]", "a,b", "|", ">", "a\nb", "a\n", "\na", "a\n\n",
	" a\nb", "a\tb", "\ta", "a\rb", "\x00", "\x1b", "\x7f", "é", "\u0085", "\u2028", "\ufeff", "\ufffe", "😀", "\xff", "<html> & co", "---", "--- a", "...", "a  b", "a ", "\u00a0",
	"a\n b\n\n  c\n", "a \nb", "a\n\n\n", "a\tb\n", "x: 1\ny: 2\n", "a:", "a:b", "a: ", "http://a:80/b?c=d&e", "100m", "64Mi", "v1.0", "/a", "_a", "a#b", "a'b", `a"b`, "a, b", "y", "N", "off", "OFF",
	"a1", "a01", "a10", "a2", "a100b", "a10b", "a1b2", "a_", "a.b", "a-b", "A", "Z", "1a", "10a", "9a", "a001", "a0", "a00", "a10.0", "a9.0", "1234567890123456789", "a12345678901234567890",
	strings.Repeat("long ", 60), strings.Repeat("x", 99), strings.Repeat("x", 101), strings.Repeat("x", 130), strings.Repeat("x", 200), strings.Repeat("<", 200), strings.Repeat("x", 1100),
}

var plainNumbers = []float64{
	0, math.Copysign(0, -1), 1, 1.5, 0.1, 1e-3, 1e-4, 1e-5, 9.99e-6, 1e-6, 1e-7, 123456.789, 1e6, 1e14, 999999999999999, 1e15, 1e16, 1e20, 1e21, 1e22, 1 << 53, 1<<53 + 2,
	math.MaxInt64, math.MaxFloat64, math.SmallestNonzeroFloat64, 0.30000000000000004, 100000.5, 123456789012.25,
}

// randomValue is made of what values are made of, and seldom of something else.
func randomValue(random *rand.Rand, depth int) any {
	switch kind := random.Intn(12); {
	case kind < 3 && depth < 4:
		node := map[string]any{}
		for range random.Intn(5) {
			node[strangeTexts[random.Intn(len(strangeTexts))]] = randomValue(random, depth+1)
		}
		return node
	case kind < 5 && depth < 4:
		node := make([]any, random.Intn(5))
		for i := range node {
			node[i] = randomValue(random, depth+1)
		}
		return node
	case kind < 7:
		return plainNumbers[random.Intn(len(plainNumbers))]
	default:
		return randomScalar(random)
	}
}

func randomScalar(random *rand.Rand) any {
	text := strangeTexts[random.Intn(len(strangeTexts))]
	scalars := []any{text, text, text, nil, true, false, 5, int64(7), map[string]any(nil), []any(nil), []string{text}, map[string]string{text: text}, uint8(3), float32(1.5)}
	return scalars[random.Intn(len(scalars))]
}
