#!/usr/bin/env bash
# Makes sure that a Redis can be had, and prints nothing but what went wrong.
# In order: REDIS_URL, redis-server on PATH, apt-get, brew, docker. The programs that need one find it in the same order.
set -euo pipefail
[ -z "${REDIS_URL:-}" ] || exit 0
command -v redis-server >/dev/null && exit 0

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
  echo 'Installing redis-server with apt-get …' >&2
  log=$(mktemp)
  # RUNLEVEL=1: the package must not start a server of its own.
  if { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends redis-server; } >"$log" 2>&1; then
    rm -f "$log"; exit 0
  fi
  tail -n 3 "$log" >&2; rm -f "$log"
fi
if command -v brew >/dev/null; then
  echo 'Installing redis with brew …' >&2
  brew install --quiet redis >&2 && exit 0
fi
command -v docker >/dev/null && docker info >/dev/null 2>&1 && exit 0
echo 'Ship-it needs Redis 6.2 or newer: install redis-server (or docker), or set REDIS_URL to a Redis that may be used.' >&2
exit 1
