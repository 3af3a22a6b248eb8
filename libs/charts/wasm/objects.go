package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"sigs.k8s.io/yaml"
)

// An object and the template that made it.
type sourced struct {
	Source string         `json:"source"`
	Object map[string]any `json:"object"`
}

type hook struct {
	Name              string                        `json:"name"`
	Kind              string                        `json:"kind"`
	Path              string                        `json:"path"`
	Manifest          string                        `json:"manifest"`
	Events            []release.HookEvent           `json:"events"`
	Weight            int                           `json:"weight"`
	DeletePolicies    []release.HookDeletePolicy    `json:"deletePolicies"`
	OutputLogPolicies []release.HookOutputLogPolicy `json:"outputLogPolicies"`
	LastRun           *release.HookExecution        `json:"lastRun,omitempty"`
	Object            map[string]any                `json:"object,omitempty"`
}

func hooksFrom(from []*release.Hook) ([]hook, error) {
	hooks := make([]hook, 0, len(from))
	for _, h := range from {
		objects, err := objectsIn(h.Path, h.Manifest)
		if err != nil {
			return nil, err
		}
		out := hook{
			Name: h.Name, Kind: h.Kind, Path: h.Path, Manifest: h.Manifest, Events: h.Events, Weight: h.Weight,
			DeletePolicies: h.DeletePolicies, OutputLogPolicies: h.OutputLogPolicies,
		}
		if h.LastRun.Phase != "" {
			out.LastRun = &h.LastRun
		}
		if len(objects) > 0 {
			out.Object = objects[0]
		}
		hooks = append(hooks, out)
	}
	return hooks, nil
}

// toHelm is the way back, for a release record.
func toHelm(hooks []hook) []*release.Hook {
	out := make([]*release.Hook, 0, len(hooks))
	for _, h := range hooks {
		converted := &release.Hook{
			Name: h.Name, Kind: h.Kind, Path: h.Path, Manifest: h.Manifest, Events: h.Events, Weight: h.Weight,
			DeletePolicies: h.DeletePolicies, OutputLogPolicies: h.OutputLogPolicies,
		}
		if h.LastRun != nil {
			converted.LastRun = *h.LastRun
		}
		out = append(out, converted)
	}
	return out
}

// objectsIn reads a stream of documents as the API machinery does: lists are taken apart, empty documents skipped.
func objectsIn(source, text string) ([]map[string]any, error) {
	var objects []map[string]any
	documents := releaseutil.SplitManifests(text)
	names := make([]string, 0, len(documents))
	for name := range documents {
		names = append(names, name)
	}
	sort.Sort(releaseutil.BySplitManifestsOrder(names))
	for _, name := range names {
		object, err := readObject(documents[name])
		if err != nil {
			return nil, &failure{Code: "template", Message: fmt.Sprintf("%s: %v", source, err)}
		}
		if object == nil {
			continue
		}
		flat, err := flatten(object)
		if err != nil {
			return nil, &failure{Code: "template", Message: fmt.Sprintf("%s: %v", source, err)}
		}
		objects = append(objects, flat...)
	}
	return objects, nil
}

func readObject(document string) (map[string]any, error) {
	text, err := yaml.YAMLToJSON([]byte(document))
	if err != nil {
		return nil, err
	}
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return nil, fmt.Errorf("the document is not an object: %w", err)
	}
	return object, checkShape(object, 0)
}

// The host and the API server walk documents recursively; nothing honest nests deeper.
const maxDepth = 200

// checkShape refuses what is dangerous to the host's language, however harmless it is here.
func checkShape(value any, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("the document nests deeper than %d levels", maxDepth)
	}
	switch node := value.(type) {
	case map[string]any:
		for key, child := range node {
			if key == "__proto__" {
				return fmt.Errorf("the key __proto__ is not allowed")
			}
			if err := checkShape(child, depth+1); err != nil {
				return err
			}
		}
	case []any:
		for _, child := range node {
			if err := checkShape(child, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func flatten(object map[string]any) ([]map[string]any, error) {
	kind, _ := object["kind"].(string)
	if version, _ := object["apiVersion"].(string); kind == "" || version == "" {
		return nil, fmt.Errorf("the document has no apiVersion or no kind")
	}
	items, isList := object["items"].([]any)
	if !isList {
		return []map[string]any{object}, nil
	}
	var objects []map[string]any
	for i, item := range items {
		child, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("item %d of the %s is not an object", i, kind)
		}
		if of := strings.TrimSuffix(kind, "List"); child["kind"] == nil && of != "" {
			child["kind"], child["apiVersion"] = of, object["apiVersion"]
		}
		flat, err := flatten(child)
		if err != nil {
			return nil, err
		}
		objects = append(objects, flat...)
	}
	return objects, nil
}

// own marks an object as Helm marks everything it applies.
func own(object map[string]any, name, namespace string) {
	metadata := table(object, "metadata")
	table(metadata, "labels")["app.kubernetes.io/managed-by"] = "Helm"
	annotations := table(metadata, "annotations")
	annotations["meta.helm.sh/release-name"] = name
	annotations["meta.helm.sh/release-namespace"] = namespace
}

func table(of map[string]any, key string) map[string]any {
	existing, ok := of[key].(map[string]any)
	if !ok {
		existing = map[string]any{}
		of[key] = existing
	}
	return existing
}
