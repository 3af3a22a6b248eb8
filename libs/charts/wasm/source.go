package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/ignore"
	"sigs.k8s.io/yaml"
)

type inspectRequest struct {
	Digest string `json:"digest"`
}

type inspected struct {
	Chart *chart.Metadata `json:"chart"`
	// Ignored are the files that .helmignore leaves out when the chart is read from a folder.
	Ignored []string `json:"ignored"`
}

// inspectChart reads a chart without rendering it.
func inspectChart(in inspectRequest, blob []byte) (any, error) {
	c, err := loadChart(in.Digest, blob)
	if err != nil {
		return nil, err
	}
	ignored, err := ignoredFiles(c.files)
	if err != nil {
		return nil, err
	}
	return inspected{Chart: c.chart.Metadata, Ignored: ignored}, nil
}

func ignoredFiles(files []*archive.BufferedFile) ([]string, error) {
	rules := ignore.Empty()
	for _, file := range files {
		if file.Name != ignore.HelmIgnore {
			continue
		}
		var err error
		if rules, err = ignore.Parse(bytes.NewReader(file.Data)); err != nil {
			return nil, fmt.Errorf("%s: %w", ignore.HelmIgnore, err)
		}
	}
	rules.AddDefaults()
	var ignored []string
	for _, file := range files {
		if isIgnored(rules, file.Name) {
			ignored = append(ignored, file.Name)
		}
	}
	return ignored, nil
}

// isIgnored asks for each folder on the way first, as a walk through the folders would.
func isIgnored(rules *ignore.Rules, name string) bool {
	for at, letter := range name {
		if letter == '/' && rules.Ignore(name[:at], entry{name[:at], fs.ModeDir}) {
			return true
		}
	}
	return rules.Ignore(name, entry{name, 0})
}

// An entry is as much of a file's description as the rules look at.
type entry struct {
	name string
	mode fs.FileMode
}

func (e entry) Name() string       { return path.Base(e.name) }
func (e entry) Size() int64        { return 0 }
func (e entry) Mode() fs.FileMode  { return e.mode }
func (e entry) ModTime() time.Time { return time.Time{} }
func (e entry) IsDir() bool        { return e.mode.IsDir() }
func (e entry) Sys() any           { return nil }

type indexRequest struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	// IsRange takes Version for a range, of which the newest is wanted.
	IsRange bool `json:"isRange"`
}

type indexEntry struct {
	Version string   `json:"version"`
	URLs    []string `json:"urls"`
	Digest  string   `json:"digest"`
}

type indexAnswer struct {
	Entry *indexEntry `json:"entry,omitempty"`
	// Versions are some of those the index has of this chart, in its own order, where the wanted one is missing.
	Versions []string `json:"versions,omitempty"`
}

const maxNamedVersions = 20

// findInIndex looks for this version, or the newest of a range, in the index of a chart repository (YAML or JSON).
func findInIndex(in indexRequest, blob []byte) (any, error) {
	entry, isCertain := entryOnly(blob, in.Name)
	versions, err := versionsIn(entry, in.Name)
	if err != nil || !isCertain {
		versions, err = versionsIn(blob, in.Name)
	}
	if err != nil {
		return nil, err
	}
	wanted := in.Version
	if in.IsRange {
		all := make([]string, len(versions))
		for i := range versions {
			all[i] = versions[i].Version
		}
		if wanted, err = newestOf(all, in.Version); err != nil {
			return nil, err
		}
	}
	var out indexAnswer
	for i := range versions {
		if wanted != "" && sameVersion(versions[i].Version, wanted) {
			return indexAnswer{Entry: &versions[i]}, nil
		}
		if len(out.Versions) < maxNamedVersions {
			out.Versions = append(out.Versions, versions[i].Version)
		}
	}
	return out, nil
}

type newestRequest struct {
	Versions []string `json:"versions"`
	Range    string   `json:"range"`
}

type newestAnswer struct {
	Version string `json:"version"`
}

func newestVersion(in newestRequest, _ []byte) (any, error) {
	version, err := newestOf(in.Versions, in.Range)
	return newestAnswer{Version: version}, err
}

func versionsIn(index []byte, name string) ([]indexEntry, error) {
	var parsed struct {
		Entries map[string]json.RawMessage `json:"entries"`
	}
	if !bytes.HasPrefix(bytes.TrimSpace(index), []byte("{")) {
		var err error
		if index, err = yaml.YAMLToJSON(index); err != nil {
			return nil, &failure{Code: "index", Message: err.Error()}
		}
	}
	if err := json.Unmarshal(index, &parsed); err != nil {
		return nil, &failure{Code: "index", Message: err.Error()}
	}
	var versions []indexEntry
	if raw, ok := parsed.Entries[name]; ok {
		if err := json.Unmarshal(raw, &versions); err != nil {
			return nil, &failure{Code: "index", Message: fmt.Sprintf("entry %s: %v", name, err)}
		}
	}
	return versions, nil
}

var indexKey = regexp.MustCompile(`^  [A-Za-z0-9][A-Za-z0-9._-]*:\n$`)

// entryOnly cuts the entry of one chart out of an index: reading all of a large one takes half a minute. It is certain
// only where the index is laid out as Helm does, with each chart's name on a line of its own.
func entryOnly(index []byte, name string) (entry []byte, isCertain bool) {
	head := []byte("\n  " + name + ":\n")
	entries := bytes.Index(index, []byte("\nentries:\n"))
	start := bytes.Index(index, head)
	switch {
	case entries < 0 || strings.ContainsAny(name, "\n:"):
		return nil, false
	case start < 0:
		return nil, isPlainIndex(index[entries+1:])
	case start < entries || bytes.Count(index, head) > 1:
		return nil, false
	}
	body := index[start+len(head):]
	end := 0
	for line := range bytes.Lines(body) {
		if !isWithinEntry(line) {
			break
		}
		end += len(line)
	}
	return slices.Concat([]byte("entries:"), head, body[:end]), true
}

func isWithinEntry(line []byte) bool {
	return bytes.HasPrefix(line, []byte("   ")) || bytes.HasPrefix(line, []byte("  - ")) || len(bytes.TrimSpace(line)) == 0
}

// isPlainIndex says whether every name stands there as it is looked for.
func isPlainIndex(index []byte) bool {
	for line := range bytes.Lines(index) {
		if line[0] == ' ' && !isWithinEntry(line) && !indexKey.Match(line) {
			return false
		}
	}
	return true
}

// newestOf is the newest version within a range as Helm's --version understands it, the one that is written exactly so
// first; empty where there is none. An empty range is every version that is no pre-release.
func newestOf(versions []string, wanted string) (string, error) {
	if wanted != "" && slices.Contains(versions, wanted) {
		return wanted, nil
	}
	constraint, err := semver.NewConstraint(cmp.Or(wanted, "*"))
	if err != nil {
		return "", &failure{Code: "index", Message: fmt.Sprintf("%q is neither a version nor a range: %v", wanted, err)}
	}
	var newest *semver.Version
	for _, text := range versions {
		version, err := semver.NewVersion(text)
		if err == nil && constraint.Check(version) && (newest == nil || version.GreaterThan(newest)) {
			newest = version
		}
	}
	if newest == nil {
		return "", nil
	}
	return newest.Original(), nil
}

// sameVersion takes `v1.2.3` for `1.2.3`, as Helm does, and nothing else.
func sameVersion(a, b string) bool {
	return strings.TrimPrefix(a, "v") == strings.TrimPrefix(b, "v")
}
