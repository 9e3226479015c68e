#!/bin/sh
# The tests drive a real browser and real servers: install those that are missing, or say which, and fail.
set -eu

missing=""
has() { command -v "$1" >/dev/null 2>&1; }

has chromium || has chromium-browser || has google-chrome || missing="$missing chromium"
has redis-server || missing="$missing redis-server"
postgres=""
for folder in $(pg_config --bindir 2>/dev/null || true) /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/initdb" ]; then postgres=$folder; fi
done
has initdb || [ -n "$postgres" ] || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="no"; fi
fi
if has apt-get && [ "$as_root" != no ]; then
    echo "Installing for the tests:$missing …"
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of words
    if $as_root env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update && apt-get install --yes --no-install-recommends $missing" >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
    rm -f "$log"
fi
echo "raxdash: the tests need$missing: install them with your system's package manager and try again" >&2
exit 1
