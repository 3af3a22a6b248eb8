package main

import (
	"slices"
	"unsafe"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
)

// The charts used lately, by the digest that the host gave: reading the files of one takes longer than many a render.
var kept = keptCharts{charts: map[string]keptChart{}}

const (
	maxKeptCharts = 16
	maxKeptBytes  = 20 << 20
)

type keptCharts struct {
	charts map[string]keptChart
	// The digests, in the order of their last use.
	recent []string
	bytes  int
}

type keptChart struct {
	chart *chart.Chart
	files []*archive.BufferedFile
	// What Helm had to say when it read the files.
	warnings []string
	bytes    int
}

// find returns a chart of which the caller may change what rendering changes.
func (k *keptCharts) find(digest string) (found keptChart, ok bool) {
	if found, ok = k.charts[digest]; !ok {
		return found, false
	}
	at := slices.Index(k.recent, digest)
	k.recent = append(slices.Delete(k.recent, at, at+1), digest)
	logged.lines = append(logged.lines, found.warnings...)
	found.chart = copyOf(found.chart)
	return found, true
}

// add keeps a copy, and nothing of a chart that is too large for all of the place.
func (k *keptCharts) add(digest string, added keptChart) {
	if added.bytes = bytesOf(added); added.bytes > maxKeptBytes {
		return
	}
	added.chart = copyOf(added.chart)
	k.charts[digest] = added
	k.recent = append(k.recent, digest)
	k.bytes += added.bytes
	for len(k.recent) > maxKeptCharts || k.bytes > maxKeptBytes {
		oldest := k.recent[0]
		k.recent = k.recent[1:]
		k.bytes -= k.charts[oldest].bytes
		delete(k.charts, oldest)
	}
}

// What counts as memory besides the bytes of a file; and what a byte of Chart.yaml and its like may become at most.
const (
	fileBytes     = 512
	metadataTimes = 64
)

// bytesOf is not less than what the chart takes. Packed dependencies count as they are unpacked.
func bytesOf(c keptChart) (total int) {
	seen := map[*byte]bool{}
	count := func(name string, data []byte) {
		total += fileBytes + len(name)
		// The files of a dependency's folder are those of the chart as well.
		if at := unsafe.SliceData(data); !seen[at] {
			seen[at] = true
			total += len(data)
		}
	}
	for _, file := range c.files {
		count(file.Name, file.Data)
	}
	var countChart func(*chart.Chart)
	countChart = func(c *chart.Chart) {
		total += bytesOfValue(c.Values)
		for _, file := range c.Raw {
			count(file.Name, file.Data)
			if isMetadata(file.Name) {
				total += metadataTimes * len(file.Data)
			}
		}
		for _, dependency := range c.Dependencies() {
			countChart(dependency)
		}
	}
	countChart(c.chart)
	return total
}

func isMetadata(name string) bool {
	return slices.Contains([]string{"Chart.yaml", "Chart.lock", "requirements.yaml", "requirements.lock"}, name)
}

func bytesOfValue(value any) int {
	switch node := value.(type) {
	case map[string]any:
		// Go makes place for eight entries at once.
		total := 320
		for key, child := range node {
			total += 96 + len(key) + bytesOfValue(child)
		}
		return total
	case []any:
		total := 32
		for _, child := range node {
			total += 32 + bytesOfValue(child)
		}
		return total
	case string:
		return 16 + len(node)
	default:
		return 16
	}
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
		if node == nil {
			return node
		}
		copied := make([]any, len(node), cap(node))
		for i, child := range node {
			copied[i] = copyOfValue(child)
		}
		return copied
	default:
		return value
	}
}
