"""The page's port: taken by whom, the next one, and what can't be a port at all."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cli_start import open_door
from pipelines.errors import InvalidOption
from pipelines.settings import Settings
from server.listening import PortTaken, listen, listen_near, name_holder

HERE = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that this process listens on."""
    with socket.create_server((HERE, 0)) as door:
        yield door.getsockname()[1]


def settings_at(port: int) -> Settings:
    return replace(Settings(), host=HERE, port=port)


def test_a_free_port_is_opened() -> None:
    with listen(HERE, 0) as door, socket.create_connection(door.getsockname(), timeout=5):
        assert door.getsockname()[1] > 0


def test_an_answer_is_not_held_back_for_the_other_side_s_word() -> None:
    with (
        listen(HERE, 0) as door,
        socket.create_connection(door.getsockname(), timeout=5),
        door.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_names_the_program_that_has_it(taken: int) -> None:
    with pytest.raises(PortTaken, match=rf"Port {taken} is taken by .*\(process {os.getpid()}\)"):
        listen(HERE, taken)


def test_an_inkframe_that_runs_is_named_with_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://{HERE}:9")  # a proxy knows nothing of this machine's ports
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"status": "ok", "version": "1", "device": "CPU", "models": {}}')

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer((HERE, 0), Health)
    server.timeout = 10
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    try:
        assert name_holder(server.server_port).endswith(f"http://localhost:{server.server_port}")
    finally:
        thread.join()
        server.server_close()


def test_a_port_that_a_person_chose_is_not_exchanged(taken: int) -> None:
    with pytest.raises(PortTaken):
        open_door(settings_at(taken), chosen=True, ask=lambda _: True)


def test_without_a_terminal_the_next_port_is_taken_and_said(
    taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_door(settings_at(taken), chosen=False, ask=None) as door:
        port = door.getsockname()[1]
    assert taken < port <= taken + 20
    assert f"Using {port} instead." in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "opened"), [(True, True), (False, False)])
def test_with_a_terminal_the_person_decides(taken: int, answer: bool, opened: bool) -> None:
    def ask(question: str) -> bool:
        questions.append(question)
        return answer

    questions: list[str] = []
    assert opens(lambda: open_door(settings_at(taken), chosen=False, ask=ask)) == opened
    assert len(questions) == 1


def opens(way: Callable[[], socket.socket]) -> bool:
    try:
        way().close()
    except PortTaken:
        return False
    return True


def test_when_all_that_follow_are_taken_it_says_so() -> None:
    with pytest.raises(PortTaken, match="The ports after 65535"):
        listen_near(HERE, 65535)


@pytest.mark.parametrize(
    ("host", "port", "told"),
    [
        (HERE, 70000, "no port 70000"),
        ("198.51.100.7", 0, "no address of this machine"),
        ("no such name", 0, "no address"),
    ],
)
def test_what_can_never_be_listened_on(host: str, port: int, told: str) -> None:
    with pytest.raises(InvalidOption, match=told):
        listen(host, port)
