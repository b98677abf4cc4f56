#!/usr/bin/env bash
# get-consul.sh DIR: in goes a folder, out comes DIR/consul, Debian's Consul, which runs from there.
#
# Debian ships Consul in one suite only (bullseye: 1.8.7, a static program), so that suite is read from the mirror
# of the machine's own.
advice='install Consul yourself and set CONSUL_BIN to its path.'
# shellcheck source=debian.sh
. "$(dirname "$0")/debian.sh"
suite=bullseye

runs() { [ -x "$1/consul" ] && "$1/consul" version >/dev/null 2>&1; }
# sed reads to the end: Consul would die of a pipe that closes early.
say_version() { printf '%s: %s\n' "$("$dir/consul" version | sed -n 1p)" "$dir/consul"; }

if [ $# -ne 1 ] || [ -z "$1" ]; then
  printf 'usage: get-consul.sh DIR\n' >&2
  exit 64
fi
begin "$1"
mapfile -t mirrors < <(mirrors)
[ ${#mirrors[@]} -gt 0 ] || die 'no Debian source is set in /etc/apt'

found=
for mirror in "${mirrors[@]}"; do
  use_suite "$suite" "$mirror"
  say "Fetching Consul of Debian $suite from $mirror into $dir"
  # In a process of its own: not every mirror has it.
  if (update "$suite" && download "$suite" consul) 2>>"$work/apt/log"; then
    found=yes
    break
  fi
done
[ -n "$found" ] || failed "no mirror has Consul of $suite"
unpack "$work/new/root"
ln -s root/usr/bin/consul "$work/new/consul"
finish
