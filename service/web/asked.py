"""What a reader asks, between its two forms: form fields and request envelope.

Form fields are named after the facts (`task.role`); those of a second or later item are prefixed
(`items.1.task.role`), and so is a fact common to all that one item says otherwise for itself. An
empty field says nothing, so the fact stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from ontology.vocabulary import Fact
from service.web.history import EventRow, pairs_of, rows_in, rows_of

Pairs: TypeAlias = Sequence[tuple[str, str]]

# Who assigns and to what kind of community is said once for all items of a request, as is where.
_COMMON: Final = frozenset({"assigner.type", "community.type"})
_PLACE: Final = ".jurisdiction"
MAX_ITEMS: Final = 50
_ITEM: Final = "items."


@dataclass(frozen=True, slots=True)
class Item:
    """One task of a request: its wording and its facts."""

    text: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the form holds it; there is always at least one item."""

    as_of: str = ""
    not_a_task: bool = False
    common: Mapping[str, object] = field(default_factory=dict)
    items: tuple[Item, ...] = (Item(),)
    events: tuple[EventRow, ...] = ()

    def envelope(self) -> dict[str, Any]:
        """The request of `POST /v1/decisions/{kind}`."""
        if len(self.items) == 1:
            body: dict[str, Any] = {"facts": {**self.common, **self.items[0].facts}}
        else:
            body = {
                "common": dict(self.common),
                "items": [
                    {"facts": dict(i.facts)} | ({"text": i.text} if i.text else {})
                    for i in self.items
                ],
            }
        if self.events:
            body["events"] = [row.said for row in self.events]
        if self.as_of:
            body["as_of"] = self.as_of
        if self.not_a_task:
            body["not_a_task"] = True
        return body

    def pairs(self) -> list[tuple[str, str]]:
        """The form fields that say the same; `asked_in` reads them back."""
        pairs = [("as_of", self.as_of)] if self.as_of else []
        if self.not_a_task:
            pairs.append(("not_a_task", "true"))
        pairs += [(name, text) for name, value in self.common.items() for text in _texts(value)]
        for index, item in enumerate(self.items):
            if index or item.text:
                pairs.append((f"{_ITEM}{index}.text", item.text))
            pairs += [
                (own_field_name(name, index), text)
                for name, value in item.facts.items()
                for text in _texts(value)
            ]
        return pairs + pairs_of(self.events)

    def facts_of(self, index: int) -> dict[str, object]:
        """The facts that hold for one item."""
        return {**self.common, **self.items[index].facts}

    def add_item(self) -> Asked:
        """The same with an empty item more, up to `MAX_ITEMS`."""
        return replace(self, items=(*self.items, Item())[:MAX_ITEMS])

    def drop_item(self, index: int) -> Asked:
        """The same without one item; the last one is emptied instead."""
        kept = tuple(item for at, item in enumerate(self.items) if at != index)
        return replace(self, items=kept or (Item(),))


def is_common(fact: str) -> bool:
    """Whether a fact is said once for all items."""
    return fact in _COMMON or fact.endswith(_PLACE)


def field_name(fact: str, index: int) -> str:
    """The form field in which a fact of the item at `index` is asked."""
    return fact if is_common(fact) else own_field_name(fact, index)


def own_field_name(fact: str, index: int) -> str:
    """The form field of a fact that the item at `index` says for itself."""
    return f"{_ITEM}{index}.{fact}" if index or is_common(fact) else fact


def asked_in(pairs: Pairs, facts: Iterable[Fact]) -> Asked:
    """What form fields say; fields that name no fact are left to the page that reads them."""
    known = {fact.name: fact for fact in facts}
    common: dict[str, list[str]] = {}
    items: dict[int, dict[str, list[str]]] = {0: {}}
    texts: dict[int, str] = {}
    for name, value in pairs:
        index, fact = _split(name)
        if index >= MAX_ITEMS:
            continue
        if fact == "text":
            items.setdefault(index, {})
            texts[index] = value.strip()
        elif fact in known and value.strip():
            shared = name == fact and is_common(fact)
            holder = common if shared else items.setdefault(index, {})
            holder.setdefault(fact, []).append(value.strip())
    single = dict(pairs)
    return Asked(
        as_of=single.get("as_of", "").strip(),
        not_a_task=single.get("not_a_task") == "true",
        common={n: _value(known[n], v) for n, v in common.items()},
        items=tuple(
            Item(texts.get(at, ""), {n: _value(known[n], v) for n, v in items[at].items()})
            for at in sorted(items)
        ),
        events=rows_in(pairs),
    )


def asked_of(request: Mapping[str, Any]) -> Asked:
    """What a recorded request asks; its annotations are left out."""
    as_of = request.get("as_of") or ""
    listed = request.get("items")
    if listed is None:
        facts = _given(request.get("facts"))
        return Asked(
            as_of=as_of,
            not_a_task=request.get("not_a_task") is True,
            common={n: v for n, v in facts.items() if is_common(n)},
            items=(Item("", {n: v for n, v in facts.items() if not is_common(n)}),),
            events=rows_of(request.get("events")),
        )
    shared = _given(request.get("common"))
    return Asked(
        as_of=as_of,
        not_a_task=request.get("not_a_task") is True,
        common={n: v for n, v in shared.items() if is_common(n)},
        # The form asks these of each item, so what was said for all is said of each.
        items=tuple(
            Item(
                item.get("text") or "",
                {n: v for n, v in shared.items() if not is_common(n)} | _given(item.get("facts")),
            )
            for item in listed
        ),
    )


def _given(facts: Mapping[str, object] | None) -> dict[str, object]:
    return {name: value for name, value in (facts or {}).items() if value is not None}


def _split(name: str) -> tuple[int, str]:
    """`items.2.task.role` → (2, `task.role`); a bare name belongs to the first item."""
    if name.startswith(_ITEM):
        number, _, fact = name[len(_ITEM) :].partition(".")
        if number.isdecimal():
            return int(number), fact
    return 0, name


def _value(fact: Fact, texts: list[str]) -> object:
    """The value as the envelope has it; what does not fit the type is left for its error."""
    if fact.type == "codes":
        return list(dict.fromkeys(texts))
    text = texts[-1]
    if fact.type == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if fact.type == "integer":
        return int(text) if text.lstrip("-").isdecimal() else text
    return text


def _texts(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(v) for v in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]
