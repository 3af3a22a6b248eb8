#!/usr/bin/env bash
# Starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok on 127.0.0.1; prints the kubeconfig's path.
# env: RUN (folder for state, required), PORT0 (first of six ports; free ones where unset), NODES (2).
# Leaves $RUN/{kubeconfig,token,*.pid,*.log}. Ended by down.sh with the same RUN, also after a failed start.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/assets.sh"
: "${RUN:?RUN must name a folder for the state of the control plane}"
BIN=$(assets_dir)
NODES=${NODES:-2}
missing=$(missing_from "$BIN")
[ -z "$missing" ] || { echo "$BIN lacks:" $missing "(tools/control-plane/build.sh builds them)" >&2; exit 3; }

say() { echo "control plane: $*" >&2; }
mkdir -p "$RUN"
RUN=$(cd "$RUN" && pwd)
PKI=$RUN/pki
"$HERE/certs.sh" "$PKI"
rm -rf "$RUN/etcd"
mkdir -m 700 "$RUN/etcd"

if [ -n "${PORT0:-}" ]; then
  PORTS=($(seq "$PORT0" $((PORT0 + 5))))
else
  PORTS=($(node -e '
    const { createServer } = require("node:net");
    const servers = Array.from({ length: 6 }, () => createServer().listen(0, "127.0.0.1"));
    Promise.all(servers.map((s) => new Promise((done) => s.once("listening", () => done(s.address().port))))).then((ports) => {
      console.log(ports.join(" "));
      servers.forEach((s) => s.close());
    });'))
fi
API_PORT=${PORTS[0]} ETCD_PORT=${PORTS[1]} PEER_PORT=${PORTS[2]} MANAGER_PORT=${PORTS[3]} SCHEDULER_PORT=${PORTS[4]} KWOK_PORT=${PORTS[5]}

TOKEN=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
(
  umask 077
  echo "$TOKEN" >"$RUN/token"
  echo "$TOKEN,admin,admin,\"system:masters\"" >"$RUN/tokens.csv"
  cat >"$RUN/kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://127.0.0.1:$API_PORT", certificate-authority: $PKI/ca.crt}}]
users: [{name: admin, user: {client-certificate: $PKI/admin.crt, client-key: $PKI/admin.key}}]
contexts: [{name: test, context: {cluster: test, user: admin}}]
current-context: test
YAML
)

# A process group of its own for each, so that Ctrl-C reaches the caller's trap first.
set -m
start() { # name, command...
  local name=$1
  shift
  "$@" >"$RUN/$name.log" 2>&1 </dev/null &
  echo $! >"$RUN/$name.pid"
}
alive() { kill -0 "$(cat "$RUN/$1.pid")" 2>/dev/null || { say "$1 died:"; tail -5 "$RUN/$1.log" >&2; exit 1; }; }
wait_for() { # what, part that must stay alive, command...
  local what=$1 part=$2 i
  shift 2
  for i in $(seq 600); do
    if "$@" >/dev/null 2>&1; then return; fi
    alive "$part"
    sleep 0.1
  done
  say "$what took more than a minute; see $RUN/*.log"
  exit 1
}
api() { curl -sS --fail -m 5 --cacert "$PKI/ca.crt" -H "Authorization: Bearer $TOKEN" "https://127.0.0.1:$API_PORT$1" "${@:2}"; }

PEER=http://127.0.0.1:$PEER_PORT
CLIENT=http://127.0.0.1:$ETCD_PORT
start etcd "$BIN/etcd" --name default --data-dir "$RUN/etcd" --unsafe-no-fsync --log-level warn \
  --listen-client-urls "$CLIENT" --advertise-client-urls "$CLIENT" \
  --listen-peer-urls "$PEER" --initial-advertise-peer-urls "$PEER" --initial-cluster "default=$PEER"
wait_for etcd etcd curl -sf -m 1 "$CLIENT/health"

start kube-apiserver "$BIN/kube-apiserver" --etcd-servers "$CLIENT" \
  --bind-address 127.0.0.1 --secure-port "$API_PORT" --advertise-address 127.0.0.1 --endpoint-reconciler-type none \
  --tls-cert-file "$PKI/apiserver.crt" --tls-private-key-file "$PKI/apiserver.key" --client-ca-file "$PKI/ca.crt" \
  --token-auth-file "$RUN/tokens.csv" --authorization-mode RBAC --anonymous-auth=false \
  --service-account-issuer https://kubernetes.default.svc \
  --service-account-key-file "$PKI/sa.pub" --service-account-signing-key-file "$PKI/sa.key" \
  --service-cluster-ip-range 10.0.0.0/24 --allow-privileged=true --profiling=false ${APISERVER_FLAGS:-}
wait_for "the API server" kube-apiserver api /readyz

client=(--kubeconfig "$RUN/kubeconfig" --authentication-kubeconfig "$RUN/kubeconfig" --authorization-kubeconfig "$RUN/kubeconfig"
  --bind-address 127.0.0.1 --leader-elect=false --profiling=false --kube-api-qps 200 --kube-api-burst 400)
start kube-controller-manager "$BIN/kube-controller-manager" "${client[@]}" --secure-port "$MANAGER_PORT" \
  --service-account-private-key-file "$PKI/sa.key" --root-ca-file "$PKI/ca.crt" --min-resync-period 1h
start kube-scheduler "$BIN/kube-scheduler" "${client[@]}" --secure-port "$SCHEDULER_PORT"

# kwok has no variables: how a pod's mode is found is written once, in mode.jq, and put into every stage.
mode=$(grep -v '^#' "$HERE/stages/mode.jq" | tr -s ' \n' ' ')
awk -v mode="$mode" 'BEGIN { gsub(/&/, "\\\\&", mode) } { gsub(/@MODE@/, mode); print }' "$HERE"/stages/*.yaml >"$RUN/stages.yaml"
# HOME apart, because kwok also reads ~/.kwok/kwok.yaml.
HOME=$RUN start kwok "$BIN/kwok" --kubeconfig "$RUN/kubeconfig" --manage-all-nodes=true \
  --config "$BIN/kwok-node-initialize.yaml" --config "$BIN/kwok-node-heartbeat.yaml" --config "$RUN/stages.yaml" \
  --cidr 10.244.0.0/16 --node-ip 10.1.0.1 --node-lease-duration-seconds 40 --server-address "127.0.0.1:$KWOK_PORT"

for n in $(seq 0 $((NODES - 1))); do
  room='{"cpu":"32","memory":"256Gi","pods":"500"}'
  api /api/v1/nodes -o /dev/null -X POST -H 'Content-Type: application/json' --data-binary @- <<JSON
{"apiVersion":"v1","kind":"Node","status":{"allocatable":$room,"capacity":$room},
 "metadata":{"name":"node-$n","annotations":{"kwok.x-k8s.io/node":"fake","node.alpha.kubernetes.io/ttl":"0"},
  "labels":{"kubernetes.io/hostname":"node-$n","kubernetes.io/os":"linux","kubernetes.io/arch":"amd64","type":"kwok"}}}
JSON
done
nodes_ready() { [ "$(api /api/v1/nodes | tr -d ' \n' | grep -o '"type":"Ready","status":"True"' | wc -l)" -ge "$NODES" ]; }
wait_for "a ready node" kwok nodes_ready
wait_for "the default service account" kube-controller-manager api /api/v1/namespaces/default/serviceaccounts/default
say "ready at https://127.0.0.1:$API_PORT after $SECONDS s"
echo "$RUN/kubeconfig"
