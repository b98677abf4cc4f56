#!/usr/bin/env bash
# get-haproxy.sh DIR [SUITE]: in goes a folder, out comes DIR/haproxy, a Debian HAProxy that runs from there.
#
# Without SUITE it is the machine's own package; only libraries that the machine lacks are fetched with it.
# With SUITE (trixie, sid, …) it is that suite's package with all of its libraries, the C library included.
advice='install HAProxy 2.6 or newer yourself and set HAPROXY_BIN to its path.'
# shellcheck source=debian.sh
. "$(dirname "$0")/debian.sh"

runs() { [ -x "$1/haproxy" ] && "$1/haproxy" -v >/dev/null 2>&1; }
say_version() { printf 'HAProxy %s: %s\n' "$("$dir/haproxy" -v | sed -n '1s/^HAProxy version \([^ ]*\).*/\1/p')" "$dir/haproxy"; }

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ -z "$1" ]; then
  printf 'usage: get-haproxy.sh DIR [SUITE]\n' >&2
  exit 64
fi
suite=${2-}
[[ $suite =~ ^[a-z0-9-]*$ ]] || die "'$suite' is not a Debian suite name (try trixie or sid)"
begin "$1"
use_own_sources

if [ -z "$suite" ]; then
  say "Fetching HAProxy from the Debian mirror of /etc/apt into $dir"
  update own
  # libc6 stays the machine's: its loader and it must be one version.
  needed=$(additions own haproxy ^lib | grep -vx libc6 || true)
  # shellcheck disable=SC2086 # one word a package
  download own haproxy $needed
  unpack "$work/new/root"
  folders=$(library_folders)
  # The real program is exec'd under its own path and inherits the variable, so that the re-exec of a
  # reload, which runs argv[0] again, finds the libraries too.
  {
    printf '#!/bin/sh\nself=$0\n[ ! -L "$self" ] || self=$(readlink -f "$self")\nhere=$(cd "${self%%/*}" && pwd)\n'
    if [ -n "$folders" ]; then
      printf 'export LD_LIBRARY_PATH="%s"\n' "$(printf '%s' "$folders" | sed 's|^|$here/|' | paste -sd:)"
    fi
    printf 'exec "$here/root/usr/sbin/haproxy" "$@"\n'
  } >"$work/new/haproxy"
  chmod 755 "$work/new/haproxy"
else
  mirror=$(mirrors | sed -n 1p)
  [ -n "$mirror" ] || die 'no Debian source is set in /etc/apt'
  use_suite "$suite" "$mirror"
  say "Fetching HAProxy of Debian $suite from $mirror into $dir"
  # patchelf is the machine's own suite's, because it runs here; only unpacked, as all else.
  update own
  download own patchelf
  unpack "$work/patchelf"
  update "$suite"
  # shellcheck disable=SC2046 # one word a package
  download "$suite" haproxy $(additions "$suite" haproxy ^lib)
  unpack "$work/new/root"
  loader=$(cd "$work/new" && find root -path '*lib*/ld-linux*.so.*' | sed -n 1p)
  [ -n "$loader" ] || die "the packages of $suite hold no program loader"
  folders=$(library_folders | sed "s|^|$dir/|" | paste -sd:)
  # A copy that names its own loader and libraries: a wrapper could not, as HAProxy re-execs itself.
  cp "$work/new/root/usr/sbin/haproxy" "$work/new/haproxy"
  "$work/patchelf/usr/bin/patchelf" --set-interpreter "$dir/$loader" --set-rpath "$folders" --force-rpath "$work/new/haproxy"
fi
finish
