#!/usr/bin/env bash
# get-prometheus.sh DIR: in goes a folder, out come DIR/prometheus and DIR/promtool, Debian's, which run from there.
#
# Both are static but for the C library, and the server needs nothing of the pages that its package depends on.
# Needs no root, installs nothing and starts nothing: apt works on private folders, dpkg only unpacks.
set -euo pipefail

die() {
  printf 'get-prometheus: %s\n' "$1" >&2
  printf 'get-prometheus: or install Prometheus yourself and set PROMETHEUS_BIN and PROMTOOL_BIN to its paths.\n' >&2
  exit 1
}

if [ $# -ne 1 ] || [ -z "$1" ]; then
  printf 'usage: get-prometheus.sh DIR\n' >&2
  exit 64
fi
mkdir -p "$(dirname "$1")"
dir=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

runs() {
  local program
  for program in prometheus promtool; do
    [ -x "$1/$program" ] && "$1/$program" --version >/dev/null 2>&1 || return 1
  done
}
say_if_there() {
  if runs "$dir"; then
    # sed reads to the end: the program would die of a pipe that closes early.
    printf '%s: %s\n' "$("$dir/prometheus" --version 2>&1 | sed -n '1s/ (.*//p')" "$dir/prometheus"
    exit 0
  fi
}

say_if_there
for tool in apt-get dpkg dpkg-deb flock; do
  command -v "$tool" >/dev/null || die "$tool is missing: this needs Debian"
done

# The second of two that run at once waits here, and finds the work done.
exec 9>"$dir.lock"
flock 9
say_if_there

# Beside DIR, so that the last step is one rename.
work=$(mktemp -d "$dir.tmp.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$work"/apt/{lists/partial,cache/archives/partial,sources} "$work"/{debs,new/root}

sources=()
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  if [ -r "$file" ] && grep -qiE '^(deb|URIs:) .*debian' "$file"; then sources+=("$file"); fi
done
[ ${#sources[@]} -gt 0 ] || die 'no Debian source is set in /etc/apt'
cp "${sources[@]}" "$work/apt/sources/"
[ ! -e "$work/apt/sources/sources.list" ] || mv "$work/apt/sources/sources.list" "$work/apt/sources/machine.list"

# The hooks are cleared because some images empty the machine's cache in them.
cat >"$work/apt/apt.conf" <<CONF
Dir::Etc::sourcelist "-";
Dir::Etc::sourceparts "$work/apt/sources/";
Dir::State::Lists "$work/apt/lists/";
Dir::Cache "$work/apt/cache/";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "2";
Debug::NoLocking "true";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
apt() { (cd "$work/debs" && apt-get -qq -c "$work/apt/apt.conf" "$@" >>"$work/apt/log" 2>&1); }

printf 'Fetching Prometheus from the Debian mirror of /etc/apt into %s (nothing is installed):\n' "$dir" >&2
if ! { apt update && apt download prometheus; }; then
  tail -n 5 "$work/apt/log" >&2 || true
  die 'the package cannot be fetched: is the Debian mirror of /etc/apt reachable from here?'
fi

for deb in "$work"/debs/*.deb; do
  printf '  %s\n' "$(basename "$deb")" >&2
  dpkg -x "$deb" "$work/new/root"
done
for program in prometheus promtool; do ln -s "root/usr/bin/$program" "$work/new/$program"; done
runs "$work/new" || die 'the fetched programs do not run on this machine'

# What this script made and does not run is left of another machine; anything else is somebody's own.
if [ -L "$dir/prometheus" ] && [ -d "$dir/root" ]; then mv "$dir" "$work/old"; fi
[ ! -e "$dir" ] || rmdir "$dir" 2>/dev/null || die "$dir is there and not of this script's making: name another folder"
mv -T "$work/new" "$dir"
say_if_there
die "the fetched programs do not run from $dir"
