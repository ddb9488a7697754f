#!/usr/bin/env bash
# memsnap check on large programs, with the types of what they import: without a cache, filling it, with nothing
# changed, and after a change in the body of one function; on Caddy beside go vet and staticcheck, each with an empty
# cache and once more: CPU time of all processes, and the memory of the largest.
#   tools/check_bench.sh MEMSNAP [own]
# With own, memsnap alone is measured.
# staticcheck is built from the module proxy. Both compile what Caddy imports, which takes minutes.
set -euo pipefail
memsnap=$(realpath "$1")
cd "$(dirname "$0")/.."
. tools/check_modules.sh
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# cost COMMAND...: CPU seconds and MB. Findings are no failure.
cost() {
  { /usr/bin/time -f '%U %S %M' "$@" >/dev/null 2>"$work/said"; } 2>"$work/cost" || true
  tail -n 1 "$work/cost" "$work/said" 2>/dev/null | grep -E '^[0-9.]+ [0-9.]+ [0-9]+$' |
    awk '{ printf "%.2f CPU s, %.0f MB", $1 + $2, $3 / 1e3 }'
}

declare -A change=([kubernetes]=pkg/scheduler/scheduler.go [prometheus]=tsdb/head.go [nats-server]=server/client.go
  [caddy]=modules/caddyhttp/server.go)
for module in k8s.io/kubernetes github.com/prometheus/prometheus github.com/nats-io/nats-server github.com/caddyserver/caddy; do
  for known in "${check_modules[@]}"; do
    [[ $known == "$module"[@/]* ]] || continue
    name=$(check_name "$known")
    check_copy "$known" "$work/$name"
    changed=${change[$name]}
    (
      cd "$work/$name"
      export XDG_CACHE_HOME=$work/cache-$name
      say() { printf 'check: %-12s memsnap, %-20s %s\n' "$name" "$1" "$2"; }
      say 'no cache' "$(cost "$memsnap" check ./... --no-cache)"
      say 'filling the cache' "$(cost "$memsnap" check ./...)"
      say 'nothing changed' "$(cost "$memsnap" check ./...)"
      for i in 1 2 3 4 5; do
        perl -0pi -e 's/(\nfunc [^\n]*\{\n)/$1\t_ = '"$i"'\n/' "$changed"
        say "a body of $(basename "$changed")" "$(cost "$memsnap" check ./...)"
      done
    )
  done
done

[[ ${2-} != own ]] || exit 0

tools/ast_grep_bench.sh "$work/kubernetes" "$work/prometheus"

GOBIN=$work go install honnef.co/go/tools/cmd/staticcheck@v0.8.2
export GOCACHE=$work/cache STATICCHECK_CACHE=$work/staticcheck-cache
# The copy has no files but Go's; these compile, so they need those that are embedded.
caddy=$(cd / && go mod download -json github.com/caddyserver/caddy/v2@v2.11.9 | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
cd "$caddy"
printf 'check: %-12s go vet, empty cache  %s\n' caddy "$(cost go vet ./...)"
go vet ./...  # it has nothing to say of Caddy, so that a build which failed shows
printf 'check: %-12s go vet, once more    %s\n' caddy "$(cost go vet ./...)"
printf 'check: %-12s staticcheck, first   %s\n' caddy "$(cost "$work/staticcheck" ./...)"
printf 'check: %-12s staticcheck, again   %s\n' caddy "$(cost "$work/staticcheck" ./...)"
