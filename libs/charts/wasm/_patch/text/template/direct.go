package template

import "reflect"

// Go calls every function by reflection, which WebAssembly does slowly. These are the signatures of most of what Helm's
// templates call, and what they give is what reflection gives, down to the panics: a result of type any stays one, and
// no arguments for `...any` are an empty slice, not nil.

// boundMethod is the code of every method value: making a function of one costs more than its call.
var boundMethod = reflect.ValueOf(errNoComparison).Method(0).Pointer()

// direct tells in made whether it has made the call. The arguments have exactly the types of the parameters.
func direct(fun reflect.Value, args []reflect.Value) (val reflect.Value, made bool, err error) {
	if code := fun.Pointer(); code == 0 || code == boundMethod || !fun.CanInterface() {
		return zero, false, nil
	}
	for _, arg := range args {
		if !arg.IsValid() || !arg.CanInterface() {
			return zero, false, nil
		}
	}
	switch f := fun.Interface().(type) {
	case func(string) string:
		val = reflect.ValueOf(f(args[0].String()))
	case func(string, string) string:
		val = reflect.ValueOf(f(args[0].String(), args[1].String()))
	case func(string, string, string) string:
		val = reflect.ValueOf(f(args[0].String(), args[1].String(), args[2].String()))
	case func(int, string) string:
		val = reflect.ValueOf(f(int(args[0].Int()), args[1].String()))
	case func(any) string:
		val = reflect.ValueOf(f(args[0].Interface()))
	case func(...any) string:
		val = reflect.ValueOf(f(rest[any](args)...))
	case func(string, ...any) string:
		val = reflect.ValueOf(f(args[0].String(), rest[any](args[1:])...))
	case func(string, any) (string, error):
		var text string
		text, err = f(args[0].String(), args[1].Interface())
		val = reflect.ValueOf(text)
	case func(string, string) bool:
		val = reflect.ValueOf(f(args[0].String(), args[1].String()))
	case func(string, any) bool:
		val = reflect.ValueOf(f(args[0].String(), args[1].Interface()))
	case func(any) bool:
		val = reflect.ValueOf(f(args[0].Interface()))
	case func(any) int:
		val = reflect.ValueOf(f(args[0].Interface()))
	case func(any) any:
		val = boxed(f(args[0].Interface()))
	case func(any, ...any) any:
		val = boxed(f(args[0].Interface(), rest[any](args[1:])...))
	case func(...any) any:
		val = boxed(f(rest[any](args)...))
	case func(any, any, bool) any:
		val = boxed(f(args[0].Interface(), args[1].Interface(), args[2].Bool()))
	case func(string, any) (any, error):
		var result any
		result, err = f(args[0].String(), args[1].Interface())
		val = boxed(result)
	case func(...any) []any:
		val = reflect.ValueOf(f(rest[any](args)...))
	case func(...any) map[string]any:
		val = reflect.ValueOf(f(rest[any](args)...))
	case func(reflect.Value) bool:
		val = reflect.ValueOf(f(of[reflect.Value](args[0])))
	case func(reflect.Value) (int, error):
		var n int
		n, err = f(of[reflect.Value](args[0]))
		val = reflect.ValueOf(n)
	case func(reflect.Value, reflect.Value) (bool, error):
		var is bool
		is, err = f(of[reflect.Value](args[0]), of[reflect.Value](args[1]))
		val = reflect.ValueOf(is)
	case func(reflect.Value, ...reflect.Value) (bool, error):
		var is bool
		is, err = f(of[reflect.Value](args[0]), rest[reflect.Value](args[1:])...)
		val = reflect.ValueOf(is)
	case func(reflect.Value, ...reflect.Value) (reflect.Value, error):
		var result reflect.Value
		result, err = f(of[reflect.Value](args[0]), rest[reflect.Value](args[1:])...)
		val = reflect.ValueOf(result)
	default:
		return zero, false, nil
	}
	return val, true, err
}

func of[T any](arg reflect.Value) T {
	value, _ := arg.Interface().(T)
	return value
}

func rest[T any](args []reflect.Value) []T {
	values := make([]T, len(args))
	for i, arg := range args {
		values[i] = of[T](arg)
	}
	return values
}

// boxed is the value as a result or an entry of type any has it: an interface, even around nil.
func boxed(value any) reflect.Value {
	return reflect.ValueOf([1]any{value}).Index(0)
}
