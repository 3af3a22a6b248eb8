package main

import (
	"fmt"

	"helm.sh/helm/v4/pkg/chart/common"
)

// What templates may know of the cluster. Without it they see what `helm template` shows them.
type cluster struct {
	KubeVersion string   `json:"kubeVersion"`
	APIVersions []string `json:"apiVersions"`
}

func (c *cluster) capabilities(extra []string) (*common.Capabilities, error) {
	known := common.DefaultCapabilities.Copy()
	known.APIVersions = append([]string{}, builtInAPIVersions...)
	if c != nil && c.KubeVersion != "" {
		version, err := common.ParseKubeVersion(c.KubeVersion)
		if err != nil {
			return nil, fmt.Errorf("invalid kube version '%s': %w", c.KubeVersion, err)
		}
		known.KubeVersion = *version
	}
	if c != nil && c.APIVersions != nil {
		known.APIVersions = c.APIVersions
	}
	known.APIVersions = append(known.APIVersions, extra...)
	return known, nil
}

// A look-up that a template made; the host answers it before the next round.
type lookup struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name,omitempty"`
}

type lookups []struct {
	lookup
	// Object is the object, or the list where no name was given; null where there is none.
	Object map[string]any `json:"object"`
}

const maxUnknownLookups = 200

type lookupLog struct {
	known   lookups
	unknown []lookup
}

// find is the template function: what is not known yet is empty in this round, and asked for.
func (l *lookupLog) find(apiVersion, kind, namespace, name string) (map[string]any, error) {
	wanted := lookup{APIVersion: apiVersion, Kind: kind, Namespace: namespace, Name: name}
	for _, answered := range l.known {
		if answered.lookup == wanted {
			if answered.Object == nil {
				return map[string]any{}, nil
			}
			return answered.Object, nil
		}
	}
	for _, asked := range l.unknown {
		if asked == wanted {
			return map[string]any{}, nil
		}
	}
	if len(l.unknown) >= maxUnknownLookups {
		return nil, fmt.Errorf("more than %d different look-ups", maxUnknownLookups)
	}
	l.unknown = append(l.unknown, wanted)
	return map[string]any{}, nil
}
