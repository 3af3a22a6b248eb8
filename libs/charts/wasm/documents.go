package main

import (
	"strings"

	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"shipit/helm/plainyaml"
	"sigs.k8s.io/yaml"
)

// What the documents of a render were read as, by their text: Helm reads them to sort them, and we for their objects. It is
// nil, and keeps nothing, where no objects are wanted.
var documentsRead map[string]any

// readHead does what Helm does, with one reading of the document for it and for readObject.
func readHead(document string, head *releaseutil.SimpleHead) error {
	if value, ok := plainyaml.Read(document); ok {
		if read, ok := headOf(value); ok {
			if documentsRead != nil {
				documentsRead[document] = value
			}
			*head = read
			return nil
		}
	}
	return yaml.Unmarshal([]byte(document), head)
}

// headOf is false wherever Helm converts something, or takes names for others that differ in case.
func headOf(value any) (head releaseutil.SimpleHead, ok bool) {
	object, ok := value.(map[string]any)
	if !ok || hasOtherCase(object, "apiVersion", "kind", "metadata") {
		return head, false
	}
	if head.Version, ok = textAt(object, "apiVersion"); !ok {
		return head, false
	}
	if head.Kind, ok = textAt(object, "kind"); !ok || object["metadata"] == nil {
		return head, ok
	}
	metadata, ok := object["metadata"].(map[string]any)
	if !ok || hasOtherCase(metadata, "name", "annotations") {
		return head, false
	}
	head.Metadata = new(struct {
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	})
	if head.Metadata.Name, ok = textAt(metadata, "name"); !ok || metadata["annotations"] == nil {
		return head, ok
	}
	annotations, ok := metadata["annotations"].(map[string]any)
	if !ok {
		return head, false
	}
	head.Metadata.Annotations = make(map[string]string, len(annotations))
	for key, value := range annotations {
		if head.Metadata.Annotations[key], ok = value.(string); !ok {
			return head, false
		}
	}
	return head, true
}

func hasOtherCase(object map[string]any, names ...string) bool {
	for key := range object {
		for _, name := range names {
			if key != name && strings.EqualFold(key, name) {
				return true
			}
		}
	}
	return false
}

// textAt is empty for what is absent, and not ok for what is no text.
func textAt(object map[string]any, key string) (text string, ok bool) {
	value := object[key]
	if value == nil {
		return "", true
	}
	text, ok = value.(string)
	return text, ok
}
