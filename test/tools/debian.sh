# debian.sh: for the get-*.sh, which source it: a package of Debian goes in, a folder with a program that runs comes out.
#
# Needs no root, installs nothing and starts nothing: apt works on private folders, dpkg only unpacks.
# Who sources it sets `advice` (what else one can do), and has two functions:
#   runs FOLDER         whether the programs in FOLDER run
#   say_version         what they are, in a line
# shellcheck shell=bash disable=SC2154
set -euo pipefail
shopt -s nullglob

me=$(basename "$0" .sh)

die() {
  printf '%s: %s\n' "$me" "$1" >&2
  printf '%s: or %s\n' "$me" "$advice" >&2
  exit 1
}

say() { printf '%s (nothing is installed):\n' "$1" >&2; }

end_if_there() {
  if runs "$dir"; then
    say_version
    exit 0
  fi
}

# begin DIR: sets `dir`, and `work` beside it; ends where there is nothing to do.
begin() {
  mkdir -p "$(dirname "$1")"
  dir=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
  end_if_there
  local tool
  for tool in apt-get dpkg dpkg-deb flock; do
    command -v "$tool" >/dev/null || die "$tool is missing: this needs Debian"
  done

  # The second of two that run at once waits here, and finds the work done.
  exec 9>"$dir.lock"
  flock 9
  end_if_there

  # What lies there is replaced as a whole: it must be what such a script has made, or nothing.
  if [ -e "$dir" ] && [ ! -d "$dir/root" ] && ! rmdir "$dir" 2>/dev/null; then
    die "$dir is there and holds something else; name another folder"
  fi

  # Beside DIR, so that the last step is one rename.
  work=$(mktemp -d "$dir.tmp.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir -p "$work"/apt/{lists/partial,cache/archives/partial,own,none} "$work"/{debs,new/root}
  : >"$work/apt/nothing"
}

# The machine's own Debian sources, for `apt own`.
use_own_sources() {
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do
    if [ -r "$file" ] && grep -qiE '^(deb|URIs:) .*debian' "$file"; then cp "$file" "$work/apt/own/"; fi
  done
  [ -n "$(ls "$work/apt/own")" ] || die 'no Debian source is set in /etc/apt'
  # By this name apt would look for it elsewhere.
  if [ -e "$work/apt/own/sources.list" ]; then mv "$work/apt/own/sources.list" "$work/apt/own/machine.list"; fi
}

# The addresses of the machine's sources with component main; those that name Debian first. Suites such as
# bookworm-security live elsewhere.
mirrors() {
  local lists=(/dev/null /etc/apt/sources.list.d/*.list)
  if [ -r /etc/apt/sources.list ]; then lists+=(/etc/apt/sources.list); fi
  {
    awk '
      $1 != "deb" { next }
      $2 ~ /^\[/ && match($0, /\[[^]]*\]/) { $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH) }
      / main( |$)/ && $3 !~ /security|\// { print $2 }
    ' "${lists[@]}"
    awk '
      function flush(  i, n, uris) {
        if ((f["types"] " ") ~ /deb / && f["components"] ~ /(^| )main( |$)/ &&
            f["suites"] !~ /security|\// && tolower(f["enabled"]) !~ /no|false/) {
          n = split(f["uris"], uris, " ")
          for (i = 1; i <= n; i++) print uris[i]
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
    ' /dev/null /etc/apt/sources.list.d/*.sources
  } | awk '/^cdrom:/ || seen[$0]++ { next } /debian/ { print; next } { rest = rest $0 "\n" } END { printf "%s", rest }'
}

# use_suite SUITE MIRROR: another suite of that mirror, for `apt SUITE`, as on a machine with nothing installed.
use_suite() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -r "$keyring" ] || die "$keyring is missing (package debian-archive-keyring)"
  mkdir -p "$work/apt/$1"
  printf 'deb [signed-by=%s target=Packages lang=none] %s %s main\n' "$keyring" "$2" "$1" >"$work/apt/$1/suite.list"
}

# apt own|SUITE ARGUMENT…: what it downloads comes into "$work/debs".
apt() {
  local from=$1 status=$work/apt/nothing
  shift
  if [ "$from" = own ]; then status=/var/lib/dpkg/status; fi
  # The hooks are cleared because some images empty the machine's cache in them.
  cat >"$work/apt/apt.conf" <<CONF
Dir::Etc::sourcelist "-";
Dir::Etc::sourceparts "$work/apt/$from/";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "$work/apt/none/";
Dir::State::lists "$work/apt/lists/";
Dir::State::status "$status";
Dir::Cache "$work/apt/cache/";
APT::Architectures { "$(dpkg --print-architecture)"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "2";
Debug::NoLocking "true";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
  (cd "$work/debs" && apt-get -qq -c "$work/apt/apt.conf" "$@" 2>>"$work/apt/log")
}

# update own|SUITE: of the machine's own sources some may be out of reach.
update() {
  local mode=()
  if [ "$1" != own ]; then mode=(-o APT::Update::Error-Mode=any); fi
  apt "$1" update "${mode[@]}" || failed "the package lists ($1) cannot be read"
}

# additions own|SUITE PACKAGE PATTERN: packages of such names that an installation would add.
additions() { apt "$1" install -s "$2" | awk -v pattern="$3" '$1 == "Inst" && $2 ~ pattern { print $2 }'; }

# download own|SUITE PACKAGE…
download() { apt "$1" download "${@:2}" || failed "the packages cannot be fetched"; }

failed() {
  tail -n 5 "$work/apt/log" >&2 || true
  die "$1: is the Debian mirror of /etc/apt reachable from here?"
}

# unpack FOLDER: all that was downloaded.
unpack() {
  local deb
  for deb in "$work"/debs/*.deb; do
    printf '  %s\n' "$(basename "$deb")" >&2
    dpkg -x "$deb" "$1"
    rm "$deb"
  done
}

# library_folders: those with libraries in "$work/new", relative to it, one in a line.
library_folders() { (cd "$work/new" && find root "$@" -name 'lib*.so*' -printf '%h\n' | sort -u); }

# "$work/new" becomes DIR.
finish() {
  if [ -e "$dir" ]; then mv "$dir" "$work/old"; fi
  mv -T "$work/new" "$dir"
  end_if_there
  die "the fetched program does not run from $dir: remove it and try again"
}
