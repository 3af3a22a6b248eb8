#!/usr/bin/env bash
# Builds a real Kubernetes control plane, kwok, kubectl and helm from Go modules, once, into a cache
# outside the checkout, and prints the folder. Does nothing where the binaries are there already.
# Cold: about 7 minutes on 2 cores and 4 GB of Go build cache. KUBEBUILDER_ASSETS names ready-made binaries.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/assets.sh"

OUT=$(assets_dir)
missing=$(missing_from "$OUT")
if [ -z "$missing" ]; then echo "$OUT"; exit 0; fi
if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
  echo "KUBEBUILDER_ASSETS=$OUT lacks:" $missing >&2; exit 3
fi
if ! command -v go >/dev/null; then
  echo "The test control plane needs Go >= 1.26 to be built, or KUBEBUILDER_ASSETS naming a folder with:" "${BINARIES[@]}" >&2
  exit 3
fi

export GOTOOLCHAIN=local GOFLAGS="-buildvcs=false -mod=readonly" CGO_ENABLED=0
mkdir -p "$(dirname "$OUT")"
STAGE=$(mktemp -d "$OUT.XXXXXX")
trap 'rm -rf "$STAGE"' EXIT

version() { (cd "$HERE/modules/$1" && go list -m -f '{{.Version}}' "$2"); }

build() { # module, package, binary, linker flags
  echo "building $3" >&2
  (cd "$HERE/modules/$1" && nice -n 10 go build -p "${JOBS:-2}" -trimpath -ldflags "-s -w $4" -o "$STAGE/$3" "$2")
}

# Without these the API server calls itself v0.0.0 and charts with a kubeVersion refuse it.
kubernetes_version_flags() {
  local tag number package
  tag=$(version kubernetes k8s.io/kubernetes); number=${tag#v}
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    printf ' -X %s.gitVersion=%s' "$package" "$tag"
    printf ' -X %s.gitMajor=%s -X %s.gitMinor=%s' "$package" "${number%%.*}" "$package" "$(cut -d. -f2 <<<"$number")"
    printf ' -X %s.gitTreeState=clean -X %s.gitCommit=%s' "$package" "$package" "$(printf '0%.0s' {1..40})"
    printf ' -X %s.buildDate=1970-01-01T00:00:00Z' "$package"
  done
}

flags=$(kubernetes_version_flags)
build kubernetes go.etcd.io/etcd/server/v3 etcd ""
for name in kube-apiserver kube-controller-manager kube-scheduler kubectl; do
  build kubernetes "k8s.io/kubernetes/cmd/$name" "$name" "$flags"
done
build kwok sigs.k8s.io/kwok/cmd/kwok kwok "-X sigs.k8s.io/kwok/pkg/consts.Version=$(version kwok sigs.k8s.io/kwok)"
build helm helm.sh/helm/v4/cmd/helm helm ""

# How nodes behave is kwok's own configuration, taken from the module itself.
nodes=$(cd "$HERE/modules/kwok" && go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage/node
install -m 644 "$nodes/fast/node-initialize.yaml" "$STAGE/kwok-node-initialize.yaml"
install -m 644 "$nodes/heartbeat-with-lease/node-heartbeat-with-lease.yaml" "$STAGE/kwok-node-heartbeat.yaml"

# Somebody else may have built the same meanwhile; either result will do.
[ -d "$OUT" ] || mv "$STAGE" "$OUT"
echo "$OUT"
