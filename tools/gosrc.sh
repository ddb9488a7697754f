#!/usr/bin/env bash
# memsnap's parser beside go/parser: both print a line for each file with all nodes and their places, or that they reject
# it and on which line, and the lines must be the same.
#   tools/gosrc.sh        the standard libraries of two Go releases, and mutants of them
#   tools/gosrc.sh field  Kubernetes, Prometheus, Caddy and nats-server
# memsnap's side is printed by treedump, which is built in the folder $BUILD, build-test when that is not set.
set -euo pipefail
cd "$(dirname "$0")/.."
releases=${GOSRC_RELEASES:-go1.26.8 go1.27.0}
modules=(k8s.io/kubernetes@v1.36.3 github.com/prometheus/prometheus@v0.315.0 github.com/caddyserver/caddy/v2@v2.11.9
  github.com/nats-io/nats-server/v2@v2.15.2)
mutants=${GOSRC_MUTANTS:-5000}
build=${BUILD:-build-test}
ninja --quiet -C "$build" treedump
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The oracle knows the grammar of the release that builds it, so the newest one does.
newest=${releases##* }
(cd tests/gosrc && GOTOOLCHAIN=$newest go vet . && GOTOOLCHAIN=$newest go build -o "$work/oracle" .)

compare() {  # what, list of files, sed script for both sides
  "$build/treedump" <"$2" | sed "${3:-}" >"$work/ours"
  "$work/oracle" <"$2" | sed "${3:-}" >"$work/theirs"
  if ! diff "$work/ours" "$work/theirs" >"$work/diff"; then
    echo "gosrc: $1: memsnap (<) and go/parser (>) differ:" >&2
    cut -c -200 "$work/diff" | head -n 20 >&2
    exit 1
  fi
  printf 'gosrc: %s: %d files, %d of them rejected, the same as go/parser\n' "$1" "$(wc -l <"$2")" \
    "$(grep -c ' rejected' "$work/theirs" || true)"
}

list() { find "$1" -type f -name '*.go' | sort; }

if [ "${1:-}" = field ]; then
  for module in "${modules[@]}"; do
    folder=$(cd "$work" && go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    list "$folder" >"$work/list"
    compare "$module" "$work/list"
  done
  exit
fi

for release in $releases; do
  root=$(GOTOOLCHAIN=$release go env GOROOT)
  list "$root/src" >"$work/list"
  compare "standard library of $release" "$work/list"
  # Of the files that the type checkers are tested with those that expect no error are Go for certain.
  grep -E '/(internal/types|cmd/compile/internal/syntax)/testdata/' "$work/list" | xargs grep -L ERROR |
    sed 's/$/ rejected/' | grep -Ff - "$work/ours" && { echo 'gosrc: the files above are valid' >&2; exit 1; }
done
mkdir "$work/mutants"
"$work/oracle" -mutants "$work/mutants" -count "$mutants" <"$work/list"
list "$work/mutants" >"$work/list"
# Where a broken file is broken depends on what was expected; that it is does not.
compare 'mutants' "$work/list" 's/ on line [0-9]*$//'
