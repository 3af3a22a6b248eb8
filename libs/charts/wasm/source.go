package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
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
	ignored, err := ignoredFiles(kept.charts[in.Digest].files)
	if err != nil {
		return nil, err
	}
	return inspected{Chart: c.Metadata, Ignored: ignored}, nil
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
	versions, err := versionsIn(entryOnly(blob, in.Name), in.Name)
	if err != nil || len(versions) == 0 {
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

// entryOnly cuts the entry of one chart out of an index that is laid out as Helm does: reading all of a large index
// takes a minute. It is empty where that is not certain.
func entryOnly(index []byte, name string) []byte {
	head := []byte("\n  " + name + ":\n")
	entries := bytes.Index(index, []byte("\nentries:\n"))
	start := bytes.Index(index, head)
	if strings.ContainsAny(name, "\n:") || entries < 0 || start < entries || bytes.Count(index, head) != 1 {
		return nil
	}
	body := index[start+len(head):]
	end := 0
	for line := range bytes.Lines(body) {
		isInside := bytes.HasPrefix(line, []byte("  - ")) || bytes.HasPrefix(line, []byte("   "))
		if !isInside && len(bytes.TrimSpace(line)) > 0 {
			break
		}
		end += len(line)
	}
	return slices.Concat([]byte("entries:"), head, body[:end])
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
