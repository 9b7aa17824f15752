"""Quotes of the shipped texts: verbatim in their provision or an issue (DESIGN §2)."""

from __future__ import annotations

import pytest

from kb.library import CitedText, Library, load_library
from ontology.issue import Issue

FIVE = (
    "不得将基层群众性自治组织作为行政执法、拆迁拆违、环境整治、城市管理、招商引资等事项的责任主体"
)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.mark.parametrize(
    ("number", "label", "quote"),
    [
        ("吉发〔2017〕36号", "三（五）", FIVE),
        ("吉发〔2017〕36号", "三（五）", "严格落实“权随责走、费随事转”"),
        ("吉发〔2017〕36号", "一（二）", "可通过向基层群众性自治组织等购买服务方式提供"),
        ("吉发〔2017〕36号", "一（三）", "新建住宅区居民入住率达到50%的，应及时成立社区居民委员会"),
        ("吉民议字〔2020〕16号", "附件四", "原则上一律取消"),
    ],
)
def test_quotes_the_rulebook_rests_on_are_verbatim(
    library: Library, number: str, label: str, quote: str
) -> None:
    cited = library.citation(number, label, quote)
    assert isinstance(cited, CitedText)
    assert (cited.number, cited.provision, cited.quote) == (number, label, quote)
    instrument = library.by_number(number)
    assert instrument is not None
    assert instrument.mended is not None
    assert cited.source is not None
    assert instrument.mended.source[slice(*cited.source)] == quote


def test_a_wrong_quote_is_an_issue_that_shows_where_it_leaves_the_text(library: Library) -> None:
    found = library.citation(
        "jl-jifa-2017-36", "三（五）", FIVE.replace("群众性", "群众"), where="f:1:2"
    )
    assert isinstance(found, Issue)
    assert found.where == "f:1:2"
    assert "性自治组织" in found.hint


def test_a_quote_of_another_provision_is_an_issue_that_names_it(library: Library) -> None:
    found = library.citation("jl-jifa-2017-36", "三（四）", FIVE)
    assert isinstance(found, Issue)
    assert "三（五）" in found.hint


def test_a_norm_of_a_text_not_held_is_quoted_from_the_text_that_reports_it(
    library: Library,
) -> None:
    cited = library.citation(
        "jl-jiminfa-2015-44", None, "原则上一律取消", quoted_in=("jl-jiminyizi-2020-16", "附件四")
    )
    assert isinstance(cited, CitedText)
    assert (cited.number, cited.provision) == ("吉民发〔2015〕44号", "")
    assert cited.as_quoted_in is not None
    assert (cited.as_quoted_in.number, cited.as_quoted_in.provision) == (
        "吉民议字〔2020〕16号",
        "附件四",
    )
