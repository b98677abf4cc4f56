#!/usr/bin/env bash
# get-node.sh DIR: in goes a folder, out comes DIR/node: a Node newer than the oldest that Legate runs on, by npm.
#
# Nothing is installed. It is of a line with long-term support; .ci/run tells what is tested on it.
set -euo pipefail
version=24.22.3

if [ $# -ne 1 ] || [ -z "$1" ]; then
  printf 'usage: get-node.sh DIR\n' >&2
  exit 64
fi
case "$(uname -s) $(uname -m)" in
  'Linux x86_64') arch=x64 ;;
  'Linux aarch64') arch=arm64 ;;
  *)
    printf 'get-node: none for %s; put another Node first on PATH yourself\n' "$(uname -sm)" >&2
    exit 1
    ;;
esac

mkdir -p "$1"
dir=$(cd "$1" && pwd)
if [ "$("$dir/node" --version 2>/dev/null)" != "v$version" ]; then
  # Beside what it makes, so that the last step is one rename.
  work=$(mktemp -d "$dir.tmp.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  printf 'Fetching Node %s by npm into %s (nothing is installed):\n' "$version" "$dir" >&2
  npm pack --silent --pack-destination "$work" "node-linux-$arch@$version" >/dev/null
  tar -xzf "$work"/*.tgz -C "$work" package/bin/node
  "$work/package/bin/node" --version >/dev/null
  mv "$work/package/bin/node" "$dir/node"
fi
printf 'Node %s: %s\n' "$version" "$dir/node"
