#!/usr/bin/env bash
# Errors and warnings of memsnap check in the libraries of tests/check/held_out.txt, which taught no rule anything: how many
# there are for a thousand lines, and a draw to be judged by hand. docs/field/check.md keeps what was made of it.
# $MEMSNAP is the binary to test (build/memsnap when not set), $COUNT how many to draw (50), $SEED of the draw.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/check_modules.sh
memsnap=${MEMSNAP:-$PWD/build/memsnap}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOTOOLCHAIN=${GOTOOLCHAIN:-go1.27.0} XDG_CACHE_HOME=$work
(cd tests/check/mutate && go build -o "$work/mutate" .)
folders=()
while read -r module; do
  folder=$(cd "$work" && go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  folders+=("$(check_name "$module")=$folder")
done < <(grep -v '^#' tests/check/held_out.txt)
"$work/mutate" sample -memsnap "$memsnap" -seed "${SEED:-$(git rev-parse HEAD)}" -count "${COUNT:-50}" "${folders[@]}"
