"""Small texts with annotations, for the tests of norms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kb import text as parser
from kb.instrument import Instrument, build
from kb.meta import Meta
from kb.norm_files import read_accounts
from kb.norms import Account
from kb.repairs import Repair, mend
from ontology.issue import Issue

HEAD = "某厅关于某事的通知\n某发〔2031〕1号\n\n各市：\n"
FOOT = "\n某厅\n2031年1月2日\n"
BODY = (
    "一、各市应当公开清单，不得收费。\n"
    "二、甲应当报告，乙应当报告；新区面积不少于30平方米，应于9月30日前报省厅。\n"
)


def instrument(
    body: str = BODY, repairs: Sequence[Repair] = (), key: str = "xx-1", day: str = "2031-01-02"
) -> Instrument:
    """A notice with this body; its sentences are sec_1__s_1 and so on."""
    mended = mend(HEAD + body + FOOT, repairs)
    meta = Meta.model_validate(
        {
            "key": key,
            "title": "某厅关于某事的通知",
            "number": {"raw": "某发〔2031〕1号"},
            "kind": "notice",
            "authorities": [{"name": "某厅"}],
            "jurisdiction": "22",
            "issued": day,
            "in-force": {"from": day},
        }
    )
    return build(meta, Path(), mended, parser.parse(mended.text, {}))


def norm(quote: str, more: str = "") -> str:
    """A norm as the files have it, on the lines of a list; `more` are further keys, one a line."""
    lines = [
        f"- quote: {quote}",
        "  modality: obligation",
        "  strength: strict",
        "  bearer: [local-party-and-government]",
        "  action: {zh: 做, en: do it}",
        "  topic: supervision",
        "  check: rule",
        *(f"  {line}" for line in more.splitlines()),
    ]
    return "".join(f"  {line}\n" for line in lines)


def entry(sentence: str, *norms: str) -> str:
    """The entry of a sentence with its norms."""
    return f"- sentence: {sentence}\n  account: norms\n  norms:\n{''.join(norms)}"


def nothing(sentence: str) -> str:
    """The entry of a sentence without a norm."""
    return f"- sentence: {sentence}\n  account: fact\n  because: {{zh: 因, en: why}}\n"


def read(folder: Path, found: Instrument, *files: str) -> tuple[tuple[Account, ...], list[Issue]]:
    """What a.yaml, b.yaml … say of a text."""
    for name, text in zip("abc", files, strict=False):
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return read_accounts(found, folder, "norms")


def annotated(folder: Path, found: Instrument, *files: str) -> Instrument:
    """The text with what is said of it, which must hold."""
    accounts, issues = read(folder, found, *files)
    assert issues == []
    return replace(found, accounts=accounts)
