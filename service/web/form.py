"""The page that asks: fields of every item, with what is already said and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ontology.label import Label
from ontology.vocabulary import Vocabulary
from service.web.asked import Asked, is_common, own_field_name
from service.web.faults import Fault
from service.web.fields import Field, Group, groups
from service.web.history import History, history

DEFAULT_KIND: Final = "admissibility"
"""The kind of decision whose form is the first page."""


@dataclass(frozen=True, slots=True)
class ItemForm:
    """The fields of one task.

    `carried` are values kept that have no field of their own, `gist` is what is chosen first of
    all, and `open` says whether the item is unfolded among several.
    """

    index: int
    number: int
    text_field: str
    text: str
    groups: tuple[Group, ...]
    carried: tuple[tuple[str, str], ...]
    gist: tuple[Label, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class GroupFragment:
    """One group of one item, to take the place of what the form shows of it."""

    kind: str
    item: ItemForm
    group: Group


@dataclass(frozen=True, slots=True)
class KindLink:
    """A kind of decision that can be asked for."""

    name: str
    label: Label
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class FormPage:
    """The whole form. `first` are the places among the facts common to all, `then` the others.

    `kinds` are all that can be asked for; `label` and `meaning` are of the one asked for here.
    """

    kind: str
    kinds: tuple[KindLink, ...]
    label: Label
    meaning: Label | None
    as_of: str
    not_a_task: bool
    first: tuple[Field, ...]
    then: tuple[Field, ...]
    items: tuple[ItemForm, ...]
    faults: tuple[Fault, ...]
    history: History | None = None

    @property
    def several(self) -> bool:
        """Whether more than one task is asked about."""
        return len(self.items) > 1

    def fragment(self, index: int, key: str) -> GroupFragment | None:
        """A group of an item, or None where the form has none such."""
        return next(
            (
                GroupFragment(self.kind, item, group)
                for item in self.items
                for group in item.groups
                if (item.index, group.key) == (index, key)
            ),
            None,
        )


def form_page(asked: Asked, kind: str, words: Vocabulary, faults: Sequence[Fault] = ()) -> FormPage:
    """The form of a decision kind, filled in with what is asked."""
    at_fault = {fault.field: fault for fault in faults if fault.field}
    shared = groups(asked, 0, common=True, kind=kind, words=words, faults=at_fault)
    common = [field for group in shared for field in group.fields]
    decision = words.decision(kind)
    return FormPage(
        kind=kind,
        kinds=kind_links(words, kind),
        label=decision.label or Label(kind, kind),
        meaning=decision.meaning,
        as_of=asked.as_of,
        not_a_task=asked.not_a_task,
        first=tuple(f for f in common if f.control == "place"),
        then=tuple(f for f in common if f.control != "place"),
        items=tuple(
            _item(asked, index, kind, words, at_fault) for index in range(len(asked.items))
        ),
        faults=tuple(faults),
        history=history(kind, asked.events),
    )


def kind_links(words: Vocabulary, here: str) -> tuple[KindLink, ...]:
    """The kinds of decision with the addresses of their forms, the first kind at the root."""
    kinds = sorted(words.kinds, key=lambda kind: (kind != DEFAULT_KIND, kind))
    return tuple(
        KindLink(k, words.decision(k).label or Label(k, k), form_path(k), k == here) for k in kinds
    )


def form_path(kind: str) -> str:
    """The address of the empty form of a kind of decision."""
    return "/" if kind == DEFAULT_KIND else f"/decide/{kind}"


def _item(
    asked: Asked, index: int, kind: str, words: Vocabulary, faults: Mapping[str, Fault]
) -> ItemForm:
    made = groups(asked, index, common=False, kind=kind, words=words, faults=faults)
    fields = [field for group in made for field in group.fields]
    last = index == len(asked.items) - 1
    return ItemForm(
        index=index,
        number=index + 1,
        text_field=f"items.{index}.text",
        text=asked.items[index].text,
        groups=made,
        carried=_carried(asked, index),
        gist=tuple(
            c.label for f in fields if f.control == "several" for c in f.choices if c.chosen
        ),
        open=last or any(f.fault for f in fields),
    )


def _carried(asked: Asked, index: int) -> tuple[tuple[str, str], ...]:
    """What an item says for itself of the facts that the form asks only once."""
    names = {own_field_name(n, index) for n in asked.items[index].facts if is_common(n)}
    return tuple(pair for pair in asked.pairs() if pair[0] in names)
