"""The plan of an experimental zone: how long it is and which of its required parts it names.

吉民发〔2019〕30号 四（二） wants at least 3,000 字, 鲁民函〔2019〕50号 二（一） at least 4,000;
neither says how 字 are counted. Here Han characters, letters and digits count, spaces and
punctuation do not, and headers, footers and comments of a DOCX are left out. A part counts as named
where a heading, or the start of a paragraph, has one of its names; where none has, nothing is
concluded.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Final

from defusedxml.ElementTree import iterparse

from ontology.issue import Issue
from ontology.label import Label
from service.errors import BadPlan
from service.lists.grid import OLD_OFFICE

MAX_EXPANDED: Final = 16 * 2**20
MAX_PARTS: Final = 500
COUNTED: Final = Label(
    "计汉字、字母和数字，不计空白和标点，不计页眉页脚和批注",
    "Han characters, letters and digits; no spaces, punctuation, headers, footers or comments",
)
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "plan.background": ("实验背景", "工作背景", "基本情况", "实验基础", "发展状况"),
    "plan.theme": ("实验主题", "实验目标", "主要目标", "目标任务", "总体目标"),
    "plan.measures": ("实验内容", "实验举措", "主要举措", "重点任务", "具体举措", "主要任务"),
    "plan.support": ("实验保障", "保障措施", "组织保障", "组织领导", "经费保障"),
}
_HEADING: Final = 30
"""Characters of a paragraph in which a part is named: more is running text."""
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT: Final = "word/document.xml"
_ZIP: Final = b"PK\x03\x04"
_MARK: Final = re.compile(r"^[\s（(]*[一二三四五六七八九十0-9]{0,3}[）)、．.\s]*")


@dataclass(frozen=True, slots=True)
class Part:
    """A required part of a plan by its fact, and the paragraph (from 1) that names it, or None."""

    fact: str
    paragraph: int | None
    heading: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to say of a plan."""

    characters: int
    parts: tuple[Part, ...]

    def facts(self) -> dict[str, bool | int]:
        """Facts of an application that the plan itself settles; what is not named stays unknown."""
        named: dict[str, bool | int] = {p.fact: True for p in self.parts if p.paragraph}
        return {"plan.filed": True, "plan.characters": self.characters} | named


def read_plan(data: bytes) -> Plan:
    """The plan in a DOCX or a text file (UTF-8 or GB18030). Raises BadPlan."""
    paragraphs = _docx(data) if data.startswith(_ZIP) else _text(data).splitlines()
    characters = sum(map(count, paragraphs))
    if not characters:
        raise _refused("there is no text in this file")
    parts = []
    for fact, names in _NAMES.items():
        at = next((i for i, p in enumerate(paragraphs) if _names(p, names)), None)
        heading = "" if at is None else paragraphs[at].strip()[:_HEADING]
        parts.append(Part(fact, None if at is None else at + 1, heading))
    return Plan(characters, tuple(parts))


def count(text: str) -> int:
    """How many characters count: letters (Han among them) and digits of any script."""
    return sum(unicodedata.category(c)[0] in "LN" for c in text)


def _names(paragraph: str, names: tuple[str, ...]) -> bool:
    start = _MARK.sub("", paragraph.strip(), count=1)[:_HEADING]
    return any(name in start[: len(name) + 4] for name in names)


def _text(data: bytes) -> str:
    if data.startswith(OLD_OFFICE):
        raise _refused("this is a .doc of old Word", "save it as .docx")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _refused("this is neither a .docx nor a text file", "UTF-8 and GB18030 are read")


def _docx(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_EXPANDED:
                raise _refused(f"this file expands to more than {MAX_EXPANDED:,} bytes")
            if package.testzip() is not None:
                raise _refused("this .docx is damaged")
            with package.open(_DOCUMENT) as document:
                return list(_paragraphs(document))
    except BadPlan:
        raise
    except Exception:  # noqa: BLE001 - the libraries raise what they meet
        raise _refused("this cannot be read as .docx") from None


def _paragraphs(document: IO[bytes]) -> Iterator[str]:
    """The paragraphs of word/document.xml, deleted text left out (ECMA-376, 17.3)."""
    words: list[str] = []
    for _, element in iterparse(document):
        if element.tag == f"{_W}t" and element.text:
            words.append(element.text)
        elif element.tag == f"{_W}p":
            yield "".join(words)
            words.clear()
            element.clear()


def _refused(message: str, hint: str = "") -> BadPlan:
    return BadPlan(message, hint=hint, issues=[Issue("error", message, "$", hint)])
