#!/usr/bin/env bash
# `npm test`: all tests but those on the real control plane (`npm run test:kubernetes`). Arguments go to vitest.
# Its last line counts the tests; what was skipped, and why, stands in the lines before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash tools/bootstrap/prepare.sh
bash tools/bootstrap/chromium.sh || true
npx nx run-many -t build --output-style=static >/dev/null || npx nx run-many -t build
exec node tools/test/run.mjs unit e2e -- "$@"
