package template

import (
	"reflect"
	"strings"
)

var (
	plainMap   = reflect.TypeFor[map[string]any]()
	stringType = reflect.TypeFor[string]()
)

// descend goes down a chain of names as far as it leads from map to map, but for the last name.
func descend(receiver reflect.Value, names []string) (reflect.Value, []string) {
	if len(names) == 1 {
		return receiver, names
	}
	m, ok := entriesOf(receiver, names[0])
	if !ok {
		return receiver, names
	}
	for len(names) > 1 {
		next, ok := m[names[0]].(map[string]any)
		if !ok {
			break
		}
		m, names = next, names[1:]
	}
	return reflect.ValueOf(m), names
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

func entriesOf(receiver reflect.Value, name string) (m map[string]any, ok bool) {
	if receiver.Kind() == reflect.Interface {
		receiver = receiver.Elem()
	}
	if receiver.Kind() != reflect.Map || receiver.CanAddr() || !receiver.CanInterface() {
		return nil, false
	}
	if typ := receiver.Type(); typ != plainMap {
		if !typ.AssignableTo(plainMap) || receiver.MethodByName(name).IsValid() {
			return nil, false
		}
		receiver = receiver.Convert(plainMap)
	}
	m, ok = receiver.Interface().(map[string]any)
	return m, ok
}

// printText prints what needs no formatting.
func (s *state) printText(v reflect.Value) bool {
	w, ok := s.wr.(*strings.Builder)
	if !ok || !v.IsValid() || v.Type() != stringType {
		return false
	}
	w.WriteString(v.String())
	return true
}
