#!/usr/bin/env bash
# get-haproxy.sh DIR [SUITE]: in goes a folder, out comes DIR/haproxy, a Debian HAProxy that runs from there.
#
# Without SUITE it is the machine's own package; only libraries that the machine lacks are fetched with it.
# With SUITE (trixie, sid, …) it is that suite's package with all of its libraries, the C library included.
# Needs no root, installs nothing and starts nothing: apt works on private folders, dpkg only unpacks.
set -euo pipefail

die() {
  printf 'get-haproxy: %s\n' "$1" >&2
  printf 'get-haproxy: or install HAProxy 2.6 or newer yourself and set HAPROXY_BIN to its path.\n' >&2
  exit 1
}

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  printf 'usage: get-haproxy.sh DIR [SUITE]\n' >&2
  exit 64
fi
suite=${2-}
[[ $suite =~ ^[a-z0-9-]*$ ]] || die "'$suite' is not a Debian suite name (try trixie or sid)"
mkdir -p "$(dirname "$1")"
dir=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

runs() { [ -x "$1/haproxy" ] && "$1/haproxy" -v >/dev/null 2>&1; }
say_version() { printf 'HAProxy %s: %s\n' "$("$dir/haproxy" -v | sed -n '1s/^HAProxy version \([^ ]*\).*/\1/p')" "$dir/haproxy"; }

if runs "$dir"; then
  say_version
  exit 0
fi
for tool in apt-get dpkg dpkg-deb flock; do
  command -v "$tool" >/dev/null || die "$tool is missing: this needs Debian"
done

# The second of two that run at once waits here, and finds the work done.
exec 9>"$dir.lock"
flock 9
if runs "$dir"; then
  say_version
  exit 0
fi

# What lies there is replaced as a whole: it must be what this script has made, or nothing.
if [ -e "$dir" ] && [ ! -d "$dir/root" ] && [ -n "$(ls -A "$dir")" ]; then
  die "$dir is there and holds something else; name another folder"
fi

# Beside DIR, so that the last step is one rename.
work=$(mktemp -d "$dir.tmp.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/apt/{lists/partial,cache/archives/partial,sources} "$work"/{debs,new/root}

sources=()
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  if [ -r "$file" ] && grep -qiE '^(deb|URIs:) .*debian' "$file"; then sources+=("$file"); fi
done
[ ${#sources[@]} -gt 0 ] || die 'no Debian source is set in /etc/apt'

# apt FOLDER-OF-SOURCES DPKG-STATUS ARGUMENT…
apt() {
  local from=$1 status=$2
  shift 2
  # The hooks are cleared because some images empty the machine's cache in them.
  cat >"$work/apt/apt.conf" <<CONF
Dir::Etc::sourcelist "-";
Dir::Etc::sourceparts "$from/";
Dir::State::Lists "$work/apt/lists/";
Dir::State::status "$status";
Dir::Cache "$work/apt/cache/";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Debug::NoLocking "true";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
  (cd "$work/debs" && apt-get -c "$work/apt/apt.conf" "$@" 2>>"$work/apt/errors")
}
failed() {
  tail -n 5 "$work/apt/errors" >&2 || true
  die "$1: is the Debian mirror of /etc/apt reachable from here?"
}
# Library packages that an installation of haproxy would add on a machine with that dpkg status.
libraries() {
  apt "$1" "$2" install -s -qq haproxy | awk '$1 == "Inst" && $2 ~ /^lib/ { print $2 }'
}
unpack() {
  local deb
  for deb in "$work"/debs/*.deb; do
    printf '  %s\n' "$(basename "$deb")" >&2
    dpkg -x "$deb" "$1"
    rm "$deb"
  done
}

own=$work/apt/sources
cp "${sources[@]}" "$own/"
[ ! -e "$own/sources.list" ] || mv "$own/sources.list" "$own/machine.list"

if [ -z "$suite" ]; then
  printf 'Fetching HAProxy from the Debian mirror of /etc/apt into %s (nothing is installed):\n' "$dir" >&2
  apt "$own" /var/lib/dpkg/status update -qq || failed 'the package lists cannot be read'
  # libc6 stays the machine's: its loader and it must be one version.
  needed=$(libraries "$own" /var/lib/dpkg/status | grep -vx libc6 || true)
  # shellcheck disable=SC2086 # one word a package
  apt "$own" /var/lib/dpkg/status download -qq haproxy $needed || failed 'the packages cannot be fetched'
  unpack "$work/new/root"
  folders=$(cd "$work/new" && find root -name 'lib*.so*' -printf '%h\n' | sort -u)
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
  uri=$(cat "${sources[@]}" | grep -viE 'security|^#' | grep -oiE '^(deb|URIs:) .*debian.*' |
    grep -oE '(https?|file|mirror)[^ ]*:/[^ ]+' | head -n 1) || die 'no Debian source is set in /etc/apt'
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -r "$keyring" ] || die "$keyring is missing (package debian-archive-keyring)"
  other=$work/apt/suite
  mkdir "$other"
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$suite" >"$other/suite.list"
  : >"$work/apt/empty-status"
  printf 'Fetching HAProxy of Debian %s from %s into %s (nothing is installed):\n' "$suite" "$uri" "$dir" >&2
  # patchelf is the machine's own suite's, because it runs here; only unpacked, as all else.
  apt "$own" /var/lib/dpkg/status update -qq || failed 'the package lists cannot be read'
  apt "$own" /var/lib/dpkg/status download -qq patchelf || failed 'patchelf cannot be fetched'
  unpack "$work/patchelf"
  apt "$other" "$work/apt/empty-status" update -qq || failed "the package lists of $suite cannot be read"
  # shellcheck disable=SC2046 # one word a package
  apt "$other" "$work/apt/empty-status" download -qq haproxy $(libraries "$other" "$work/apt/empty-status") ||
    failed 'the packages cannot be fetched'
  unpack "$work/new/root"
  loader=$(cd "$work/new" && find root -path '*lib*/ld-linux*.so.*' | head -n 1)
  [ -n "$loader" ] || die "the packages of $suite hold no program loader"
  folders=$(cd "$work/new" && find root -name 'lib*.so*' -printf '%h\n' | sort -u | sed "s|^|$dir/|" | paste -sd:)
  # A copy that names its own loader and libraries: a wrapper could not, as HAProxy re-execs itself.
  cp "$work/new/root/usr/sbin/haproxy" "$work/new/haproxy"
  "$work/patchelf/usr/bin/patchelf" --set-interpreter "$dir/$loader" --set-rpath "$folders" --force-rpath "$work/new/haproxy"
fi

# A folder that was there and does not run is what is left of another machine or release.
[ ! -e "$dir" ] || mv "$dir" "$work/old"
mv -T "$work/new" "$dir"
runs "$dir" || {
  "$dir/haproxy" -v >&2 || true
  die "the fetched program does not run (see above); remove $dir and try again"
}
say_version
