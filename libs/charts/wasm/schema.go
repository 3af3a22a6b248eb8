package main

import (
	"encoding/json"
	"fmt"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"
)

// refuseOutsideReferences looks through the value schemas of the chart and its dependencies: a reference may only
// point into its own document. The module could not follow another one, and waiting for that would cost the deadline.
func refuseOutsideReferences(c *chart.Chart) error {
	if c.Schema != nil {
		var schema any
		// What is no JSON is told by Helm in its own words later.
		if json.Unmarshal(c.Schema, &schema) == nil {
			if reference := outsideReference(schema); reference != "" {
				return &failure{Code: "schema-reference", Message: fmt.Sprintf(
					"values.schema.json of chart %s refers to %q: only references within the same document are followed", c.Name(), reference)}
			}
		}
	}
	for _, dependency := range c.Dependencies() {
		if err := refuseOutsideReferences(dependency); err != nil {
			return err
		}
	}
	return nil
}

func outsideReference(schema any) string {
	switch node := schema.(type) {
	case map[string]any:
		for _, key := range []string{"$ref", "$dynamicRef", "$recursiveRef", "$schema"} {
			if text, ok := node[key].(string); ok && leavesDocument(key, text) {
				return text
			}
		}
		for _, child := range node {
			if reference := outsideReference(child); reference != "" {
				return reference
			}
		}
	case []any:
		for _, child := range node {
			if reference := outsideReference(child); reference != "" {
				return reference
			}
		}
	}
	return ""
}

// The published drafts come with the validator and are not fetched. A relative reference may name an `$id` of the
// same document; it fails as unknown otherwise, without a request.
func leavesDocument(key, reference string) bool {
	if strings.Contains(reference, "://json-schema.org/") {
		return false
	}
	if key == "$schema" {
		return strings.Contains(reference, "://")
	}
	return strings.Contains(reference, "://") || strings.HasPrefix(strings.ToLower(reference), "file:")
}
