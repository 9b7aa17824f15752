"""Edits of a query's text that leave it a query: members of groups taken out and put in."""

from __future__ import annotations

from collections.abc import Sequence

from service.sparql.advice.finding import Asked, Edit
from service.sparql.advice.scope import first_at
from service.sparql.advice.tree import Member, Pair, Statement


def without(asked: Asked, member: Member, following: Member | None) -> Edit:
    """A group without one of its members, `following` being the next one.

    Full stops stay between statements, and only there.
    """
    text, tokens = asked.text, asked.tokens
    before = tokens[first_at(tokens, member.start) - 1]
    after = tokens[first_at(tokens, member.end)]
    start, end = member.start, member.end
    stopped = before.text in (".", "{", "}", ")")
    if after.text == "." and stopped:
        end = after.at + 1
    needed = not stopped and after.text != "." and isinstance(following, Statement)
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    if not needed and stop >= 0 and not text[line:start].strip() and not text[end:stop].strip():
        return Edit(line, stop + 1)
    while start > 0 and text[start - 1] == " " and text[end : end + 1] in (" ", "\n", "}"):
        start -= 1
    return Edit(start, end, " ." if needed else "")


def without_pair(asked: Asked, statement: Statement, pair: Pair) -> Edit:
    """A statement of several pairs without one of them."""
    at = statement.pairs.index(pair)
    if at:
        return Edit(statement.pairs[at - 1].end, pair.end)
    return Edit(pair.start, statement.pairs[1].start)


def indented(asked: Asked, at: int) -> str:
    """The white space that a new line has to begin with to stand under what is at a place."""
    text = asked.text
    line = text.rfind("\n", 0, at) + 1
    indent = text[line : line + len(text[line:]) - len(text[line:].lstrip(" \t"))]
    return f"\n{indent}" if line and not text[line:at].strip() else " "


def at_end(asked: Asked, members: Sequence[Member], new: str) -> Edit:
    """Something put behind the last of a group's members."""
    last = members[-1]
    return Edit(last.end, last.end, indented(asked, last.start) + new)
