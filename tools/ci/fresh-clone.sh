#!/usr/bin/env bash
# Does what a newcomer does: clones, `npm start`, a good push, a bad push, Ctrl-C, `npm start` again.
set -uo pipefail
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
clone=$work/clone
passed=0 failed=0 start_pid=
unset REDIS_URL

finish() {
  [ -z "$start_pid" ] || { kill -INT -- "-$start_pid" && until_true 20 gone "$start_pid"; } 2>/dev/null
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

ready() { node -p "JSON.parse(require('fs').readFileSync('.playground/ready.json', 'utf8')).$1"; }
gone() { ! kill -0 "$1" 2>/dev/null; }
all_gone() { local pid; for pid in "$@"; do gone "$pid" || return 1; done; }
is_ready() { [ -e .playground/ready.json ] || gone "$start_pid"; }
state_is() { npx shipit releases get "$1" --json | grep -Eq "\"state\": ?\"$2\""; }

# A process group of its own, so that a signal to the group is what Ctrl-C is.
start() {
  local started=$SECONDS
  set -m
  npm start -- --port 0 >"$work/start.log" 2>&1 &
  start_pid=$!
  set +m
  until_true "$1" is_ready
  echo "   ready after $((SECONDS - started)) s"
  [ -e .playground/ready.json ] || { tail -n 30 "$work/start.log"; return 1; }
}

stop() {
  kill -INT -- "-$start_pid"
  until_true 20 gone "$start_pid" || return 1
  start_pid=
}

# The repository as somebody else sees it.
clone_releases() { rm -rf "$work/releases" && git clone --quiet "$(ready git.url)" "$work/releases"; }
is_committed() { clone_releases && grep -q "$1" "$work/releases/releases/velocity/word-counts.yaml"; }
is_rolled_back_to() { is_committed "$1" && git -C "$work/releases" log -1 --format=%B | grep -q '^Rollback: default/word-counts '; }
is_explained() { npx shipit releases explain word-counts | grep -qi 'roll.*back'; }

git clone --quiet "$source_folder" "$clone" && cd "$clone" || exit 1
check 'npm start gets ready' start 300
tail -n 1 "$work/check.log"

check 'the samples are deployed' until_true 60 npx shipit wait word-counts --timeout 60s
pushed=$(npx shipit playground push word-counts --json | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).image.split("/").pop()')
check 'a push is deployed' until_true 60 npx shipit wait "${pushed:-nothing}" --timeout 60s
check 'and is a commit' is_committed "${pushed#*:}"
npx shipit playground push word-counts --bad >/dev/null
check 'a bad push is rolled back' until_true 90 state_is word-counts RolledBack
check 'by a commit that restores the last good tag' is_rolled_back_to "${pushed#*:}"
check 'explain says why' is_explained

pids=$(node -p 'Object.values(JSON.parse(require("fs").readFileSync(".playground/ready.json", "utf8")).pids).join(" ")')
pids="$pids $(cat .playground/redis/redis.pid 2>/dev/null)"
check 'Ctrl-C stops it within 20 s' stop
check 'and nothing stays behind' until_true 5 all_gone $pids
check 'npm start again gets ready' start 60
tail -n 1 "$work/check.log"
check 'with everything as it was' state_is word-counts RolledBack
check 'Ctrl-C stops it again' stop

[ "$failed" = 0 ] || { tail -n 30 "$work/start.log"; tail -n 5 .playground/logs/*.log; }
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
