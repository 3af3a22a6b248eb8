package engine

import (
	"strings"
	"text/template"

	"sigs.k8s.io/yaml"
)

// MarshalYAML may be replaced by what writes YAML faster, with the same result.
var MarshalYAML = yaml.Marshal

var functions *template.Template

// newTemplate has the functions that are the same for all charts: to add two hundred takes longer than to copy them.
func newTemplate(name string) *template.Template {
	if functions == nil {
		functions = template.New("functions").Funcs(funcMap())
	}
	return template.Must(functions.Clone()).New(name)
}

// mayDefine is true for each text that adds templates, and for some that do not.
func mayDefine(text string) bool {
	return strings.Contains(text, "define") || strings.Contains(text, "block")
}
