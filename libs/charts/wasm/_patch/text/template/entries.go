package template

import (
	"reflect"
	"strings"
	"unsafe"
)

var (
	plainMap   = reflect.TypeFor[map[string]any]()
	stringType = reflect.TypeFor[string]()
	intType    = reflect.TypeFor[int]()
)

// descend goes down a chain of names as far as it leads from map to map, but for the last name. What it leaves out is that
// these maps were entries of type any, which nobody can tell.
func descend(receiver reflect.Value, names []string) (reflect.Value, []string) {
	for len(names) > 1 {
		m, ok := entriesOf(receiver, names[0])
		if !ok {
			break
		}
		next := reflect.ValueOf(m[names[0]])
		if !hasEntries(next) {
			break
		}
		receiver, names = next, names[1:]
	}
	return receiver, names
}

// entry is what evalField finds in a map, where there is no method of that name.
func (s *state) entry(receiver reflect.Value, name string) (reflect.Value, bool) {
	m, ok := entriesOf(receiver, name)
	if !ok {
		return zero, false
	}
	value, ok := m[name]
	return boxed(value), ok || s.tmpl.option.missingKey == mapZeroValue
}

// entriesOf is for a name that is no method of the map.
func entriesOf(receiver reflect.Value, name string) (map[string]any, bool) {
	if receiver.Kind() == reflect.Interface {
		receiver = receiver.Elem()
	}
	if !hasEntries(receiver) || receiver.CanAddr() || !receiver.CanInterface() {
		return nil, false
	}
	if receiver.Type() != plainMap && receiver.MethodByName(name).IsValid() {
		return nil, false
	}
	p := receiver.UnsafePointer()
	return *(*map[string]any)(unsafe.Pointer(&p)), true
}

// hasEntries is true for map[string]any and for what is one by another name, as Helm's values are.
func hasEntries(v reflect.Value) bool {
	return v.Kind() == reflect.Map && (v.Type() == plainMap || v.Type().AssignableTo(plainMap))
}

// printText prints what needs no formatting.
func (s *state) printText(v reflect.Value) bool {
	w, ok := s.wr.(*strings.Builder)
	if !ok || !v.IsValid() || v.Type() != stringType || !v.CanInterface() {
		return false
	}
	w.WriteString(v.String())
	return true
}
