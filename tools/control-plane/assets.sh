# Sourced by the other scripts: where the binaries are, and what is missing of them.
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BINARIES=(etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kwok helm)

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

# The versions are pinned by the go.sum files, so their digest names what was built.
cache_dir() {
  local digest
  digest=$(cat "$HERE"/modules/*/go.sum | sha256 | cut -c1-16)
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/ship-it/control-plane/$digest"
}

missing_from() { # folder
  local name
  for name in "${BINARIES[@]}"; do [ -x "$1/$name" ] || echo "$name"; done
}

# KUBEBUILDER_ASSETS as envtest has it, else the cache.
assets_dir() { echo "${KUBEBUILDER_ASSETS:-$(cache_dir)}"; }
