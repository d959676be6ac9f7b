"""Tickets open exactly one path, for a while, in the process that made them."""

from __future__ import annotations

import pytest

from pipelines.tickets import Tickets

PATH = "/api/v1/jobs/abc/result"


def ticket_of(tickets: Tickets, path: str = PATH, seconds: float = 60) -> str:
    return tickets.sign(path, seconds).removeprefix("ticket=")


def test_a_ticket_opens_its_own_path_only() -> None:
    tickets = Tickets()
    ticket = ticket_of(tickets)
    assert tickets.allows(PATH, ticket)
    for path in ("/api/v1/jobs/abd/result", "/api/v1/jobs/abc", PATH + "/", "/metrics", ""):
        assert not tickets.allows(path, ticket)


def test_a_ticket_ends() -> None:
    now = [1000.0]
    tickets = Tickets(clock=lambda: now[0])
    ticket = ticket_of(tickets, seconds=60)
    now[0] += 59
    assert tickets.allows(PATH, ticket)
    now[0] += 2
    assert not tickets.allows(PATH, ticket)


def test_its_end_cannot_be_moved() -> None:
    tickets = Tickets(clock=lambda: 1000.0)
    until, _, seal = ticket_of(tickets).partition(".")
    assert not tickets.allows(PATH, f"{int(until) + 9999}.{seal}")


def test_another_process_does_not_know_it() -> None:
    assert not Tickets().allows(PATH, ticket_of(Tickets()))


@pytest.mark.parametrize(
    "text", ["", ".", "1", "1.", ".abc", "x.y", "９.é", "-1.a", "1e9.a", "9" * 5000 + ".a"]
)
def test_what_is_no_ticket_opens_nothing(text: str) -> None:
    assert not Tickets().allows(PATH, text)


def test_paths_in_any_script_are_signed() -> None:
    tickets = Tickets()
    path = "/api/v1/runs/outputs_20260101000000/files/照片.zip"
    assert tickets.allows(path, ticket_of(tickets, path))
