#!/usr/bin/env bash
# get-chromium.sh DIR: in goes a folder, out comes DIR/chromium, Debian's, which runs headless from there.
#
# Libraries and fonts that the machine lacks come along.
advice='install Chromium yourself and set CHROMIUM_BIN to its path.'
# shellcheck source=debian.sh
. "$(dirname "$0")/debian.sh"

runs() { [ -x "$1/chromium" ] && "$1/chromium" --version >/dev/null 2>&1; }
say_version() { printf '%s: %s\n' "$("$dir/chromium" --version 2>/dev/null | sed -n '1{s/ *built.*//;s/ *$//;p}')" "$dir/chromium"; }

if [ $# -ne 1 ] || [ -z "$1" ]; then
  printf 'usage: get-chromium.sh DIR\n' >&2
  exit 64
fi
begin "$1"
use_own_sources
say "Fetching Chromium from the Debian mirror of /etc/apt into $dir"
update own
# libc6 stays the machine's: its loader and it must be one version.
needed=$(additions own chromium '^(lib|fonts-|chromium-common)' | grep -vx libc6 || true)
# shellcheck disable=SC2086 # one word a package
download own chromium $needed
unpack "$work/new/root"
folders=$(library_folders -path root/usr/lib/chromium -prune -o)
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
finish
