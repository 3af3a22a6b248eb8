#!/usr/bin/env bash
# The tests of the page drive a headless Chromium; where none can be had they are skipped and say so.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do command -v "$name" >/dev/null && exit 0; done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo 'Installing chromium with apt-get …' >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 && exit 0
fi
echo 'No Chromium: the tests of the page will be skipped.' >&2
exit 1
