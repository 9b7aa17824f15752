"""The plan of a zone: 吉民发〔2019〕30号 四（二）, 鲁民函〔2019〕50号 二（一）."""

from __future__ import annotations

import io
import zipfile

import pytest

from service.errors import BadPlan
from service.plans import MAX_EXPANDED, count, read_plan

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PARAGRAPHS = (
    "某区社区治理实验方案",
    "一、实验背景",
    "本区有社区12个，发展状况如下。",
    "二、实验主题和实验目标",
    "三、实验举措",
    "（四）实验保障",
)


def docx(paragraphs: tuple[str, ...], body: str = "") -> bytes:
    text = body or "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{text}</w:body></w:document>'
        )
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("社区 12 个，A区。", 7), ("，。 \n　", 0), ("５0％", 2), ("Ⅳ、é", 2)],
)
def test_letters_and_digits_count(text: str, expected: int) -> None:
    assert count(text) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_says_the_same_as_a_docx(encoding: str) -> None:
    """Both spellings of one plan have one count and the same parts."""
    text = read_plan("\n".join(PARAGRAPHS).encode(encoding))
    assert text == read_plan(docx(PARAGRAPHS))
    assert text.characters == sum(map(count, PARAGRAPHS))
    assert [(p.fact, p.paragraph) for p in text.parts] == [
        ("plan.background", 2),
        ("plan.theme", 4),
        ("plan.measures", 5),
        ("plan.support", 6),
    ]


def test_what_no_heading_names_stays_unknown() -> None:
    """Unknown is never false: a part may stand under another heading."""
    found = read_plan("一、实验背景\n其他都写在这里，没有单独的实验保障一节".encode())
    assert found.facts().get("plan.support") is None
    assert found.facts()["plan.background"] is True


def test_running_text_names_no_part() -> None:
    found = read_plan("我们在去年的工作总结里已经说明了全部的实验背景和其他情况".encode())
    assert not any(part.paragraph for part in found.parts)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no text"),
        (b"\xd0\xcf\x11\xe0old", "old Word"),
        (b"\x00\x01\x02", "neither"),
        (b"PK\x03\x04broken", "cannot be read"),
        (docx((), "<w:p><w:t>" + "a" * (MAX_EXPANDED + 1) + "</w:t></w:p>"), "expands"),
        (
            docx((), "").replace(b"word/document.xml", b"word/documenx.xml"),
            "cannot be read",
        ),
    ],
)
def test_what_is_no_plan_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(BadPlan, match=message):
        read_plan(data)


def test_entities_are_not_expanded() -> None:
    """XML bombs and external entities (defusedxml)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr(
            "word/document.xml",
            '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
            f'<w:document xmlns:w="{W}"><w:p><w:t>&e;</w:t></w:p></w:document>',
        )
    with pytest.raises(BadPlan):
        read_plan(file.getvalue())
