package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"time"

	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"shipit/helm/plainyaml"
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
	LastRun           *hookRun                      `json:"lastRun,omitempty"`
	Object            map[string]any                `json:"object,omitempty"`
}

type hookRun struct {
	StartedAt   time.Time         `json:"startedAt,omitzero"`
	CompletedAt time.Time         `json:"completedAt,omitzero"`
	Phase       release.HookPhase `json:"phase"`
}

func (r hookRun) toHelm() release.HookExecution {
	return release.HookExecution{StartedAt: r.StartedAt, CompletedAt: r.CompletedAt, Phase: r.Phase}
}

func hooksFrom(from []*release.Hook) []hook {
	hooks := make([]hook, 0, len(from))
	for _, h := range from {
		out := hook{
			Name: h.Name, Kind: h.Kind, Path: h.Path, Manifest: h.Manifest, Events: h.Events, Weight: h.Weight,
			DeletePolicies: h.DeletePolicies, OutputLogPolicies: h.OutputLogPolicies,
		}
		if h.LastRun.Phase != "" {
			out.LastRun = &hookRun{StartedAt: h.LastRun.StartedAt, CompletedAt: h.LastRun.CompletedAt, Phase: h.LastRun.Phase}
		}
		hooks = append(hooks, out)
	}
	return hooks
}

func readHookObjects(hooks []hook) error {
	for i, h := range hooks {
		objects, err := objectsIn(h.Path, h.Manifest)
		if err != nil {
			return err
		}
		if len(objects) != 1 {
			return &failure{Code: "template", Message: fmt.Sprintf("%s: a hook is one object, this document has %d", h.Path, len(objects))}
		}
		hooks[i].Object = objects[0]
	}
	return nil
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
			converted.LastRun = h.LastRun.toHelm()
		}
		out = append(out, converted)
	}
	return out
}

// objectsIn reads a stream of documents as the API machinery does: lists are taken apart, empty documents skipped.
func objectsIn(source, text string) ([]map[string]any, error) {
	position(1, source, 0)
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
	value, isRead := documentsRead[document]
	// The next one of the same text is an object of its own.
	delete(documentsRead, document)
	if !isRead {
		value, isRead = plainyaml.Read(document)
	}
	if object, ok := value.(map[string]any); ok {
		return object, checkShape(object, 0)
	}
	if isRead && value == nil {
		return nil, nil
	}
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
	metadata, hasMetadata := object["metadata"].(map[string]any)
	if object["metadata"] != nil && !hasMetadata {
		return nil, fmt.Errorf("metadata of the %s is not an object", kind)
	}
	items, isList := object["items"].([]any)
	if !isList {
		return []map[string]any{object}, checkName(metadata, kind)
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

func checkName(metadata map[string]any, kind string) error {
	name, _ := metadata["name"].(string)
	generated, _ := metadata["generateName"].(string)
	if name == "" && generated == "" {
		return fmt.Errorf("the %s has no metadata.name", kind)
	}
	return nil
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
