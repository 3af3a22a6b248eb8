// Package rest names the type that Helm's engine passes around; no connection is ever made from here.
package rest

// Config would describe a connection to a cluster.
type Config struct{}
