#!/usr/bin/env bash
# The types that memsnap finds beside those of go/types: tools/gotypes.sh [field]
# Without a word: six packages of the standard library with their tests, and the files of go/types' own test data that
# type-check. With `field` also the whole standard library and the programs below, from the module cache or the proxy.
# $TYPEDUMP is the binary that prints ours (build-test/typedump when not set).
set -euo pipefail
cd "$(dirname "$0")/.."
typedump=${TYPEDUMP:-$PWD/build-test/typedump}
[ -n "${TYPEDUMP:-}" ] || ninja --quiet -C build-test typedump
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
(cd tests/gotypes && go vet . && go build -o "$work/gotypes" .)

# compare NAME FOLDER [-tests] PATTERN...
compare() {
  local name=$1 folder=$2
  shift 2
  # What is not in the module cache yet comes there before we look for it.
  (cd "$folder" && go list -e -deps -test $(printf "%s\n" "$@" | grep -v "^-tests$") >/dev/null 2>&1) || true
  (cd "$folder" && "$typedump" "$@" >"$work/dump" 2>"$work/problems") || cat "$work/problems" >&2
  printf 'types: %-14s ' "$name"
  local tests=()
  [ "$1" = -tests ] && tests=(-tests) && shift
  "$work/gotypes" -C "$folder" "${tests[@]}" "$work/dump" "$@"
}

# module PATH@VERSION: prints where a copy of it lies that can be written to, without the workspace it came from
module() {
  local copy=$work/module
  rm -rf "$copy"
  cp -r "$(go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')" "$copy"
  chmod -R u+w "$copy"
  rm -rf "$copy"/go.work "$copy"/go.work.sum "$copy"/vendor
  echo "$copy"
}

# Files of go/types' test data; paths with blanks there are none.
data=$(find "$(go env GOROOT)/src/internal/types/testdata" -name '*.go')
"$typedump" -each $data >"$work/dump"
printf 'types: %-14s ' testdata
"$work/gotypes" -each "$work/dump" $data
compare std "$(go env GOROOT)/src" -tests net/http go/types encoding/json runtime net database/sql
[ "${1:-}" = field ] || exit 0

export GOWORK=off GOFLAGS=-mod=mod
compare 'all of std' "$(go env GOROOT)/src" std
compare caddy "$(module github.com/caddyserver/caddy/v2@v2.11.9)" -tests ./...
compare nats-server "$(module github.com/nats-io/nats-server/v2@v2.15.2)" -tests ./...
compare prometheus "$(module github.com/prometheus/prometheus@v0.315.0)" -tests ./...
etcd=$(module go.etcd.io/etcd/server/v3@v3.6.8)
sed -i '/=> \.\.\//d' "$etcd/go.mod"
compare etcd "$etcd" ./...
# The zip of Kubernetes has no staging folder: its modules are taken by their own version.
kubernetes=$(module k8s.io/kubernetes@v1.36.3)
sed -i -E '/=> \.\/staging/d; s|(k8s\.io/[a-z-]+) v0\.0\.0$|\1 v0.36.3|; s|(k8s\.io/[a-z-]+) v0\.0\.0 //|\1 v0.36.3 //|' "$kubernetes/go.mod"
compare kubernetes "$kubernetes" ./...
