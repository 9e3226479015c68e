#!/bin/sh
# The tests drive a real browser, real servers and real proxies: install those that are missing, or say which, and fail.
set -eu

PATH="$PATH:/usr/sbin:/sbin"  # servers are there, and not everybody looks there
missing=""
has() { command -v "$1" >/dev/null 2>&1; }

as_root=""
if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="no"; fi
fi
may_install() { has apt-get && [ "$as_root" != no ]; }
has_whole_chromium() { has chromium || has chromium-browser || has google-chrome; }

# Nobody looks at windows, and they take as much work as the pages in them: Chromium without them, where there is one.
if ! has chromium-headless-shell; then
    if may_install && apt-cache show chromium-headless-shell >/dev/null 2>&1; then
        missing="$missing chromium-headless-shell"
    elif ! has_whole_chromium; then
        missing="$missing chromium"
    fi
fi
has redis-server || missing="$missing redis-server"
postgres=""
for folder in $(pg_config --bindir 2>/dev/null || true) /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/initdb" ]; then postgres=$folder; fi
done
has initdb || [ -n "$postgres" ] || missing="$missing postgresql"
has nginx || missing="$missing nginx"
has caddy || missing="$missing caddy"
has systemd-analyze || missing="$missing systemd"
[ -n "$missing" ] || exit 0

if may_install; then
    echo "Installing for the tests:$missing …"
    log=$(mktemp)
    # The tests start what they need themselves: a package may start no service now, when its port may be taken or
    # nobody is there to start it, nor a proxy at every boot from then on.
    # shellcheck disable=SC2086 # lists of words
    if $as_root env DEBIAN_FRONTEND=noninteractive sh -eu -c '
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
            trap "rm -f $policy" EXIT
            trap "exit 1" HUP INT TERM
            printf "#!/bin/sh\nexit 101\n" >"$policy"
            chmod 755 "$policy"
        fi
        apt-get update
        # Before that update nothing may have been known of it.
        for package; do
            shift
            if [ "$package" = chromium ] && apt-cache show chromium-headless-shell >/dev/null 2>&1; then
                package=chromium-headless-shell
            fi
            set -- "$@" "$package"
        done
        apt-get install --yes --no-install-recommends --no-remove "$@"
        for package; do
            case $package in nginx | caddy) systemctl disable "$package" || true ;; esac
        done
    ' install $missing </dev/null >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
    rm -f "$log"
    if [ "$missing" = " chromium-headless-shell" ] && has_whole_chromium; then exit 0; fi
fi
echo "raxdash: the tests need$missing: install them with your system's package manager and try again" >&2
exit 1
