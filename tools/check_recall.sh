#!/usr/bin/env bash
# How much of what it should find does memsnap check find? Mistakes are made in clean code, one at a time.
#   tools/check_recall.sh [MISSES]   prints recall for each kind of mistake; MISSES is a file for those not found
# $MEMSNAP is the binary to test (build/memsnap when not set), $COUNT how many mutants of each kind (40).
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/check_modules.sh
memsnap=${MEMSNAP:-$PWD/build/memsnap}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export GOTOOLCHAIN=${GOTOOLCHAIN:-go1.27.0} GOFLAGS=-mod=mod GOWORK=off
(cd tests/check/mutate && go vet . && go build -o "$work/mutate" .)
folders=()
for module in "${check_modules[@]}"; do
  name=$(check_name "$module")
  check_copy "$module" "$work/$name"
  folders+=("$name=$work/$name")
done
for module in "${check_libraries[@]}"; do
  name=$(check_name "$module")
  check_sources "$module" "$work/$name"
  folders+=("$name=$work/$name")
done
"$work/mutate" make -count "${COUNT:-40}" -first 4 -o "$work/mutants.json" "${folders[@]}"
"$work/mutate" run -memsnap "$memsnap" -goal 0.8 ${1:+-misses "$1"} "$work/mutants.json" "${folders[@]}"
