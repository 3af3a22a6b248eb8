#!/usr/bin/env bash
# What every command of this repository needs: a Node that can run it, git, the packages of the lockfile, a Redis.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
  { echo "Ship-it needs Node 20.19 or newer; this is $(node --version)." >&2; exit 1; }
command -v git >/dev/null || { echo 'Ship-it needs git: install it and start again.' >&2; exit 1; }
# npm writes node_modules/.package-lock.json last, so an older one is a half-done or outdated installation.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo 'Installing packages …' >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  touch node_modules/.package-lock.json
fi
bash tools/bootstrap/redis.sh
