package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
)

type releaseInfo struct {
	Status           common.Status `json:"status"`
	Description      string        `json:"description"`
	FirstDeployed    time.Time     `json:"firstDeployed"`
	LastDeployed     time.Time     `json:"lastDeployed"`
	Deleted          *time.Time    `json:"deleted,omitempty"`
	Notes            string        `json:"notes"`
	RollbackRevision int           `json:"rollbackRevision"`
}

type encodeRequest struct {
	Digest    string      `json:"digest"`
	Layers    []layer     `json:"layers"`
	Name      string      `json:"name"`
	Namespace string      `json:"namespace"`
	Revision  int         `json:"revision"`
	Manifest  string      `json:"manifest"`
	Hooks     []hook      `json:"hooks"`
	Info      releaseInfo `json:"info"`
}

type encoded struct {
	// Release is what a Helm secret holds under `release`, before Kubernetes' own base64.
	Release string `json:"release"`
}

// encodeRelease writes a release as Helm 4 stores one that was applied server-side.
func encodeRelease(in encodeRequest, blob []byte) (any, error) {
	c, config, err := prepare(in.Digest, blob, in.Layers)
	if err != nil {
		return nil, err
	}
	return pack(&release.Release{
		Name:      in.Name,
		Namespace: in.Namespace,
		Version:   in.Revision,
		Chart:     c,
		Config:    config,
		Manifest:  in.Manifest,
		Hooks:     toHelm(in.Hooks),
		Info: &release.Info{
			Status:           in.Info.Status,
			Description:      in.Info.Description,
			FirstDeployed:    in.Info.FirstDeployed,
			LastDeployed:     in.Info.LastDeployed,
			Notes:            in.Info.Notes,
			RollbackRevision: in.Info.RollbackRevision,
		},
		ApplyMethod: string(release.ApplyMethodServerSideApply),
	})
}

type updateRequest struct {
	Release     string        `json:"release"`
	Status      common.Status `json:"status"`
	Description *string       `json:"description"`
	Deleted     *time.Time    `json:"deleted"`
	HookRuns    []namedRun    `json:"hookRuns"`
}

type namedRun struct {
	Kind string  `json:"kind"`
	Name string  `json:"name"`
	Run  hookRun `json:"run"`
}

// updateRelease changes how a stored release went and keeps everything else.
func updateRelease(in updateRequest, _ []byte) (any, error) {
	stored, err := unpack(in.Release)
	if err != nil {
		return nil, err
	}
	stored.Info.Status = in.Status
	if in.Description != nil {
		stored.Info.Description = *in.Description
	}
	if in.Deleted != nil {
		stored.Info.Deleted = *in.Deleted
	}
	for _, run := range in.HookRuns {
		for _, h := range stored.Hooks {
			if h.Kind == run.Kind && h.Name == run.Name {
				h.LastRun = run.Run.toHelm()
			}
		}
	}
	return pack(stored)
}

type decodeRequest struct {
	Release string `json:"release"`
}

type decoded struct {
	Name        string          `json:"name"`
	Namespace   string          `json:"namespace"`
	Revision    int             `json:"revision"`
	Info        releaseInfo     `json:"info"`
	Chart       *chart.Metadata `json:"chart"`
	Config      map[string]any  `json:"config"`
	Manifest    string          `json:"manifest"`
	Objects     []sourced       `json:"objects"`
	Hooks       []hook          `json:"hooks"`
	ApplyMethod string          `json:"applyMethod"`
}

// decodeRelease reads what Helm 3, Helm 4 or encodeRelease stored.
func decodeRelease(in decodeRequest, _ []byte) (any, error) {
	stored, err := unpack(in.Release)
	if err != nil {
		return nil, err
	}
	out := decoded{
		Name: stored.Name, Namespace: stored.Namespace, Revision: stored.Version, Config: stored.Config,
		Manifest: stored.Manifest, ApplyMethod: stored.ApplyMethod,
		Info: releaseInfo{
			Status: stored.Info.Status, Description: stored.Info.Description, Notes: stored.Info.Notes,
			FirstDeployed: stored.Info.FirstDeployed, LastDeployed: stored.Info.LastDeployed, RollbackRevision: stored.Info.RollbackRevision,
		},
	}
	if !stored.Info.Deleted.IsZero() {
		out.Info.Deleted = &stored.Info.Deleted
	}
	if stored.Chart != nil {
		out.Chart = stored.Chart.Metadata
	}
	objects, err := objectsIn("the stored manifest", stored.Manifest)
	if err != nil {
		return nil, err
	}
	for _, object := range objects {
		own(object, stored.Name, stored.Namespace)
		out.Objects = append(out.Objects, sourced{Object: object})
	}
	out.Hooks = hooksFrom(stored.Hooks)
	return out, readHookObjects(out.Hooks)
}

func pack(r *release.Release) (any, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := writer.Write(text); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return encoded{Release: base64.StdEncoding.EncodeToString(packed.Bytes())}, nil
}

// A record is at most 1 MiB packed; nothing honest unpacks to more than this.
const maxUnpackedRelease = 64 << 20

func unpack(text string) (*release.Release, error) {
	packed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, &failure{Code: "record", Message: err.Error()}
	}
	// Releases stored before Helm compressed them have no gzip header.
	if bytes.HasPrefix(packed, []byte{0x1f, 0x8b, 0x08}) {
		reader, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, &failure{Code: "record", Message: err.Error()}
		}
		if packed, err = io.ReadAll(io.LimitReader(reader, maxUnpackedRelease+1)); err != nil {
			return nil, &failure{Code: "record", Message: err.Error()}
		}
		if len(packed) > maxUnpackedRelease {
			return nil, &failure{Code: "record", Message: fmt.Sprintf("the release unpacks to more than %d bytes", maxUnpackedRelease)}
		}
	}
	var stored release.Release
	if err := json.Unmarshal(packed, &stored); err != nil {
		return nil, &failure{Code: "record", Message: err.Error()}
	}
	if slices.Contains(stored.Hooks, nil) {
		return nil, &failure{Code: "record", Message: "one of its hooks is null"}
	}
	if stored.Info == nil {
		stored.Info = &release.Info{}
	}
	return &stored, nil
}
