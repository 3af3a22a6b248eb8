package copystructure

import (
	"reflect"
	"testing"
)

func TestValuesAreCopiedAsByReflection(t *testing.T) {
	list := append(make([]any, 0, 4), "a", nil, map[string]any{"b": 1.5})
	value := map[string]any{
		"list": list, "none": nil, "noMap": map[string]any(nil), "noList": []any(nil), "empty": []any{}, "typed": map[string]string{"a": "b"},
		"texts": []string{"a"}, "number": 7, "inner": map[string]any{"list": []any{[]any{true}}},
	}
	expected, err := copyValue(reflect.ValueOf(value))
	if err != nil {
		t.Fatal(err)
	}
	copied, err := copyPlain(value)
	if err != nil || !reflect.DeepEqual(copied, expected) {
		t.Fatalf("%#v (%v) is not %#v", copied, err, expected)
	}
	own := copied.(map[string]any)["list"].([]any)
	if cap(own) != cap(list) {
		t.Errorf("templates may slice up to %d, not %d", cap(own), cap(list))
	}
	own[2].(map[string]any)["b"] = 2
	if list[2].(map[string]any)["b"] != 1.5 {
		t.Error("the copy shares its maps with what it was made of")
	}
}
