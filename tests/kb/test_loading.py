"""Bad content is refused with every fault at its file, line and column (DESIGN §4)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kb.library import Library, load_library
from ontology.issue import ContentError

TEXT = "某厅关于某事的通知\n某发〔2031〕1号\n\n各市：\n一、应当办理。\n\n某厅\n2031年1月2日\n"
META = """key: xx-1
title: 某厅关于某事的通知
number: {{raw: 某发〔2031〕1号}}
kind: notice
authorities:
  - name: 某厅
jurisdiction: "22"
issued: "2031-01-02"
in-force: {{from: "2031-01-02"}}
sha256: {sha256}
"""


def _content(root: Path, meta: str = META, repairs: str = "", text: str = TEXT) -> Path:
    folder = root / "kb" / "texts" / "22-jilin" / "xx-1"
    folder.mkdir(parents=True)
    (folder / "text.txt").write_text(text, "utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / "meta.yaml").write_text(meta.format(sha256=digest), "utf-8")
    if repairs:
        (folder / "repairs.yaml").write_text(repairs, "utf-8")
    return root / "kb"


def _faults(root: Path) -> list[tuple[str, str]]:
    with pytest.raises(ContentError) as caught:
        load_library(root)
    return [
        (i.where.removeprefix("kb/texts/22-jilin/xx-1/"), i.message) for i in caught.value.issues
    ]


def test_good_content_loads(tmp_path: Path) -> None:
    library: Library = load_library(_content(tmp_path))
    instrument = library.by_number("某发[2031]1号")
    assert instrument is not None
    assert instrument.provision("一") is not None


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("key: xx-1", "key: xx-2", "meta.yaml:1:1", "the key is not the folder's name xx-1"),
        ("key: xx-1", "key: XX", "meta.yaml:1:1", "key: String should match pattern"),
        ("title: 某厅", "title: 某局", "meta.yaml:2:1", "this is not the title in the text"),
        ("1号", "2号", "meta.yaml:3:1", "this is not the number in the text"),
        ("notice", "notise", "meta.yaml:4:1", "kind: Input should be"),
        ("name: 某厅", "name: 某委", "meta.yaml:6:5", "the text does not name 某委"),
        ('"22"', '"2"', "meta.yaml:7:1", "jurisdiction: String should match pattern"),
        (
            'issued: "2031-01-02"',
            'issued: "2031-01-03"',
            "meta.yaml:8:1",
            "this is not the day in the text",
        ),
        ('issued: "2031-01-02"', "issued: {{year: 2031}}", "meta.yaml:8:1", "issued: say because"),
        ('issued: "2031-01-02"', 'issued: "2031-13-02"', "meta.yaml:8:1", "issued.earliest: month"),
        ("in-force:", "in-forze:", "meta.yaml:9:1", "unknown key in-forze"),
        ("sha256: {sha256}", "sha256: " + "0" * 64, "meta.yaml:10:1", "text.txt is not the text"),
        ("kind: notice", "kind: [notice", "meta.yaml:5:12", "not YAML"),
    ],
)
def test_faults_of_metadata_are_said_where_they_stand(
    tmp_path: Path, old: str, new: str, where: str, message: str
) -> None:
    assert old in META
    faults = _faults(_content(tmp_path, META.replace(old, new)))
    assert any(w == where and m.startswith(message) for w, m in faults), faults


def test_an_unknown_key_is_answered_with_the_nearest_valid_one(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        load_library(_content(tmp_path, META.replace("in-force:", "in-forze:")))
    assert {i.hint for i in caught.value.issues} >= {"did you mean in-force?"}


@pytest.mark.parametrize(
    ("cite", "message"),
    [
        ("{title: 甲, instrument: xx-9, provision: 一, quote: 应当办理}", "no instrument xx-9"),
        (
            "{title: 甲, instrument: xx-1, provision: 二, quote: 应当办理}",
            "xx-1 has no provision 二",
        ),
        (
            "{title: 甲, instrument: xx-1, provision: 一, quote: 不得办理}",
            "not verbatim in xx-1 一",
        ),
    ],
)
def test_instruments_cited_must_be_known_and_quoted_verbatim(
    tmp_path: Path, cite: str, message: str
) -> None:
    meta = META + f"cites:\n  - {cite.replace('{', '{{').replace('}', '}}')}\n"
    ((where, said),) = _faults(_content(tmp_path, meta))
    assert where == "meta.yaml:12:5"
    assert said.startswith(message)


REPAIR = """repairs:
  - id: a
    kind: glyph
    before: {before}
    damaged: {damaged}
    after: {after}
    replacement: 乙
    reason: {{zh: 因, en: why}}
"""


@pytest.mark.parametrize(
    ("before", "damaged", "after", "message"),
    [
        ("应当", "不", "理", "the context of a occurs 0 times"),
        ('""', "某", '""', "the context of a occurs 4 times"),
    ],
)
def test_a_repair_must_name_one_place(
    tmp_path: Path, before: str, damaged: str, after: str, message: str
) -> None:
    repairs = REPAIR.format(before=before, damaged=damaged, after=after)
    assert _faults(_content(tmp_path, repairs=repairs)) == [("repairs.yaml:2:5", message)]


def test_a_text_that_is_not_there_is_an_issue(tmp_path: Path) -> None:
    root = _content(tmp_path)
    (root / "texts" / "22-jilin" / "xx-1" / "text.txt").unlink()
    ((where, _),) = _faults(root)
    assert where == "text.txt:1"


def test_odd_numbering_is_a_warning_at_its_line_of_the_source(tmp_path: Path) -> None:
    text = TEXT.replace("一、应当", "一、甲。\n三、应当")
    library = load_library(_content(tmp_path, text=text))
    (warning,) = library.warnings
    assert (warning.severity, warning.message) == ("warning", "二 missing")
    assert warning.where == "kb/texts/22-jilin/xx-1/text.txt:6:1"


def test_the_same_number_twice_is_refused(tmp_path: Path) -> None:
    root = _content(tmp_path)
    lines = META.replace("key: xx-1", "- key: xx-2").format(sha256="0" * 64).splitlines()
    entry = "\n".join([lines[0], *(f"  {line}" for line in lines[1:])])
    (root / "texts" / "not-held.yaml").write_text(f"instruments:\n{entry}\n", "utf-8")
    assert _faults(root)[0][1] == "某发〔2031〕1号 is described twice"
