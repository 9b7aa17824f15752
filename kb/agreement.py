"""What meta.yaml says of a text must be what the text says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from kb import forms, numbers
from kb.instrument import Instrument
from kb.tree import walk
from kb.yaml_source import Source
from ontology.issue import Issue


def check(instrument: Instrument, source: Source) -> Iterator[Issue]:
    """Issues where title, number, authorities or day of a held instrument are not in its text."""
    if instrument.tree is None:
        return
    said: dict[str, list[str]] = {}
    for node in walk(instrument.tree.root):
        if node.body and not node.eid.startswith("annex"):
            said.setdefault(node.level, []).append(instrument.text[slice(*node.body)])
    title = "".join(said.get("title", ()))
    if forms.squeeze(title) != forms.squeeze(instrument.title):
        yield source.issue("this is not the title in the text", ("title",), title)
    number = "".join(said.get("number", ()))
    if instrument.number_because is None and numbers.normal(number) != instrument.number:
        yield source.issue("this is not the number in the text", ("number",), number)
    for n, authority in enumerate(instrument.authorities):
        if authority.as_written not in instrument.text:
            message = f"the text does not name {authority.as_written}"
            yield source.issue(message, ("authorities", n), "give as-written")
    days = [
        forms.read_date(text) for level in ("enactment", "date") for text in said.get(level, ())
    ]
    if instrument.issued.day not in (days or [None]):
        shown = ", ".join(str(day) for day in days)
        yield source.issue("this is not the day in the text", ("issued",), shown)
