#!/usr/bin/env bash
# Errors and warnings of memsnap check in programs of others, drawn at random by the commit, to be judged by hand:
# docs/field/check.md keeps the verdicts.
# $MEMSNAP is the binary to test (build/memsnap when not set), $COUNT how many to draw (100).
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/check_modules.sh
memsnap=${MEMSNAP:-$PWD/build/memsnap}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export GOTOOLCHAIN=${GOTOOLCHAIN:-go1.27.0} GOFLAGS=-mod=mod GOWORK=off
(cd tests/check/mutate && go build -o "$work/mutate" .)
folders=("std=$(go env GOROOT)/src")
for module in "${check_modules[@]}"; do
  name=$(check_name "$module")
  check_copy "$module" "$work/$name"
  folders+=("$name=$work/$name")
done
"$work/mutate" sample -memsnap "$memsnap" -seed "${SEED:-$(git rev-parse HEAD)}" -count "${COUNT:-100}" "${folders[@]}"
