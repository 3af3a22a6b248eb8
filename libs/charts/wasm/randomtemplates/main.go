// Prints what so many random templates give. By Go's own text/template and by the patched one it must be the same.
package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
)

// Values is a map with methods, as Helm's is.
type Values map[string]any

func (v Values) AsMap() map[string]any             { return v }
func (v Values) Table(name string) (Values, error) { return nil, errors.New("no table " + name) }

// late is a map with a method of its address.
type late map[string]any

func (l *late) AsMap() string { return fmt.Sprint("late", len(*l)) }

type object struct {
	Name  string
	Inner any
	own   any
}

func (o *object) Greet(s string) string { return s + o.Name }

type named string

func (n named) String() string { return "named " + string(n) }

// One function of each signature that is called without reflection, and some that are not.
var functions = template.FuncMap{
	"lower": strings.ToLower, "both": func(a, b string) string { return a + b }, "replace": func(a, b, c string) string { return strings.ReplaceAll(c, a, b) },
	"indent": func(n int, s string) string { return strings.Repeat(" ", max(n, 0)%9) + s }, "typed": func(v any) string { return fmt.Sprintf("%T", v) },
	"rest":    func(v ...any) string { return fmt.Sprint(v == nil, len(v), cap(v)) },
	"fails":   func(s string, v any) (string, error) { return s, fmt.Errorf("failed %T", v) },
	"require": func(s string, v any) (any, error) { return v, map[bool]error{true: errors.New(s)}[v == nil] },
	"has":     strings.Contains, "kindIs": func(s string, v any) bool { return fmt.Sprintf("%T", v) == s }, "empty": func(v any) bool { return v == nil },
	"int": func(v any) int { n, _ := v.(int); return n }, "same": func(v any) any { return v }, "nothing": func(...any) any { return nil },
	"default": func(d any, v ...any) any { return append(v, d)[0] }, "ternary": func(a, b any, c bool) any { return map[bool]any{true: a, false: b}[c] },
	"list": func(v ...any) []any { return v }, "none": func(...any) map[string]any { return nil },
	"dict":   func(v ...any) map[string]any { return map[string]any{"a": v, "AsMap": len(v)} },
	"values": func() any { return Values{"a": map[string]any{"b": Values{"c": 1}}, "AsMap": 1, "b": "text"} },
	"late":   func() []late { return []late{{"a": 1}} },
	"seen":   func(v reflect.Value) bool { return v.Kind() == reflect.Interface },
	"kinds": func(v reflect.Value, w ...reflect.Value) (reflect.Value, error) {
		text := fmt.Sprint(w == nil)
		for _, v := range append(w, v) {
			text += fmt.Sprint(v.IsValid() && v.CanAddr(), v.Kind())
		}
		return []reflect.Value{reflect.ValueOf(text), {}}[len(w)/2], nil
	},
	"boom": func(s string) string { panic("boom " + s) }, "boomIndex": func(v ...any) string { return v[len(v)].(string) },
	"noFunc": (func(string) string)(nil), "hasKey": func(m map[string]any, s string) bool { return m[s] != nil }, "join": func(v []any) string { return fmt.Sprint(v...) },
}

var arity = map[string]int{"eq": 2, "ne": 2, "lt": 2, "not": 1, "len": 1, "index": 2, "slice": 2, "printf": 2, "print": 2, "and": 2, "or": 2, "call": 2, "html": 1, "values": 0, "none": 0}
var known = slices.Sorted(maps.Keys(arity))

type generator struct{ *rand.Rand }

func (g generator) of(choices ...string) string { return choices[g.Intn(len(choices))] }

func (g generator) chain() string {
	text := g.of("", "$", "$v", "(values)")
	for more := true; more; more = g.Intn(3) == 0 {
		text += "." + g.of("a", "a", "a", "b", "b", g.of("c", "AsMap", "AsMap", "AsMap", "Table", "Name", "Inner", "Greet", "own", "missing"))
	}
	return text
}

func (g generator) operand(depth int) string {
	switch n := g.Intn(9); {
	case n < 2:
		return g.of(`"a"`, `"b"`, `"%v"`, `"x%"`, "`AsMap`", "1", "0", "-1", "1.5", "'c'", "true", "nil", ".", "$", "$v", "rest", "nothing", "values")
	case n < 5 && depth < 4:
		return "(" + g.pipeline(depth+1) + ")" + g.of("", "", ".a", ".AsMap.b")
	}
	return g.chain()
}

func (g generator) call(depth, piped int) string {
	name := known[g.Intn(len(known))]
	text, n := name, arity[name]-piped
	if t := reflect.TypeOf(functions[name]); t != nil {
		if n = t.NumIn() - piped; t.IsVariadic() {
			n += g.Intn(3) - 1
		}
	}
	if g.Intn(30) == 0 {
		n++
	}
	for range n {
		text += " " + g.of("%s", "%s", `"a"`, "(print %s)", "(dict %s)", "(len %s)")
		if strings.Contains(text, "%s") {
			text = strings.Replace(text, "%s", g.operand(depth+1), 1)
		}
	}
	return text
}

func (g generator) pipeline(depth int) string {
	text := g.chain()
	switch g.Intn(5) {
	case 0:
		text = g.operand(depth)
	case 1, 2:
		text = g.call(depth, 0)
	case 3:
		text += g.of("", "", " "+g.operand(depth+1))
	}
	for g.Intn(4) == 0 {
		text += " | " + g.call(depth, 1)
	}
	return text
}

func (g generator) body(depth int) (text string) {
	for range g.Intn(3) + 1 {
		switch n := g.Intn(8); {
		case depth > 2 || n < 4:
			text += "{{" + g.of("", "", "", "$v = ", "$v := ") + g.pipeline(0) + "}},"
		case n == 4:
			text += "{{if " + g.pipeline(0) + "}}" + g.body(depth+1) + "{{else}}else{{end}}"
		case n == 5:
			text += "{{with " + g.pipeline(0) + "}}" + g.body(depth+1) + "{{end}}"
		case n == 6:
			text += "{{range " + g.of("", "$v := ", "$k, $v := ", "$v = ") + g.pipeline(0) + "}}" + g.of("", "{{if .}}{{continue}}{{end}}", "{{break}}") + g.body(depth+1) + "{{else}}none{{end}}"
		default:
			text += `{{template "inner" ` + g.pipeline(0) + "}}"
		}
	}
	return text
}

func (g generator) data(depth int) any {
	m := map[string]any{}
	for _, key := range []string{"a", "b", "c", "AsMap", "Name"} {
		if depth < 3 && g.Intn(4) > 0 {
			m[key] = g.data(depth + 1)
		}
	}
	kinds := []any{m, m, m, Values(m), Values(m), &object{"o", m, m}, object{Name: "o"}, &m, map[named]any{"a": 1}, map[any]any{"a": m}, map[string]string{"a": "b"}, []any{m, 1, nil}, reflect.ValueOf(object{own: m}).Field(2)}
	leaves := []any{nil, "", "text", "<no value>", 7, int64(8), 1e6, 1.5, true, named("n"), []string{"x"}, map[string]any(nil), Values(nil), (*object)(nil), error(nil), errors.New("e"), uint8(3), 2i, struct{}{}, arr{m}, json{}}
	if depth > 0 && (depth == 3 || g.Intn(2) == 0) {
		return leaves[g.Intn(len(leaves))]
	}
	return kinds[g.Intn(len(kinds))]
}

type (
	arr  [1]any
	json []byte
)

func result(seed int) (text string) {
	g := generator{rand.New(rand.NewSource(int64(seed)))}
	source := `{{range late}}{{.AsMap}}{{.a}}{{end}}{{$v := values}}` + g.body(1) + `{{define "inner"}}{{$v := .}}` + g.body(3) + `{{end}}`
	t := template.New("t").Funcs(functions).Option("missingkey=" + g.of("default", "zero", "zero", "error"))
	defer func() {
		if problem := recover(); problem != nil {
			text += fmt.Sprint(" PANIC ", problem)
		}
	}()
	if _, err := t.Parse(source); err != nil {
		return source + err.Error()
	}
	var out strings.Builder
	err := t.Execute(&out, g.data(0))
	return address.ReplaceAllString(fmt.Sprintf("%s\n%s\n%v\n", source, &out, err), "0x")
}

var address = regexp.MustCompile(`0x[0-9a-f]{6,}`)

func main() {
	for name := range functions {
		arity[name] = 0
	}
	known = slices.Sorted(maps.Keys(arity))
	count, _ := strconv.Atoi(os.Args[1])
	for seed := range count {
		fmt.Println(seed, result(seed))
	}
}
