"""Names of provisions: labels as officials cite them (三（五）, 第三条第二款, 附件四) and eids.

Eids follow the form of Akoma Ntoso's eId (https://docs.oasis-open.org/legaldocml/akn-nc/v1.0/):
sec_3__sub_5, art_3__para_2__item_1, annex_1__sub_3. Articles are numbered through a whole text, so
chapters do not appear in their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from kb import numerals
from kb.draft import Draft
from kb.tree import Remark

_EID: Final = {
    "part": "part",
    "subpart": "subpart",
    "chapter": "chp",
    "division": "div",
    "article": "art",
    "section": "sec",
    "subsection": "sub",
    "item": "item",
    "subitem": "subitem",
    "bracket": "bracket",
    "circle": "circle",
    "dash": "dash",
    "bullet": "bullet",
    "paragraph": "p",
}
# Within an article the same marks are 款 项 目, one level down.
_ARTICLE_EID: Final = {
    "subsection": "item",
    "item": "subitem",
    "subitem": "point",
    "paragraph": "para",
}
_LABEL: Final = {
    "part": "第{han}编",
    "subpart": "第{han}分编",
    "chapter": "第{han}章",
    "division": "第{han}节",
    "article": "第{han}条",
    "section": "{han}",
    "subsection": "（{han}）",
    "item": "{n}",
    "subitem": "（{n}）",
    "bracket": "{n}）",
    "circle": "{circle}",
    "dash": "第{han}点",
    "bullet": "第{han}点",
    "paragraph": "第{han}段",
}
_ARTICLE_LABEL: Final = {
    "subsection": "第（{han}）项",
    "item": "第{n}目",
    "paragraph": "第{han}款",
}
_HOLDER: Final = {"preface": "引言", "body": "正文", "closing": "结语"}
_NUMBERED: Final = frozenset(_EID) - {"dash", "bullet", "paragraph"}


# Articles are numbered through all chapters; some texts number chapters or items on as well.
_RUNNING: Final = frozenset({"chapter", "article", "item"})


@dataclass(frozen=True, slots=True)
class _Within:
    """What the names of children begin with; `top` is the annex they are in."""

    eid: str = ""
    label: str = ""
    top: str = ""
    top_label: str = ""
    article: bool = False


def name(root: Draft, remarks: list[Remark]) -> dict[int, tuple[str, str]]:
    """(eid, label) of every draft under `root` by its id(); notes odd numbering in `remarks`."""
    naming = _Naming(remarks)
    naming.named[id(root)] = ("", "")
    naming.children(root, _Within())
    return naming.named


def normal(label: str) -> str:
    """A label in its one spelling: full-width brackets, no space, figures half width."""
    out = "".join(label.split()).translate(_WIDTH)
    return re.sub(r"[、.．]$", "", out)


_WIDTH: Final = {ord("("): "（", ord(")"): "）", ord("○"): "〇"} | {
    ord("０") + n: str(n) for n in range(10)
}


class _Naming:
    def __init__(self, remarks: list[Remark]) -> None:
        self.named: dict[int, tuple[str, str]] = {}
        self.remarks = remarks
        self.taken: dict[str, int] = {}
        self.labels: dict[str, int] = {}
        self.running: dict[str, int] = {}

    def children(self, draft: Draft, within: _Within) -> None:
        """Name the children of a draft, and theirs."""
        # The words beside a mark are the first paragraph of its part.
        counts = {"paragraph": int(draft.body is not None)}
        last: dict[str, int] = {}
        several = sum(child.level == "paragraph" for child in draft.children) > 1
        for child in draft.children:
            counts[child.level] = counts.get(child.level, 0) + 1
            self._check(child, last)
            eid, label = self._unique(child, *_name(child, counts[child.level], within))
            self.named[id(child)] = (eid, label)
            if child.level == "annex":
                self.running = {}
                inner = _Within(eid, label, eid, label, False)
            elif within.article and child.level == "paragraph" and not several:
                # A single paragraph is not counted: 第三条第（二）项, not 第三条第一款第（二）项.
                inner = replace(within, eid=eid)
            else:
                article = within.article or child.level == "article"
                inner = replace(within, eid=eid, label=label, article=article)
            self.children(child, inner)

    def _unique(self, child: Draft, eid: str, label: str) -> tuple[str, str]:
        """Numbers that come again (a list that restarts) get a counter of their own."""
        self.taken[eid] = self.taken.get(eid, 0) + 1
        if (again := self.taken[eid]) > 1:
            eid = f"{eid}.{again}"
            if child.level == "annex":
                self.remarks.append(Remark(child.start, f"{label} comes again"))
        if label:
            self.labels[label] = self.labels.get(label, 0) + 1
            if (times := self.labels[label]) > 1:
                label = f"{label}[{times}]"
        return eid, label

    def _check(self, child: Draft, last: dict[str, int]) -> None:
        """Note numbers that are missing or come again."""
        if child.level not in _NUMBERED or child.number is None:
            return
        before = last.get(child.level, 0)
        said = _LABEL[child.level]
        running = self.running.get(child.level, 0)
        if child.level == "article" or (running and child.number == running + 1):
            before = running
        if child.number > before + 1:
            gap = range(before + 1, child.number)
            names = "、".join(_shown(said, n) for n in gap[:5]) + ("……" if len(gap) > 5 else "")
            self.remarks.append(Remark(child.start, f"{names} missing"))
        elif child.number <= before and not child.inserted:
            here, there = _shown(said, child.number), _shown(said, before)
            self.remarks.append(Remark(child.start, f"{here} comes after {there}"))
        last[child.level] = child.number
        if child.level in _RUNNING:
            self.running[child.level] = child.number


def _name(child: Draft, count: int, within: _Within) -> tuple[str, str]:
    """The eid and label of a draft, before either is made unique."""
    level = child.level
    if level == "annex":
        shown = "" if child.number is None else str(child.number)
        return f"annex_{shown}" if shown else "annex", f"附件{shown}"
    if level in _HOLDER:
        return _join(within.top, level), within.top_label + _HOLDER[level]
    if level not in _EID:
        # The frame: several titles or dates are counted from the second on.
        return _join(within.eid, level if count == 1 else f"{level}_{count}"), ""
    number = child.number if level in _NUMBERED and child.number else count
    plus = f"-{child.inserted}" if child.inserted else ""
    token = (_ARTICLE_EID if within.article else _EID).get(level, _EID[level])
    form = (_ARTICLE_LABEL if within.article else _LABEL).get(level, _LABEL[level])
    top = level == "article"
    base = within.top_label if top else within.label
    # Two figures side by side would read as one.
    dot = "·" if base[-1:].isdigit() and form.startswith("{n}") else ""
    label = base + dot + _shown(form, number)
    if child.inserted:
        label += f"之{numerals.write(child.inserted)}"
    return _join(within.top if top else within.eid, f"{token}_{number}{plus}"), label


def _shown(form: str, number: int) -> str:
    circle = chr(0x2460 + number - 1) if number <= 20 else f"({number})"
    return form.format(n=number, han=numerals.write(number), circle=circle)


def _join(eid: str, token: str) -> str:
    return f"{eid}__{token}" if eid else token
