package plainyaml

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

type (
	object = map[string]any
	list   = []any
)

const number = json.Number("7")

var plainDocuments = map[string]any{
	"":                                  nil,
	"# only a comment\n":                nil,
	"---\n":                             nil,
	"--- # comment\na: 7":               object{"a": number},
	"a:\nb: # nothing\n":                object{"a": nil, "b": nil},
	"  a: 7\n  b: 7\n":                  object{"a": number, "b": number},
	"a : 7\nb  :  7  # c":               object{"a": number, "b": number},
	"\"a b\": 7\n'c': 7":                object{"a b": number, "c": number},
	"a: b:c\n":                          object{"a": "b:c"},
	"a:b: c#d\n":                        object{"a:b": "c#d"},
	"a: :80\nb: -x\n":                   object{"a": ":80", "b": "-x"},
	"a: x y # c\n":                      object{"a": "x y"},
	"a:\n  b: x\n\n # c\n# d\n  c: z\n": object{"a": object{"b": "x", "c": "z"}},
	"a:\n  x\nb:\n  'y'\n":              object{"a": "x", "b": "y"},

	"- x\n- 7\n-\n- - w\n  - z\n":         list{"x", number, nil, list{"w", "z"}},
	"a:\n- x\n- z\nb: 7\n":                object{"a": list{"x", "z"}, "b": number},
	"a:\n  - x\nb: 7\n":                   object{"a": list{"x"}, "b": number},
	"- a: 7\n  b:\n  - x\n- c: 7\n":       list{object{"a": number, "b": list{"x"}}, object{"c": number}},
	"-   a: x\n    b: w\n-\n  c: z\n":     list{object{"a": "x", "b": "w"}, object{"c": "z"}},
	"- # c\n  x\n-   # c\n":               list{"x", nil},
	"a:\n-\nb: 7\n":                       object{"a": list{nil}, "b": number},
	"a: x\n  y\n\n\n  - z\n# c\nb: 7\n":   object{"a": "x y\n\n- z", "b": number},
	"- x\n y # c\n- z\n":                  list{"x y", "z"},
	"a:\n  x: \"1\n\n    2 \\\n   3\"\n":  object{"a": object{"x": "1\n2 3"}},
	"a: 'x\ny  \n\n  z'\n":                object{"a": "x y\nz"},
	`a: "\x41\u00e9\U0001F600\t\"\\\e\0"`: object{"a": "Aé😀\t\"\\\x1b\x00"},
	"a: 'it''s'\nb: ''\nc: \"\"\n":        object{"a": "it's", "b": "", "c": ""},
	"a: \"x\ty\"\n":                       object{"a": "x\ty"},

	"a: |\n  x\n\n   y\n  # z\nb: 7\n":            object{"a": "x\n\n y\n# z\n", "b": number},
	"a: |-\n  x\n\nb: |+\n  y\n\n":                object{"a": "x", "b": "y\n\n"},
	"a: |\n  x":                                   object{"a": "x"},
	"a: |2 # c\n   x\n":                           object{"a": " x\n"},
	"a: |+1\n x\n \n":                             object{"a": "x\n\n"},
	"a: |\n    \nb: |+\n\n\nc: >-\n":              object{"a": "", "b": "\n\n", "c": ""},
	"a: >\n  x\n  y\n\n  z\n   w\n  v\n\n\n  u\n": object{"a": "x y\nz\n w\nv\n\nu\n"},
	"- |\n x\n- >-\n y\n z\n":                     list{"x\n", "y z"},
	"- a: |\n    x\n  b: 7\n":                     list{object{"a": "x\n", "b": number}},

	"a: {}\nb: []\nc: { }":                              object{"a": object{}, "b": list{}, "c": object{}},
	"a: {b: x y, \"c\":7, d: , e: [7,],}":               object{"a": object{"b": "x y", "c": number, "d": nil, "e": list{number}}},
	"{\n\"a\": [\n7, # c\n  x\n],\n  \"b\": \"c\"\n}\n": object{"a": list{number, "x"}, "b": "c"},
	"[a:b, -1x, 'y', \"z\"]":                            list{"a:b", "-1x", "y", "z"},
	"a: [{b: 7}, [x]] # c":                              object{"a": list{object{"b": number}, list{"x"}}},
}

func TestReadsPlainDocuments(t *testing.T) {
	for document, want := range plainDocuments {
		got, ok := Read(document)
		if !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("read %#v, %v instead of %#v:\n%s", got, ok, want, document)
		}
		compare(t, document)
	}
}

var plainTexts = map[string]any{
	"x": "x", "nope": "nope", "yesterday": "yesterday", "Off-by-one": "Off-by-one", "tRUE": "tRUE", "nULL": "nULL", "<<": "<<",
	"true": true, "True": true, "TRUE": true, "yes": true, "y": true, "Y": true, "on": true, "ON": true,
	"false": false, "no": false, "N": false, "n": false, "off": false, "Off": false, "null": nil, "Null": nil, "~": nil, "~x": "~x",
	"0": json.Number("0"), "10": json.Number("10"), "-3": json.Number("-3"), "+3": json.Number("3"), "-0": json.Number("0"),
	"007": number, "08": json.Number("8"), "0o17": json.Number("15"), "0x1F": json.Number("31"), "0b11": json.Number("3"),
	"-0b11":           json.Number("-3"),
	"999999999999999": json.Number("999999999999999"), "18446744073709551615": json.Number("18446744073709551615"),
	"18446744073709551616": json.Number("18446744073709552000"), "1.50": json.Number("1.5"), "1.": json.Number("1"), ".5": json.Number("0.5"),
	"1e3": json.Number("1000"), "1e-7": json.Number("1e-7"), "1E+21": json.Number("1e+21"), "1e999": "1e999", "-.5": json.Number("-0.5"),
	"12345e67": json.Number("1.2345e+71"), "0x": "0x", "--": "--", "+": "+", "..": "..", ".e5": ".e5",
	"1.2.3": "1.2.3", "10.0.0.0/8": "10.0.0.0/8", "100m": "100m", "64Mi": "64Mi", "1Gi": "1Gi", "25%": "25%", "5s": "5s", "1:30": "1:30", "190:20:30.15": "190:20:30.15",
	"2024-01-02": "2024-01-02", "2024-01-02T03:04:05Z": "2024-01-02T03:04:05Z", "2024-01-02 03:04:05": "2024-01-02 03:04:05",
	"0f4a1c2d": "0f4a1c2d", "1f": "1f", "1e": "1e", "1-2": "1-2", "1 2": "1 2", "+x": "+x", ".inf.": ".inf.", "inf": "inf", "nan": "nan",
	"a,b": "a,b", "x]": "x]", "x{y}": "x{y}", "a'b": "a'b", "a\"b": "a\"b", "a&b": "a&b", "a*": "a*", "a!": "a!", "é": "é", "日本": "日本",
}

func TestResolvesPlainTextsAsYAMLDoes(t *testing.T) {
	for text, want := range plainTexts {
		document := "a: " + text + "\n"
		for range 2 {
			got, ok := Read(document)
			if !ok || !reflect.DeepEqual(got, object{"a": want}) {
				t.Errorf("%s is read as %#v, %v", text, got, ok)
			}
		}
		compare(t, document)
		compare(t, "a: ["+text+"]\n")
		compare(t, "a: {b: "+text+"}\n")
		compare(t, text+": a\n")
		compare(t, "- "+text+"\n")
	}
}

var notPlain = []string{
	"a: &x 7", "a: *x", "a: !!str 7", "!x a: 7", "%YAML 1.1\n---\na: 7", "? a\n: 7", "<<: {a: 7}", "a: 7\n<<: 7", "{<<: {a: 7}}",
	"a: 7\na: 7", "{a: 7, a: 7}", "a: 7\n\"a\": 7", "a: 7\n---\nb: 7", "a: 7\n...\n", "... \n", "--- a: 7", "a: |\n x\n---\n", "a: x\n---\n",
	"a: 'x\n---\n'", "a: \"x\\\n---\n\"", "[\n---\n]", "true: 7", "y: 7", "1: 7", "1.5: 7", "~: 7", "null: 7", ": 7", "{: 7}", "{y: 7}", ".inf: 7",
	"a: .inf", "a: 1_000", "a: 0_x1f", "a: 0b-1", "a: -1__", "a: ._1", "a: -.INF", "a: .nan", "a:\t7", "\ta: 7", "a: 7\t", "a: x\ty", "-\tx", "[\t7]", "a: 7\n\t\nb: 7", "a: 7\r\n", "a: \"\x00\"", "a: \x7f", "a: \xff",
	"a: \xed\xa0\x80", "\ufeffa: 7", "a: x\u0085", "a: x\u2028y", "a: \"\u2029\"", "a: \ufffe", "a: \uffff", "{\"a\nb\": 7}", "{\"" + strings.Repeat("k", 1100) + "\": 7}", "a: \u0080", "x", "'x'", "7", "|\n x", "a: b: 7", "a: - 7", "a: x\n b: 7",
	"a:\n    b: 7\n  c: 7", "a: 7\n b: 7", "a: 7\n- b", "- a\nb: 7", "- a\n  - b: c: d", "a: 'x' y", "a: \"x\"y", "a: 'x", "a: \"x", "a: \"\\", "a: \"\\q\"", "a: \"\\/\"",
	"a: \"\\ud83d\\ude00\"", "a: \"\\u12\"", "a: \"\\U00110000\"", "'a\nb': 7", "\"a\" \n: 7", "a: |x", "a: |0\n x", "a: |--\n x", "a: |12\n x", "a: |\n   \n  x", "a: |\n  \tx\n \ty",
	"a: |\n  x\n y", "a: |#c\n x", "a: [", "a: {", "a: {b", "a: {b}", "a: {b: 7", "a: [x", "a: [,]", "a: [x,,y]", "a: {,}", "a: [x: y]", "a: [x\ny]", "a: [x] y", "a: {\"b\"\n: 7}", "a: [? x]", "a: [x?y]",
	"a: [:x]", "a: [- x]", "a: [&x 7]", "[a]: 7", "{a: b}: 7", "a: @x", "a: `x", "a: %x", "a: ,x", "a: ]", "a: }", "a: ?x", "a: *", "a\n", "a: 7\nb\n", strings.Repeat("k", 1100) + ": 7", "'" + strings.Repeat("k", 1100) + "': 7",
	strings.Repeat("[", 101) + strings.Repeat("]", 101), strings.Repeat("- ", 101) + "x", "{a: " + strings.Repeat("{a: ", 100) + strings.Repeat("}", 101),
}

func TestGivesUpOnWhatIsNotPlain(t *testing.T) {
	for _, document := range notPlain {
		if value, ok := Read(document); ok {
			t.Errorf("read %#v:\n%s\n%q", value, document, document)
		}
	}
}

func TestReadsHostileDocumentsInTimeThatGrowsWithTheirSize(t *testing.T) {
	const bytes = 1 << 18
	for _, part := range []string{
		" ", "\n", "#", "# c\n", "- ", "-\n", "a", "a:", "a: ", "a:\n", "[", "{", "{a: ", "[[],", "7,", "'", "\"", "''", "\\", "\\n", "x\n ", "x # c\n ", "0", ".", "0.1\n", "- 0.1\n", "- 0xf\n", "-", "+", "|\n", "- |\n", "- x\n", "é", "\n   ",
	} {
		repeated := strings.Repeat(part, bytes/len(part))
		for _, start := range []string{"", "a: ", "a: [", "a: {b: ", "a: '", "a: \"", "a: |\n ", "a: >+\n\n\n ", "a:\n- ", "a: x\n "} {
			Read(start + repeated)
		}
	}
}

func TestReadsTheManifestsOfAChart(t *testing.T) {
	text, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for document := range strings.SplitSeq(string(text), "---\n") {
		if !compare(t, document) {
			t.Errorf("gave up on:\n%s", document)
		}
	}
}

// theirs is how a document is read without this package.
func theirs(document string) (value any, err error) {
	text, err := yaml.YAMLToJSON([]byte(document))
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}

// compare fails if Read is sure of anything else than what theirs reads, and tells whether it was sure.
func compare(t *testing.T, document string) bool {
	t.Helper()
	ours, ok := Read(document)
	if !ok {
		return false
	}
	want, err := theirs(document)
	if err != nil {
		t.Fatalf("read %#v, but it is refused with %q:\n%s\n%q", ours, err, document, document)
	}
	if !reflect.DeepEqual(ours, want) {
		t.Fatalf("read\n%#v\ninstead of\n%#v:\n%s\n%q", ours, want, document, document)
	}
	return true
}
