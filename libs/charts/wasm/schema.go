package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
)

// checkAgainstSchemas does what Helm does when it makes the values for the templates. Helm compiles each schema for each
// render, which takes longer than the render: it is asked only where our own kept ones are not met, and for its words.
func checkAgainstSchemas(c *chart.Chart, values map[string]any) error {
	if meetsSchemas(c, values) {
		return nil
	}
	if err := refuseOutsideReferences(c); err != nil {
		return err
	}
	if err := util.ValidateAgainstSchema(c, values); err != nil {
		return &failure{Code: "values", Message: fmt.Sprintf("values don't meet the specifications of the schema(s) in the following chart(s):\n%v", err)}
	}
	return nil
}

func meetsSchemas(c *chart.Chart, values map[string]any) (meets bool) {
	defer func() { meets = recover() == nil && meets }()
	if c.Schema != nil {
		schema := compileSchema(c.Schema)
		if schema == nil || schema.Validate(values) != nil {
			return false
		}
	}
	for _, subchart := range c.Dependencies() {
		given := values[subchart.Name()]
		if given == nil {
			continue
		}
		table, isTable := given.(map[string]any)
		if !isTable || !meetsSchemas(subchart, table) {
			return false
		}
	}
	return true
}

const maxSchemaBytes = 16 << 20

// Schemas compiled lately, by their text.
var compiledSchemas = struct {
	byText map[string]*jsonschema.Schema
	bytes  int
}{byText: map[string]*jsonschema.Schema{}}

// compileSchema returns nothing for one that is wrong, and for one that refers to anything outside.
func compileSchema(text []byte) *jsonschema.Schema {
	if schema, ok := compiledSchemas.byText[string(text)]; ok {
		return schema
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil || outsideReference(document) != "" {
		return nil
	}
	before := allocatedBytes()
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(jsonschema.SchemeURLLoader{})
	if err := compiler.AddResource("file:///values.schema.json", document); err != nil {
		return nil
	}
	schema, err := compiler.Compile("file:///values.schema.json")
	if err != nil {
		return nil
	}
	added := allocatedBytes() - before + len(text)
	if added > maxSchemaBytes {
		return schema
	}
	if compiledSchemas.bytes += added; compiledSchemas.bytes > maxSchemaBytes {
		clear(compiledSchemas.byText)
		compiledSchemas.bytes = added
	}
	compiledSchemas.byText[string(text)] = schema
	return schema
}

// allocatedBytes grows by all that is allocated, and so by more than what stays of it.
func allocatedBytes() int {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.TotalAlloc)
}

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
