#!/usr/bin/env bash
# Safety, in full: kill -9 of the tool at 200 random instants of a capture, on every supported Go release.
set -euo pipefail
cd "$(dirname "$0")/.."
export MEMSNAP=${MEMSNAP:-$PWD/build/memsnap} MEMSNAP_KILLS=${MEMSNAP_KILLS:-200}
for release in ${SOAK_GO:-go1.24.9 go1.25.5 go1.26.8 go1.27.0}; do
  echo "soak: $release, $MEMSNAP_KILLS kills"
  (cd tests/live && MEMSNAP_GO=$release go test -count=1 -timeout 60m -run 'Kill' -v ./...)
done
