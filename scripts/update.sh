#!/bin/sh
# Update what compose.yaml runs, after new code was fetched: build, migrate, then one web process after the other.
# A new one serves before an old one is told to stop, so there is a port for one more (WEB_PORTS). Where something
# stands in the way, the old ones go on.
set -eu
cd "$(dirname "$0")/.."

stop() { echo "raxdash: $1" >&2; exit 1; }

# run_once SERVICE: without what it depends on, so that database and Redis stay as they are.
run_once() {
    docker compose up --detach --no-deps "$1"
    container=$(docker compose ps --all --quiet "$1")
    [ "$(docker wait "$container")" = 0 ] && return
    docker logs --tail 20 "$container"
    stop "$1 failed; nothing was replaced"
}

serves() {
    for _ in $(seq 60); do
        docker exec "$1" python scripts/healthcheck.py && return
        sleep 1
    done
    return 1
}

before=$(docker compose ps --quiet web)
[ -n "$before" ] || stop "nothing runs: start it with docker compose up --build --detach"
count=$(echo "$before" | wc -l)
image=$(docker inspect --format '{{.Image}}' "$(echo "$before" | head -1)")

docker compose build
run_once check
run_once migrate
docker compose up --detach --no-deps worker beat
for old in $before; do
    known=$(docker compose ps --quiet web)
    docker compose up --detach --no-deps --no-recreate --scale web=$((count + 1)) web
    new=$(docker compose ps --quiet web | grep --invert-match --fixed-strings "$known") || stop "no new web process came up"
    if ! serves "$new"; then
        docker logs --tail 20 "$new" >&2
        docker rm --force "$new" >/dev/null
        stop "the new version does not serve; old web processes go on"
    fi
    # It takes no new runs, and its live ones go on for DRAIN_SECONDS.
    docker stop "$old" >/dev/null
    docker rm "$old" >/dev/null
done
# The image of before has no name any more, unless it is the one that was built.
docker image rm "$image" >/dev/null 2>&1 || true
echo "raxdash: updated, $count web processes one after the other"
