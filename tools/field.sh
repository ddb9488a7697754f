#!/usr/bin/env bash
# Real servers under load, reports into docs/field: tools/field.sh [-only SERVER] [-seconds N]
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/field docs/field
(cd tests/field && go build -o ../../build/field/field .)
build/field/field "$@"
