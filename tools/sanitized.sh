#!/usr/bin/env bash
# Builds under ASan and UBSan, with clang, what tests and fuzz targets there are: tools/sanitized.sh [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."
cache=$(command -v ccache >/dev/null && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache || true)
cmake -S . -B build-asan -G Ninja -DMEMSNAP_SANITIZE=ON -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_BUILD_TYPE=Debug \
  -DCMAKE_CXX_FLAGS_DEBUG='-O1 -g1' $cache >/dev/null
ninja --quiet -C build-asan -j "${JOBS:-$(nproc)}" "$@"
