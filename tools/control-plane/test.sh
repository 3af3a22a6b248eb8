#!/usr/bin/env bash
# Runs the suites that need a real control plane: `npm run test:kubernetes [-- vitest arguments]`.
# Builds it once, starts it on free ports in a throw-away folder, and always brings it down.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$HERE/../.."

if [ -z "${KUBEBUILDER_ASSETS:-}" ] && ! command -v go >/dev/null; then
  source "$HERE/assets.sh"
  if [ -n "$(missing_from "$(assets_dir)")" ]; then
    echo "test:kubernetes skipped: it needs Go (to build the control plane once) or KUBEBUILDER_ASSETS, and neither is there." >&2
    # CI asks for a failure, because there a skip would hide a missing tool.
    [ -n "${SHIPIT_REQUIRE_KUBERNETES:-}" ] && exit 1 || exit 0
  fi
fi

KUBEBUILDER_ASSETS=$("$HERE/build.sh")
RUN=$(mktemp -d "${TMPDIR:-/tmp}/ship-it-control-plane.XXXXXX")
export KUBEBUILDER_ASSETS RUN

finish() { "$HERE/down.sh"; rm -rf "$RUN"; }
trap finish EXIT
trap 'exit 130' INT TERM

SHIPIT_TEST_KUBECONFIG=$("$HERE/up.sh")
export SHIPIT_TEST_KUBECONFIG
node tools/test/run.mjs kubernetes -- "$@"
