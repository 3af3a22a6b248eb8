// Package scheme is empty on purpose: the list of built-in API versions is a constant of the module above.
package scheme

import "k8s.io/apimachinery/pkg/runtime"

// Scheme has no types.
var Scheme = runtime.NewScheme()
