package main

import (
	"fmt"
	"path"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

type renderRequest struct {
	Digest    string   `json:"digest"`
	Layers    []layer  `json:"layers"`
	Name      string   `json:"name"`
	Namespace string   `json:"namespace"`
	Revision  int      `json:"revision"`
	IsUpgrade bool     `json:"isUpgrade"`
	Cluster   *cluster `json:"cluster"`
	Lookups   lookups  `json:"lookups"`
	// AnswersLookups: what is asked for in vain will be answered, so nothing is judged before.
	AnswersLookups bool `json:"answersLookups"`
	// ExtraAPIVersions are added to the list in use, as `helm template --api-versions` does.
	ExtraAPIVersions []string `json:"extraApiVersions"`
	// TextOnly leaves out the objects, and with them what is wrong with them: `helm template` prints anything.
	TextOnly   bool `json:"textOnly"`
	MaxBytes   int  `json:"maxBytes"`
	MaxObjects int  `json:"maxObjects"`
}

type renderResult struct {
	Manifest string          `json:"manifest"`
	Objects  []sourced       `json:"objects"`
	Hooks    []hook          `json:"hooks"`
	CRDs     []crdFile       `json:"crds"`
	Notes    string          `json:"notes"`
	Values   map[string]any  `json:"values"`
	Chart    *chart.Metadata `json:"chart"`
	Lookups  []lookup        `json:"lookups"`
}

type crdFile struct {
	Path    string           `json:"path"`
	Text    string           `json:"text"`
	Objects []map[string]any `json:"objects"`
}

const notesFile = "NOTES.txt"

// render does what `helm template` does, in Helm's order, and reads the result into objects.
func render(in renderRequest, blob []byte) (any, error) {
	if err := chartutil.ValidateReleaseName(in.Name); err != nil {
		return nil, fmt.Errorf("release name %q is invalid: %w", in.Name, err)
	}
	c, config, err := prepare(in.Digest, blob, in.Layers)
	if err != nil {
		return nil, err
	}
	capabilities, err := in.Cluster.capabilities(in.ExtraAPIVersions)
	if err != nil {
		return nil, err
	}
	options := common.ReleaseOptions{
		Name: in.Name, Namespace: in.Namespace, Revision: max(in.Revision, 1), IsInstall: !in.IsUpgrade, IsUpgrade: in.IsUpgrade,
	}
	top, err := util.ToRenderValuesWithSchemaValidation(c, config, options, capabilities, true)
	if err != nil {
		return nil, &failure{Code: "values", Message: err.Error()}
	}
	values, err := top.Table("Values")
	if err != nil {
		return nil, err
	}
	position(1, path.Join(c.Name(), "values.schema.json"), 0)
	if err := checkAgainstSchemas(c, values); err != nil {
		return nil, err
	}
	if wanted := c.Metadata.KubeVersion; wanted != "" && !chartutil.IsCompatibleRange(wanted, capabilities.KubeVersion.String()) {
		return nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", wanted, capabilities.KubeVersion.Version)
	}
	asked := &lookupLog{known: in.Lookups}
	renderer := engine.Engine{CustomTemplateFuncs: map[string]any{"lookup": asked.find}}
	position(0, "", 0)
	files, err := renderer.Render(c, top)
	position(0, "", 0)
	if in.AnswersLookups && len(asked.unknown) > 0 {
		return renderResult{Values: map[string]any{}, Lookups: asked.unknown}, nil
	}
	if err != nil {
		return nil, &failure{Code: "template", Message: err.Error()}
	}
	if err := checkShape(map[string]any(values), 0); err != nil {
		return nil, &failure{Code: "values", Message: err.Error()}
	}
	result := renderResult{Values: values, Chart: c.Metadata, Lookups: asked.unknown}
	result.Notes = takeNotes(files, c.Name())
	if err := result.read(files, c, in); err != nil {
		return nil, err
	}
	return result, nil
}

// prepare loads the chart, lays the values over each other and decides which dependencies take part.
func prepare(digest string, blob []byte, layers []layer) (*chart.Chart, map[string]any, error) {
	loaded, err := loadChart(digest, blob)
	if err != nil {
		return nil, nil, err
	}
	c := loaded.chart
	if err := checkInstallable(c); err != nil {
		return nil, nil, err
	}
	config, err := mergeLayers(layers)
	if err != nil {
		return nil, nil, err
	}
	if err := chartutil.ProcessDependencies(c, config); err != nil {
		return nil, nil, fmt.Errorf("chart dependencies processing failed: %w", err)
	}
	return c, config, nil
}

// takeNotes removes every NOTES.txt from the files and returns that of the chart itself.
func takeNotes(files map[string]string, chartName string) string {
	notes := files[path.Join(chartName, "templates", notesFile)]
	for name := range files {
		if strings.HasSuffix(name, notesFile) {
			delete(files, name)
		}
	}
	return notes
}

// read sorts the rendered files as Helm installs them and fills the result, within the limits of the request. The notes
// were taken out of them already.
func (r *renderResult) read(files map[string]string, c *chart.Chart, in renderRequest) error {
	total := len(r.Notes)
	for _, text := range files {
		total += len(text)
	}
	for _, crd := range c.CRDObjects() {
		total += len(crd.File.Data)
		r.CRDs = append(r.CRDs, crdFile{Path: crd.Filename, Text: string(crd.File.Data)})
	}
	if total > in.MaxBytes {
		return &failure{Code: "too-large", Message: fmt.Sprintf("what is rendered, with notes and CRDs, is %d bytes, more than the limit of %d", total, in.MaxBytes)}
	}
	if !in.TextOnly {
		documentsRead = map[string]any{}
	}
	hooks, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		return &failure{Code: "template", Message: err.Error()}
	}
	var text strings.Builder
	for _, m := range manifests {
		fmt.Fprintf(&text, "---\n# Source: %s\n%s\n", m.Name, m.Content)
	}
	r.Manifest = text.String()
	r.Hooks = hooksFrom(hooks)
	if in.TextOnly {
		return nil
	}
	return r.readObjects(manifests, in)
}

func (r *renderResult) readObjects(manifests []releaseutil.Manifest, in renderRequest) (err error) {
	for _, m := range manifests {
		objects, err := objectsIn(m.Name, m.Content)
		if err != nil {
			return err
		}
		for _, object := range objects {
			own(object, in.Name, in.Namespace)
			r.Objects = append(r.Objects, sourced{Source: m.Name, Object: object})
		}
	}
	if err := readHookObjects(r.Hooks); err != nil {
		return err
	}
	count := len(r.Objects) + len(r.Hooks)
	for i, crd := range r.CRDs {
		if r.CRDs[i].Objects, err = objectsIn(crd.Path, crd.Text); err != nil {
			return err
		}
		count += len(r.CRDs[i].Objects)
	}
	if count > in.MaxObjects {
		return &failure{Code: "too-large", Message: fmt.Sprintf("the chart renders %d objects, more than the limit of %d", count, in.MaxObjects)}
	}
	return nil
}
