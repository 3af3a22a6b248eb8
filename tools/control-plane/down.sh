#!/usr/bin/env bash
# Ends what up.sh started with the same RUN, by process id, newest first. Safe to repeat.
set -uo pipefail
: "${RUN:?RUN must name the folder given to up.sh}"
for name in kwok kube-scheduler kube-controller-manager kube-apiserver etcd; do
  [ -f "$RUN/$name.pid" ] || continue
  pid=$(cat "$RUN/$name.pid")
  kill "$pid" 2>/dev/null
  for _ in $(seq 50); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null
  rm -f "$RUN/$name.pid"
done
exit 0
