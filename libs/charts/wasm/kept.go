package main

import (
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
)

// The charts seen lately, by the digest that the host gave: reading the files of one takes longer than many a render.
var kept = keptCharts{charts: map[string]keptChart{}}

const (
	maxKeptCharts = 16
	maxKeptBytes  = 48 << 20
)

type keptCharts struct {
	charts map[string]keptChart
	recent []string
	bytes  int
}

type keptChart struct {
	chart *chart.Chart
	files []*archive.BufferedFile
	// What Helm had to say when it read the files.
	warnings []string
}

func (k *keptCharts) find(digest string) *chart.Chart {
	found, ok := k.charts[digest]
	if !ok {
		return nil
	}
	logged.lines = append(logged.lines, found.warnings...)
	return copyOf(found.chart)
}

func (k *keptCharts) add(digest string, added keptChart) {
	k.charts[digest] = added
	k.recent = append(k.recent, digest)
	k.bytes += added.size()
	for len(k.recent) > 1 && (len(k.recent) > maxKeptCharts || k.bytes > maxKeptBytes) {
		oldest := k.recent[0]
		k.recent = k.recent[1:]
		k.bytes -= k.charts[oldest].size()
		delete(k.charts, oldest)
	}
}

func (c keptChart) size() (total int) {
	for _, file := range c.files {
		total += len(file.Data)
	}
	return total
}

// copyOf is a chart to render: processing its dependencies changes the values, the metadata and which subcharts there
// are. Nothing changes the files.
func copyOf(c *chart.Chart) *chart.Chart {
	copied, metadata := *c, *c.Metadata
	metadata.Dependencies = nil
	for _, dependency := range c.Metadata.Dependencies {
		entry := *dependency
		metadata.Dependencies = append(metadata.Dependencies, &entry)
	}
	copied.Metadata = &metadata
	copied.Values, _ = copyOfValue(c.Values).(map[string]any)
	copied.SetDependencies()
	for _, subchart := range c.Dependencies() {
		copied.AddDependency(copyOf(subchart))
	}
	return &copied
}

func copyOfValue(value any) any {
	switch node := value.(type) {
	case map[string]any:
		if node == nil {
			return node
		}
		copied := make(map[string]any, len(node))
		for key, child := range node {
			copied[key] = copyOfValue(child)
		}
		return copied
	case []any:
		copied := make([]any, len(node))
		for i, child := range node {
			copied[i] = copyOfValue(child)
		}
		return copied
	default:
		return value
	}
}
