#!/usr/bin/env bash
# Does what a newcomer does: clones, `npm start`, a good push, a bad push, Ctrl-C.
set -uo pipefail
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
passed=0 failed=0 start_pid=

finish() {
  [ -z "$start_pid" ] || kill -INT "$start_pid" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

check() { # what, command…
  local what=$1; shift
  if "$@" >"$work/check.log" 2>&1; then passed=$((passed + 1)); echo "   ok: $what"
  else failed=$((failed + 1)); echo "   FAILED: $what"; tail -n 20 "$work/check.log"; fi
}

until_true() { # seconds, command…
  local end=$((SECONDS + $1)); shift
  until "$@"; do [ "$SECONDS" -lt "$end" ] || return 1; sleep 0.3; done
}

state_is() { npx shipit releases get "$1" --json | grep -q "\"state\": \"$2\""; }
gone() { ! kill -0 "$1" 2>/dev/null; }
none_left() { ! pgrep -f "$work/clone" >/dev/null; }

git clone --quiet "$source_folder" "$work/clone" && cd "$work/clone" || exit 1
started=$SECONDS
npm start -- --port 0 >"$work/start.log" 2>&1 &
start_pid=$!
check 'npm start is ready within 180 s' until_true 180 test -e .playground/ready.json
echo "   ready after $((SECONDS - started)) s"
[ -e .playground/ready.json ] || tail -n 30 "$work/start.log"

repository=$(node -p 'JSON.parse(require("fs").readFileSync(".playground/ready.json")).git.url')
check 'the four samples are deployed' until_true 60 npx shipit wait word-counts --timeout 60s
pushed=$(npx shipit playground push word-counts --json | node -p 'JSON.parse(require("fs").readFileSync(0)).image.split("/").pop()')
check 'a push is deployed' until_true 60 npx shipit wait "$pushed" --timeout 60s
check 'and is a commit' sh -c "rm -rf '$work/releases' && git clone --quiet '$repository' '$work/releases' && grep -q '${pushed#*:}' '$work/releases/releases/velocity/word-counts.yaml'"
npx shipit playground push word-counts --bad >/dev/null
check 'a bad push is rolled back' until_true 90 state_is word-counts RolledBack
check 'by a commit that restores the last good tag' sh -c "rm -rf '$work/releases' && git clone --quiet '$repository' '$work/releases' && grep -q '${pushed#*:}' '$work/releases/releases/velocity/word-counts.yaml' && git -C '$work/releases' log -1 --format=%B | grep -q '^Rollback: default/word-counts '"
check 'explain says why' sh -c "npx shipit releases explain word-counts | grep -qi 'rollback'"

node_pid=$(pgrep -f "$work/clone/services/playground|services/playground/dist/main.js" | head -n 1)
kill -INT "${node_pid:-$start_pid}" 2>/dev/null
check 'Ctrl-C stops everything within 20 s' until_true 20 gone "$start_pid"
check 'and nothing stays behind' until_true 5 none_left
[ "$failed" = 0 ] || { tail -n 30 "$work/start.log"; tail -n 5 .playground/logs/*.log; }
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
