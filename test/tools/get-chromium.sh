#!/usr/bin/env bash
# get-chromium.sh DIR: in goes a folder, out comes DIR/chromium, Debian's, which runs headless from there.
#
# Needs no root, installs nothing and starts nothing: apt works on private folders, dpkg only unpacks. Libraries
# and fonts that the machine lacks come along.
set -euo pipefail

die() {
  printf 'get-chromium: %s\n' "$1" >&2
  printf 'get-chromium: or install Chromium yourself and set CHROMIUM_BIN to its path.\n' >&2
  exit 1
}

if [ $# -ne 1 ] || [ -z "$1" ]; then
  printf 'usage: get-chromium.sh DIR\n' >&2
  exit 64
fi
mkdir -p "$(dirname "$1")"
dir=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

runs() { [ -x "$1/chromium" ] && "$1/chromium" --version >/dev/null 2>&1; }
say_if_there() {
  if runs "$dir"; then
    printf '%s: %s\n' "$("$dir/chromium" --version 2>/dev/null | sed -n '1s/ built.*//p')" "$dir/chromium"
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
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "2";
Debug::NoLocking "true";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
apt() { (cd "$work/debs" && apt-get -qq -c "$work/apt/apt.conf" "$@" 2>>"$work/apt/log"); }

printf 'Fetching Chromium from the Debian mirror of /etc/apt into %s (nothing is installed):\n' "$dir" >&2
# libc6 stays the machine's: its loader and it must be one version.
if ! {
  apt update >>"$work/apt/log" &&
    needed=$(apt install -s chromium | awk '$1 == "Inst" && $2 ~ /^(lib|fonts-|chromium-common)/ && $2 != "libc6" { print $2 }') &&
    # shellcheck disable=SC2086 # one word a package
    apt download chromium $needed >>"$work/apt/log"
}; then
  tail -n 5 "$work/apt/log" >&2 || true
  die 'the packages cannot be fetched: is the Debian mirror of /etc/apt reachable from here?'
fi

for deb in "$work"/debs/*.deb; do
  printf '  %s\n' "$(basename "$deb")" >&2
  dpkg -x "$deb" "$work/new/root"
  rm "$deb"
done
folders=$(cd "$work/new" && find root -path root/usr/lib/chromium -prune -o -name 'lib*.so*' -printf '%h\n' | sort -u)
cat >"$work/new/fonts.conf" <<'CONF'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">root/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>system-ui</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
CONF
{
  printf '#!/bin/sh\nself=$(readlink -f "$0")\nhere=${self%%/*}\n'
  printf 'export LD_LIBRARY_PATH="%s"\n' "$(printf '%s' "$folders" | sed 's|^|$here/|' | paste -sd:)"
  printf 'export FONTCONFIG_FILE="$here/fonts.conf"\n'
  printf 'exec "$here/root/usr/lib/chromium/chromium" "$@"\n'
} >"$work/new/chromium"
chmod 755 "$work/new/chromium"
runs "$work/new" || die 'the fetched program does not run on this machine'

# What this script made and does not run is left of another machine; anything else is somebody's own.
if [ -f "$dir/fonts.conf" ] && [ -d "$dir/root" ]; then mv "$dir" "$work/old"; fi
[ ! -e "$dir" ] || rmdir "$dir" 2>/dev/null || die "$dir is there and not of this script's making: name another folder"
mv -T "$work/new" "$dir"
say_if_there
die "the fetched program does not run from $dir"
