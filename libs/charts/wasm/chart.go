package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/strvals"
	"sigs.k8s.io/yaml"
)

// loadChart reads the chart with this digest. Without the archive, and unless it is kept, the failure's code asks for it.
func loadChart(digest string, blob []byte) (c keptChart, err error) {
	if c, ok := kept.find(digest); ok {
		return c, nil
	}
	if len(blob) == 0 {
		return c, &failure{Code: "archive-wanted", Message: digest}
	}
	if c.files, err = archive.LoadArchiveFiles(bytes.NewReader(blob)); err != nil {
		return c, err
	}
	if err := checkAPIVersion(c.files); err != nil {
		return c, err
	}
	known := len(logged.lines)
	if c.chart, err = loader.LoadFiles(slices.Clone(c.files)); err != nil {
		return c, err
	}
	if err := c.chart.Validate(); err != nil {
		return c, err
	}
	c.warnings = slices.Clone(logged.lines[known:])
	kept.add(digest, c)
	return c, nil
}

// checkAPIVersion refuses what Helm refuses before it loads a chart, and those of its next version, which it loads and
// then refuses.
func checkAPIVersion(files []*archive.BufferedFile) error {
	for _, file := range files {
		if file.Name != "Chart.yaml" {
			continue
		}
		var identity struct {
			APIVersion string `json:"apiVersion"`
		}
		if err := yaml.Unmarshal(file.Data, &identity); err != nil {
			return fmt.Errorf("cannot load Chart.yaml: %w", err)
		}
		switch identity.APIVersion {
		case "", chart.APIVersionV1, chart.APIVersionV2:
		case "v3":
			return errors.New("invalid chart apiVersion")
		default:
			return errors.New("unsupported chart version")
		}
	}
	return nil
}

// checkInstallable refuses what `helm install` refuses before it renders.
func checkInstallable(c *chart.Chart) error {
	if kind := c.Metadata.Type; kind != "" && kind != "application" {
		return fmt.Errorf("%s charts are not installable", kind)
	}
	var missing []string
	for _, wanted := range c.Metadata.Dependencies {
		if !slices.ContainsFunc(c.Dependencies(), func(d *chart.Chart) bool { return d.Name() == wanted.Name }) {
			missing = append(missing, wanted.Name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("found in Chart.yaml, but missing in charts/ directory: %s", strings.Join(missing, ", "))
	}
	return nil
}

// A layer of values: a document (YAML, of which JSON is a part), an object, or an assignment in the words of Helm's --set family.
type layer struct {
	Document string `json:"document"`
	// Object is a document that was read already.
	Object map[string]any `json:"object"`
	// Name is the file of a document, for messages.
	Name       string `json:"name"`
	Set        string `json:"set"`
	SetString  string `json:"setString"`
	SetJSON    string `json:"setJson"`
	SetLiteral string `json:"setLiteral"`
}

// mergeLayers lays later values over earlier ones as Helm does with its -f and --set flags.
func mergeLayers(layers []layer) (map[string]any, error) {
	merged := map[string]any{}
	for _, l := range layers {
		if err := merge(&merged, l); err != nil {
			return nil, &failure{Code: "values", Message: err.Error()}
		}
	}
	if err := checkShape(merged, 0); err != nil {
		return nil, &failure{Code: "values", Message: err.Error()}
	}
	return merged, nil
}

// merge says what is wrong in the words that Helm's flags have for it.
func merge(merged *map[string]any, l layer) error {
	switch {
	case l.Object != nil:
		*merged = loader.MergeMaps(*merged, l.Object)
	case l.Set != "":
		return parsing("--set", strvals.ParseInto(l.Set, *merged))
	case l.SetString != "":
		return parsing("--set-string", strvals.ParseIntoString(l.SetString, *merged))
	case l.SetLiteral != "":
		return parsing("--set-literal", strvals.ParseLiteralInto(l.SetLiteral, *merged))
	case strings.HasPrefix(strings.TrimSpace(l.SetJSON), "{"):
		var object map[string]any
		if err := json.Unmarshal([]byte(l.SetJSON), &object); err != nil {
			return fmt.Errorf("failed parsing --set-json data JSON: %s", l.SetJSON)
		}
		*merged = loader.MergeMaps(*merged, object)
	case l.SetJSON != "":
		if err := strvals.ParseJSON(l.SetJSON, *merged); err != nil {
			return fmt.Errorf("failed parsing --set-json data %s", l.SetJSON)
		}
	default:
		values, err := loader.LoadValues(strings.NewReader(l.Document))
		if err != nil && l.Name != "" {
			return fmt.Errorf("failed to parse %s: %w", l.Name, err)
		}
		if err != nil {
			return err
		}
		*merged = loader.MergeMaps(*merged, values)
	}
	return nil
}

func parsing(flag string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("failed parsing %s data: %w", flag, err)
}
