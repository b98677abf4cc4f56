#!/usr/bin/env bash
# get-prometheus.sh DIR: in goes a folder, out come DIR/prometheus and DIR/promtool, Debian's, which run from there.
#
# Both are static but for the C library, and the server needs nothing of the pages that its package depends on.
advice='install Prometheus yourself and set PROMETHEUS_BIN and PROMTOOL_BIN to its paths.'
# shellcheck source=debian.sh
. "$(dirname "$0")/debian.sh"

runs() {
  local program
  for program in prometheus promtool; do
    [ -x "$1/$program" ] && "$1/$program" --version >/dev/null 2>&1 || return 1
  done
}
# sed reads to the end: the program would die of a pipe that closes early.
say_version() { printf '%s: %s\n' "$("$dir/prometheus" --version 2>&1 | sed -n '1s/ (.*//p')" "$dir/prometheus"; }

if [ $# -ne 1 ] || [ -z "$1" ]; then
  printf 'usage: get-prometheus.sh DIR\n' >&2
  exit 64
fi
begin "$1"
use_own_sources
say "Fetching Prometheus from the Debian mirror of /etc/apt into $dir"
update own
download own prometheus
unpack "$work/new/root"
for program in prometheus promtool; do ln -s "root/usr/bin/$program" "$work/new/$program"; done
finish
