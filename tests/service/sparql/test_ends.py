"""Sockets of one loop: what is to be done is done once something can be read."""

from __future__ import annotations

from service.sparql import wire
from service.sparql.ends import Ends, send


def test_what_speaks_is_heard_and_what_was_closed_meanwhile_is_not() -> None:
    ends, heard = Ends(), []
    here, there = wire.pair()
    other, beyond = wire.pair()

    def hear(name: str) -> None:
        heard.append(name)
        for end in (here, other):  # both speak, and whichever is heard closes the other too
            ends.close(end)

    with there, beyond:
        ends.watch(here, lambda: hear("here"))
        ends.watch(other, lambda: hear("other"))
        ends.listen(0)
        assert heard == []
        send(there, b"x")
        send(beyond, b"x")
        ends.listen(1)
    assert len(heard) == 1


def test_the_latest_thing_to_do_is_done() -> None:
    ends, heard = Ends(), []
    here, there = wire.pair()
    with here, there:
        ends.watch(here, lambda: heard.append("first"))
        ends.watch(here, lambda: heard.append(here.recv(10).decode()))
        send(there, b"second")
        ends.listen(1)
        ends.unwatch(here)
        send(there, b"third")
        ends.listen(0)
    assert heard == ["second"]


def test_a_last_word_closes_and_nobody_is_waited_for() -> None:
    ends = Ends()
    here, there = wire.pair()
    with there:
        ends.say(here, b"last")
        assert here.fileno() == -1
        assert there.recv(10) == b"last"
        assert there.recv(10) == b""
    full, _reader = wire.pair()
    with full, _reader:
        for _ in range(10_000):  # more than waits to be read: what does not fit is not sent
            send(full, b"x" * 1000)
