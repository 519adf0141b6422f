#!/usr/bin/env bash
# Starts compose.yaml as a project of its own, logs in through the proxy, takes one part after the
# other away and looks whether the session goes on, and whether a logout stands when Redis is lost.
# Ends with 0 if all that is so; takes everything down.
#   docker/check.sh [port]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export HOLDFAST_PORT=${1:-8443}
site=https://localhost:$HOLDFAST_PORT
if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
compose+=(-p "holdfast-check-$HOLDFAST_PORT" -f compose.yaml)
jar=$(mktemp)
finish() {
  status=$?
  if ((status != 0)); then "${compose[@]}" logs --tail=40 || true; fi
  rm -f "$jar" "$jar".*
  "${compose[@]}" down -v >/dev/null 2>&1 || true
  exit "$status"
}
trap finish EXIT

say() { printf '%5d s  %s\n' "$SECONDS" "$*"; }
ask() { curl -sk --max-time 10 -c "$jar" -b "$jar" "$@"; }
status() { ask -o /dev/null -w '%{http_code}' "$@" || true; }

# Repeats a test until it holds, two minutes at most.
await() {
  local what=$1 until=$((SECONDS + 120))
  shift
  until "$@"; do
    if ((SECONDS > until)); then
      say "FAILED: $what"
      return 1
    fi
    sleep 0.5
  done
  say "$what"
}

answers() { ask "$site/api/session" | grep -q "\"node\": \"$1\""; }
logs_in() { [[ $(status -d username=alice -d password=wonderland "$site/login") == 30[23] ]]; }
puts_anvil() { [[ $(status -d item=anvil "$site/cart") == 30[23] ]]; }
has_session() { ask "$site/api/session" | tee "$jar.last" | grep -q '"user": "alice"' && grep -q anvil "$jar.last"; }
is_node() { has_session && grep -q "\"node\": \"$1\"" "$jar.last"; }
is_unavailable() { [[ $(status "$site/api/session") == 503 ]]; }
logs_out() { [[ $(status -d '' "$site/logout") == 30[23] ]]; }
is_anonymous() {
  ask "$site/api/session" | tee "$jar.last" | grep -q '"session": false' && grep -q "\"node\": \"$1\"" "$jar.last"
}
rows() { "${compose[@]}" exec -T postgres psql -U holdfast -d holdfast -Atc "select count(*) from holdfast_session" 2>/dev/null || echo 0; }
is_backed_up() { (($(rows) > 0)); }
empties_redis() {
  "${compose[@]}" stop redis && "${compose[@]}" rm -f redis &&
    docker volume rm "holdfast-check-${HOLDFAST_PORT}_redis" && "${compose[@]}" up -d redis
} >/dev/null 2>&1

"${compose[@]}" up -d --build >/dev/null 2>"$jar.up" || { cat "$jar.up"; exit 1; }
await "node 1 answers" answers node-1
await "node 2 answers" answers node-2
await "alice logs in" logs_in
await "she puts an anvil into her cart" puts_anvil
cp "$jar" "$jar.alice"
await "alice is logged in and has an anvil on node 1" is_node node-1
await "and on node 2, by turns" is_node node-2

"${compose[@]}" kill -s SIGKILL node-1 >/dev/null 2>&1
await "node 1 is killed: node 2 goes on" is_node node-2
"${compose[@]}" start node-1 >/dev/null 2>&1
await "node 1 is back and has the session" is_node node-1

"${compose[@]}" kill -s SIGKILL redis >/dev/null 2>&1
await "Redis is killed: the session is unavailable, nobody is logged out" is_unavailable
"${compose[@]}" start redis >/dev/null 2>&1
await "Redis is back, from its append-only file: the session goes on" has_session

await "the session is in the database" is_backed_up
empties_redis
await "Redis has lost everything: the session comes back from the database" has_session

await "alice logs out" logs_out
cp "$jar.alice" "$jar"
await "her old cookie leads nowhere on node 1" is_anonymous node-1
await "nor on node 2" is_anonymous node-2
empties_redis
await "Redis has lost everything again, and is back" answers node-1
await "the logout stands, on node 1" is_anonymous node-1
await "and on node 2" is_anonymous node-2
