#!/usr/bin/env bash
# Only the room os calls the kernel: no other room includes its headers.
set -euo pipefail
cd "$(dirname "$0")/.."
kernel='<(sys/|linux/|asm/|unistd\.h|fcntl\.h|dirent\.h|signal\.h|csignal|poll\.h|sched\.h|pthread\.h|termios\.h|spawn\.h)'
if grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*$kernel" src --include='*.h' --include='*.cc' |
    grep -vE '^src/os/|<sys/types\.h>|_test\.(cc|h):'; then
  echo 'check: the lines above call the kernel outside src/os' >&2
  exit 1
fi
echo 'check: only src/os includes kernel headers'
