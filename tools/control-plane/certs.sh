#!/usr/bin/env bash
# Writes a throw-away CA, the API server's and an administrator's certificate, and the key that signs
# service account tokens. Usage: certs.sh FOLDER. Elliptic keys, because they cost milliseconds.
set -euo pipefail
mkdir -p "$1"
cd "$1"
[ -f sa.pub ] && exit 0

quietly() { "$@" 2>openssl.err || { cat openssl.err >&2; exit 1; }; }
key() { quietly openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

key ca
quietly openssl req -x509 -new -key ca.key -sha256 -days 3650 -subj /CN=ship-it-test-ca -out ca.crt \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign

leaf() { # name, subject, usage, alternative names
  key "$1"
  quietly openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  printf '%s\n' basicConstraints=CA:FALSE keyUsage=digitalSignature "extendedKeyUsage=$3" ${4:+"subjectAltName=$4"} >"$1.ext"
  quietly openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -sha256 -extfile "$1.ext" -out "$1.crt"
  rm -f "$1.csr" "$1.ext"
}
leaf apiserver /CN=kube-apiserver serverAuth \
  DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.0.0.1
leaf admin /O=system:masters/CN=admin clientAuth

quietly openssl genrsa -out sa.key 2048
quietly openssl rsa -in sa.key -pubout -out sa.pub
