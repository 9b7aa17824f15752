"""Names of provisions: labels as officials cite them (三（五）, 第三条第二款, 附件四) and eids.

Eids follow the form of Akoma Ntoso's eId (https://docs.oasis-open.org/legaldocml/akn-nc/v1.0/):
sec_3__sub_5, art_3__para_2__item_1, annex_1__sub_3. Articles are numbered through a whole text, so
chapters do not appear in their names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kb import numerals
from kb.tree import Remark

if TYPE_CHECKING:
    from kb.text import Draft

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
_CONTAINER: Final = {"preface": "引言", "body": "正文", "closing": "结语"}
_FRAME: Final = {"attachments": "附件清单", "attachment": "附件清单"}
_COUNTED: Final = frozenset({"dash", "bullet", "paragraph"})


def name(root: Draft, remarks: list[Remark]) -> dict[int, tuple[str, str]]:
    """(eid, label) of every draft under `root` by its id(); notes odd numbering in `remarks`."""
    naming = _Naming(remarks)
    naming.named[id(root)] = ("", "")
    naming.children(root, "", "", "", "", False)
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

    def children(
        self, draft: Draft, eid: str, label: str, top: str, top_label: str, in_article: bool
    ) -> None:
        """Name the children of a draft; `top` names the annex they are in."""
        counts: dict[str, int] = {}
        own_text = draft.level in ("section", "subsection", "item", "subitem", "dash", "bullet")
        if own_text and draft.children:
            # The text beside the mark is the first paragraph of its part.
            counts["paragraph"] = 1 if self._has_body(draft) else 0
        last: dict[str, int] = {}
        several = sum(c.level == "paragraph" for c in draft.children) > 1
        for child in draft.children:
            counts[child.level] = counts.get(child.level, 0) + 1
            self._check(child, last)
            child_eid, child_label = self._name(
                child, counts[child.level], eid, label, top, top_label, in_article, several
            )
            child_eid, child_label = self._unique(child, child_eid, child_label)
            self.named[id(child)] = (child_eid, child_label)
            annex = child.level == "annex"
            self.children(
                child,
                child_eid,
                # A single paragraph is not counted: 第三条第（二）项, not 第三条第一款第（二）项.
                label if in_article and child.level == "paragraph" and not several else child_label,
                child_eid if annex else top,
                child_label if annex else top_label,
                in_article or child.level == "article",
            )

    @staticmethod
    def _has_body(draft: Draft) -> bool:
        return draft.last - draft.bare > 60

    def _name(
        self, child: Draft, count: int, eid: str, label: str, top: str, top_label: str,
        in_article: bool, several: bool,
    ) -> tuple[str, str]:  # fmt: skip
        level, number = child.level, child.number
        if level == "annex":
            shown = "" if number is None else str(number)
            return ("annex" + (f"_{shown}" if shown else ""), "附件" + shown)
        if level in _CONTAINER:
            return _join(top, level), top_label + _CONTAINER[level]
        if level not in _EID:
            # The frame: several titles or dates are counted from the second on.
            return _join(eid, level if count == 1 else f"{level}_{count}"), ""
        number = count if level in _COUNTED else number
        token = (_ARTICLE_EID if in_article else {}).get(level, _EID[level])
        plus = f"-{child.inserted}" if child.inserted else ""
        base_eid, base_label = (top, top_label) if level == "article" else (eid, label)
        return (
            _join(base_eid, f"{token}_{number}{plus}"),
            _label(base_label, level, number or 0, child.inserted, in_article),
        )

    def _unique(self, child: Draft, eid: str, label: str) -> tuple[str, str]:
        """Numbers that come again (a list that restarts) get a counter of their own."""
        self.taken[eid] = self.taken.get(eid, 0) + 1
        if (again := self.taken[eid]) > 1:
            eid = f"{eid}.{again}"
            if child.number is not None:
                self.remarks.append(Remark(child.start, f"{label or eid} comes {again} times"))
        if label:
            self.labels[label] = self.labels.get(label, 0) + 1
            if (times := self.labels[label]) > 1:
                label = f"{label}[{times}]"
        return eid, label

    def _check(self, child: Draft, last: dict[str, int]) -> None:
        if child.level in _COUNTED or child.level not in _EID or child.number is None:
            return
        before = last.get(child.level, 0)
        if child.number > before + 1 and child.level != "article":
            missing = "、".join(numerals.write(n) for n in range(before + 1, child.number)[:5])
            self.remarks.append(Remark(child.start, f"{child.level} {missing} missing"))
        elif child.number <= before and not child.inserted:
            self.remarks.append(
                Remark(child.start, f"{child.level} {child.number} comes after {before}")
            )
        last[child.level] = child.number


def _join(eid: str, token: str) -> str:
    return f"{eid}__{token}" if eid else token


def _label(base: str, level: str, number: int, inserted: int | None, in_article: bool) -> str:
    han = numerals.write(number)
    plus = f"之{numerals.write(inserted)}" if inserted else ""
    if in_article and level in ("subsection", "item", "paragraph"):
        shown = {"subsection": f"第（{han}）项", "item": f"第{number}目", "paragraph": f"第{han}款"}
        return base + shown[level]
    match level:
        case "part":
            shown_ = f"第{han}编"
        case "subpart":
            shown_ = f"第{han}分编"
        case "chapter":
            shown_ = f"第{han}章"
        case "division":
            shown_ = f"第{han}节"
        case "article":
            shown_ = f"第{han}条{plus}"
        case "section":
            shown_ = han
        case "subsection":
            shown_ = f"（{han}）"
        case "item":
            shown_ = f"{'·' if base[-1:].isdigit() else ''}{number}"
        case "subitem":
            shown_ = f"（{number}）"
        case "bracket":
            shown_ = f"{'·' if base[-1:].isdigit() else ''}{number}）"
        case "circle":
            shown_ = chr(0x2460 + number - 1)
        case "paragraph":
            shown_ = f"第{han}段"
        case _:
            shown_ = f"第{han}点"
    return base + shown_
