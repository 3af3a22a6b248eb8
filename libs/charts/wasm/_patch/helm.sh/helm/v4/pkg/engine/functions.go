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

// A keptCopy is a copy of templates for texts that add none to it.
type keptCopy struct{ templates *template.Template }

func (k *keptCopy) of(parent *template.Template, text string) (*template.Template, error) {
	if mayDefine(text) {
		return parent.Clone()
	}
	if k.templates == nil {
		copied, err := parent.Clone()
		if err != nil {
			return nil, err
		}
		k.templates = copied
	}
	return k.templates, nil
}

// mayDefine is true for each text that adds templates, and for some that do not.
func mayDefine(text string) bool {
	return strings.Contains(text, "define") || strings.Contains(text, "block")
}
