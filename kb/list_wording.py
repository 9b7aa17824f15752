"""How rows of lists, and what follows from them, are put into words (kb/lists/wording.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from kb import yaml_source
from kb.meta import Day, Model, Words, check
from ontology.issue import Issue
from ontology.label import Label

_FILE: Final = Path(__file__).parent / "lists" / "wording.yaml"


class Form(Words):
    """A sentence with places to fill, in both languages."""

    def fill(self, values: Mapping[str, object], **labels: Words | Label) -> Label:
        """The sentence with the same values in both languages, labels each in its own."""
        zh = {name: label.zh for name, label in labels.items()}
        en = {name: label.en for name, label in labels.items()}
        return Label(self.zh.format(**values, **zh), self.en.format(**values, **en))


class First(Model):
    """Which of two lists prevails where both a city and its county keep one.

    `until` and `from` bound the days; `jurisdiction` the places.
    """

    jurisdiction: str
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    order: tuple[str, ...]
    ground: Words


class Wording(Model):
    """Every sentence."""

    list_row: Form
    unchecked: Form
    uploaded_row: Form
    uploaded_because: Form
    found: Form
    absent: Form
    ahead_of: Form
    beaten: Form
    unsettled: Form
    silent: Form
    carried: Form
    and_carried: Form
    split: Form
    merged: Form
    exception: Form
    issuer: Form
    confidence: dict[str, Words]
    precedence: tuple[First, ...]


def read_wording() -> tuple[Wording | None, list[Issue]]:
    """The sentences, and what is wrong in their file."""
    source = yaml_source.read(_FILE, "kb/lists/wording.yaml")
    found = None if source.issues else check(Wording, source)
    return found, source.issues


@cache
def wording() -> Wording:
    """The sentences; ValueError where their file does not hold, which loading tells first."""
    found, issues = read_wording()
    if found is None:
        raise ValueError("\n".join(str(issue) for issue in issues))
    return found
