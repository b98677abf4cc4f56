#!/usr/bin/env bash
# get-consul.sh DIR: in goes a folder, out comes DIR/consul, Debian's Consul, which runs from there.
#
# Debian ships Consul in one suite only (bullseye: 1.8.7, a static program), so the machine's own Debian source is
# read with its suite replaced. Needs no root, installs nothing and starts nothing: apt works on private folders.
set -euo pipefail

suite=bullseye

die() {
  printf 'get-consul: %s\n' "$1" >&2
  printf 'get-consul: or install Consul yourself and set CONSUL_BIN to its path.\n' >&2
  exit 1
}

if [ $# -ne 1 ] || [ -z "$1" ]; then
  printf 'usage: get-consul.sh DIR\n' >&2
  exit 64
fi
mkdir -p "$(dirname "$1")"
dir=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

runs() { [ -x "$1/consul" ] && "$1/consul" version >/dev/null 2>&1; }
say_if_there() {
  if runs "$dir"; then
    # sed reads to the end: Consul would die of a pipe that closes early.
    printf '%s: %s\n' "$("$dir/consul" version | sed -n 1p)" "$dir/consul"
    exit 0
  fi
}

say_if_there
for tool in apt-get apt-config dpkg dpkg-deb flock; do
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
: >"$work/apt/status"

list=/etc/apt/sources.list parts=/etc/apt/sources.list.d/
eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"

# Both notations become lines of `URI KEYRING`: entries with component main; those that name Debian go first.
# Suites such as bookworm-security live elsewhere and have no Consul.
one_line() {
  awk '
    $1 != "deb" { next }
    { options = "" }
    $2 ~ /^\[/ && match($0, /\[[^]]*\]/) {
      options = substr($0, RSTART, RLENGTH)
      $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
    }
    / main( |$)/ && $3 !~ /security|\// {
      print $2, (match(options, /signed-by=[^] ]+/) ? substr(options, RSTART + 10, RLENGTH - 10) : "")
    }
  ' "$@"
}
deb822() {
  awk '
    function flush(  i, n, uris) {
      if ((f["types"] " ") ~ /deb / && f["components"] ~ /(^| )main( |$)/ &&
          f["suites"] !~ /security|\// && tolower(f["enabled"]) !~ /no|false/) {
        n = split(f["uris"], uris, " ")
        for (i = 1; i <= n; i++) print uris[i], (f["signed-by"] ~ /^\// ? f["signed-by"] : "")
      }
      split("", f)
    }
    FNR == 1 || /^[ \t]*$/ { flush() }
    /^#/ { next }
    /^[A-Za-z-]+:/ {
      name = tolower(substr($0, 1, index($0, ":") - 1))
      sub(/^[^:]*:[ \t]*/, ""); sub(/[ \t]+$/, ""); f[name] = $0
      next
    }
    /^[ \t]+[^ \t]/ { sub(/^[ \t]+/, ""); f[name] = f[name] " " $0 }
    END { flush() }
  ' "$@"
}
shopt -s nullglob
lists=("$parts"*.list) stanzas=("$parts"*.sources)
[ ! -r "$list" ] || lists+=("$list")
mapfile -t sources < <(
  {
    [ ${#stanzas[@]} -eq 0 ] || deb822 "${stanzas[@]}"
    [ ${#lists[@]} -eq 0 ] || one_line "${lists[@]}"
  } | awk '$1 ~ /^cdrom:/ || seen[$0]++ { next } /debian/ { print; next } { rest = rest $0 "\n" } END { printf "%s", rest }'
)
[ ${#sources[@]} -gt 0 ] || die "no Debian source is set in $list or $parts"

# The hooks are cleared because some images empty the machine's cache in them.
cat >"$work/apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$work/apt/sources/debian.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Dir::State "$work/apt";
Dir::State::lists "$work/apt/lists/";
Dir::State::status "$work/apt/status";
Dir::Cache "$work/apt/cache/";
APT::Sandbox::User "root";
APT::Architectures { "$(dpkg --print-architecture)"; };
Acquire::Languages "none";
Acquire::Retries "2";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
apt() { (cd "$work/debs" && apt-get -qq -c "$work/apt/apt.conf" "$@" >>"$work/apt/log" 2>&1); }

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
fetch() {
  local uri=$1 key=${2:-}
  # The machine's key may be a release's own; the whole keyring knows this suite too.
  [ ! -r "$keyring" ] || key=$keyring
  printf 'deb [%starget=Packages lang=none] %s %s main\n' "${key:+signed-by=$key }" "$uri" "$suite" \
    >"$work/apt/sources/debian.list"
  printf 'Fetching Consul of Debian %s from %s into %s (nothing is installed)\n' "$suite" "$uri" "$dir" >&2
  apt update -o APT::Update::Error-Mode=any && apt download consul
}
found=
for source in "${sources[@]}"; do
  # shellcheck disable=SC2086 # two words
  if fetch $source; then
    found=yes
    break
  fi
done
if [ -z "$found" ]; then
  tail -n 5 "$work/apt/log" >&2 || true
  die "Consul cannot be fetched: is the Debian mirror of $parts reachable from here, and has it $suite?"
fi

for deb in "$work"/debs/*.deb; do
  printf '  %s\n' "$(basename "$deb")" >&2
  dpkg -x "$deb" "$work/new/root"
done
ln -s root/usr/bin/consul "$work/new/consul"
runs "$work/new" || die 'the fetched program does not run on this machine'

# What this script made and does not run is left of another machine; anything else is somebody's own.
if [ -L "$dir/consul" ] && [ -d "$dir/root" ]; then mv "$dir" "$work/old"; fi
[ ! -e "$dir" ] || rmdir "$dir" 2>/dev/null || die "$dir is there and not of this script's making: name another folder"
mv -T "$work/new" "$dir"
say_if_there
die "the fetched program does not run from $dir"
