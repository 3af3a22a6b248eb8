#!/usr/bin/env bash
# `npm start`: installs, builds and starts everything on this machine. `npm start -- --help` lists the options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash tools/bootstrap/prepare.sh
log=$(mktemp)
npx nx run-many -t build >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; exit 1; }
rm -f "$log"
exec node services/playground/dist/main.js "$@"
