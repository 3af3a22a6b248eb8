package template

import (
	"fmt"
	"maps"
	"reflect"
	"sync"
)

// builtinNames is for the parser, which only reads it.
var builtinNames = sync.OnceValue(builtins)

// withFuncs checks as addValueFuncs does.
func withFuncs(funcs, added FuncMap) FuncMap {
	for name, fn := range added {
		if !goodName(name) {
			panic(fmt.Errorf("function name %q is not a valid identifier", name))
		}
		typ := reflect.TypeOf(fn)
		if typ == nil || typ.Kind() != reflect.Func {
			panic("value for " + name + " not a function")
		}
		if err := goodFunc(name, typ); err != nil {
			panic(err)
		}
	}
	if len(funcs) == 0 {
		return maps.Clone(added)
	}
	maps.Copy(funcs, added)
	return funcs
}
