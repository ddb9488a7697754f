#!/bin/bash
# Rewrites data/layouts/go1.NN.toml with the given releases: tools/layoutgen/update.sh go1.26.8 go1.27.0
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cmake -S . -B "$build" -G Ninja -DMEMSNAP_TESTS=OFF >/dev/null
ninja -C "$build" layoutgen >/dev/null
for release in "$@"; do
  minor=${release#go}
  minor=${minor%.*}
  (cd tests/live/kinds && GOTOOLCHAIN=$release CGO_ENABLED=0 go build -o "$build/program" .)
  "$build/layoutgen" "$build/program" "$(GOTOOLCHAIN=$release go env GOROOT)" >"$build/table"
  mv "$build/table" "data/layouts/go$minor.toml"
done
