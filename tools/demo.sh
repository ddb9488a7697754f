#!/usr/bin/env bash
# Starts a Go service that leaks (examples/leakzoo/map-unbounded/leak), waits until it does, asks
# memsnap doctor what is wrong, and stops the service.
set -euo pipefail
cd "$(dirname "$0")/.."
room=$(mktemp -d)
service=
stop() {
  if [ -n "$service" ]; then kill "$service" 2>/dev/null || true; wait "$service" 2>/dev/null || true; fi
  rm -rf "$room"
}
trap stop EXIT

(cd examples/leakzoo && go build -o "$room/shop" ./map-unbounded/leak)
"$room/shop" -alone -timeout 2m >"$room/log" &
service=$!
echo "demo: a session store that forgets to forget runs as pid $service; waiting until it leaks"
for _ in $(seq 150); do
  grep -q '"ready":true' "$room/log" && break
  kill -0 "$service" 2>/dev/null || { echo 'demo: the service ended early' >&2; cat "$room/log" >&2; exit 1; }
  sleep 0.2
done
grep -q '"ready":true' "$room/log" || { echo 'demo: the service did not get ready in 30 s' >&2; exit 1; }
echo "demo: \$ memsnap doctor $service --source examples/leakzoo"
echo
build/memsnap doctor "$service" --source examples/leakzoo
