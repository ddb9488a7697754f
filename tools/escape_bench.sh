#!/usr/bin/env bash
# memsnap escape on the logs of Caddy and Prometheus: time, memory, and the count of values beside grep and sort.
#   tools/escape_bench.sh MEMSNAP
# The first run compiles both with -gcflags=-m=2 (two CPU minutes); the logs are kept in build/escape.
set -euo pipefail
memsnap=$(realpath "$1")
cd "$(dirname "$0")/.."
mkdir -p build/escape
logs=$PWD/build/escape

log_of() {
  local name=$1 module=$2
  [ -s "$logs/$name.m2" ] && return
  local folder
  folder=$(cd /tmp && GOFLAGS=-mod=mod go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  (cd "$folder" && GOWORK=off GOFLAGS=-mod=readonly go build -gcflags=-m=2 ./... 2>"$logs/$name.part")
  mv "$logs/$name.part" "$logs/$name.m2"
}

one() {
  local name=$1 log=$logs/$1.m2 said counted
  said=$("$memsnap" escape "$log" --json -n 1 | sed -n 's/.*"escapes": *\([0-9]*\).*/\1/p' | head -n 1)
  counted=$(grep -E ' escapes to heap$|(^|: )moved to heap: ' "$log" | grep -vE '^[^ ]+:   ' | LC_ALL=C sort -u | wc -l)
  [ "$said" = "$counted" ] || { echo "escape: $name: $said values, grep and sort say $counted" >&2; return 1; }
  local cost peer
  cost=$( { /usr/bin/time -f '%U %S %M' "$memsnap" escape "$log" --json -n 1 >/dev/null; } 2>&1 | tail -n 1)
  peer=$( { /usr/bin/time -f '%U %S' bash -c "grep -E ' escapes to heap\$|moved to heap: ' '$log' | LC_ALL=C sort -u | wc -l" >/dev/null; } 2>&1 | tail -n 1)
  awk -v name="$name" -v bytes="$(stat -c %s "$log")" -v values="$said" -v cost="$cost" -v peer="$peer" 'BEGIN {
    split(cost, c, " "); split(peer, p, " ")
    printf "escape: %-10s %5.0f MB log, %d values: %.2f CPU s, %.0f MB; grep and sort, counting only: %.2f CPU s\n",
      name, bytes / 1e6, values, c[1] + c[2], c[3] / 1e3, p[1] + p[2] }'
}

log_of caddy github.com/caddyserver/caddy/v2@v2.11.9
log_of prometheus github.com/prometheus/prometheus@v0.315.0
one caddy
one prometheus
