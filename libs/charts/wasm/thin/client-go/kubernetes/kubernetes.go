// Package kubernetes exists because Helm imports it to learn its version.
package kubernetes
