"""The known traps of the five texts: each handled openly, none by a silent guess."""

from __future__ import annotations

import hashlib
import re
from datetime import date

import pytest

from kb.instrument import Instrument, Provision
from kb.library import CitedText, Library, load_library
from kb.tree import unparse
from ontology.issue import Issue

KEYS = (
    "jl-jiminfa-2019-30",
    "jl-jizhengfa-2010-37",
    "sd-luminhan-2019-50",
    "jl-jifa-2017-36",
    "jl-jiminyizi-2020-16",
)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def _of(library: Library, key: str) -> Instrument:
    instrument = library.instrument(key)
    assert instrument is not None
    assert instrument.mended is not None
    return instrument


def _at(instrument: Instrument, label: str) -> Provision:
    provision = instrument.provision(label)
    assert provision is not None
    return provision


@pytest.mark.parametrize("key", KEYS)
def test_the_tree_of_the_mended_text_tiles_the_source_unchanged(library: Library, key: str) -> None:
    instrument = _of(library, key)
    assert instrument.mended is not None
    assert instrument.tree is not None
    mended, root = instrument.mended, instrument.tree.root
    assert hashlib.sha256(mended.source.encode()).hexdigest() == instrument.sha256
    assert unparse(root) == mended.text
    spans = [(c.start, c.end) for c in root.children]
    pieces = [mended.source[mended.boundary(a) : mended.boundary(b)] for a, b in spans]
    assert mended.source[: mended.boundary(spans[0][0])] + "".join(pieces) == mended.source


def test_the_figure_with_the_private_use_character_stays_unreadable(library: Library) -> None:
    instrument = _of(library, "jl-jizhengfa-2010-37")
    provision = _at(instrument, "六（三）")
    assert "争取达到5□5万元" in provision.text
    assert "55万元" not in instrument.text
    assert "\ue010" not in instrument.text
    (repair,) = provision.repairs
    assert repair.unreadable
    assert {(c.text, c.standing) for c in repair.candidates} == {
        ("5.5万元", "likely"),
        ("55万元", "excluded"),
    }
    cited = library.citation(instrument.key, "六（三）", "城区社区年工作经费争取达到5□5万元")
    assert isinstance(cited, CitedText)
    assert cited.repairs == ("annual-funds-figure",)
    assert cited.source is not None
    assert instrument.mended is not None
    assert "5\ue0105万元" in instrument.mended.source[slice(*cited.source)]


@pytest.mark.parametrize("guess", ["达到55万元", "达到5.5万元"])
def test_no_reading_of_that_figure_can_be_quoted(library: Library, guess: str) -> None:
    assert isinstance(library.citation("jl-jizhengfa-2010-37", "六（三）", guess), Issue)


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("jl-jizhengfa-2010-37", "二〇一〇年十二月二十一日"),
        ("jl-jifa-2017-36", "二〇一七年十二月八日"),
    ],
)
def test_years_written_with_circles_are_mended(library: Library, key: str, written: str) -> None:
    instrument = _of(library, key)
    assert written in instrument.text
    assert "○" not in instrument.text


@pytest.mark.parametrize(
    ("key", "label", "rejoined"),
    [
        ("sd-luminhan-2019-50", "一（一）", "形成理论创新、实践创新和制度创新的示范成果。"),
        ("sd-luminhan-2019-50", "二（一）", "经费保障、智力保障、宣传保障)。"),
        ("sd-luminhan-2019-50", "三（一）", "不设名额和数量限制，申报单位应具备"),
        ("sd-luminhan-2019-50", "三（三）", "实验区中择优推荐。"),
        ("jl-jiminyizi-2020-16", "附件三", "〈关于做好村规民约和居民公约工作的指导意见〉的通知》"),
    ],
)
def test_words_cut_over_page_breaks_are_rejoined_in_one_sentence(
    library: Library, key: str, label: str, rejoined: str
) -> None:
    instrument = _of(library, key)
    cited = library.citation(key, label, rejoined)
    assert isinstance(cited, CitedText)
    assert cited.repairs
    assert any(rejoined in s.text for p in instrument.provisions for s in p.sentences)


def test_the_signature_and_date_of_the_reply_are_rejoined(library: Library) -> None:
    tree = _of(library, "jl-jiminyizi-2020-16").tree
    assert tree is not None
    levels = [node.level for node in tree.root.children]
    assert levels[-4:] == ["signature", "date", "contact", "annex"]


def test_the_wrong_name_of_the_organisations_is_noted_and_kept(library: Library) -> None:
    quote = "《不应由基层群众自治性组织出具证明事项清单（第一批）》"
    cited = library.citation("jl-jiminyizi-2020-16", "附件四", quote)
    assert isinstance(cited, CitedText)
    assert cited.repairs == ()
    assert cited.remarks == ("self-governing-misnamed",)


def test_sections_counted_twice_have_labels_of_their_own(library: Library) -> None:
    instrument = _of(library, "jl-jiminyizi-2020-16")
    assert _at(instrument, "一").text.startswith("国家层面没有出台")
    assert _at(instrument, "附件一").heading.startswith("制定出台规范性文件")


def test_annexes_without_labels_are_found_and_said_to_be_inferred(library: Library) -> None:
    instrument = _of(library, "sd-luminhan-2019-50")
    assert len([p for p in instrument.provisions if p.parent == "annex_1"]) == 22
    assert len([p for p in instrument.provisions if p.parent == "annex_2"]) == 10
    assert _at(instrument, "附件3").text == ""
    said = [w for w in library.warnings if "without its label" in w.message]
    assert [w.where.rsplit("/", 1)[1] for w in said] == [
        "text.txt:63:1",
        "text.txt:100:1",
        "text.txt:115:1",
    ]


def test_the_form_cited_under_a_wrong_number_is_noted(library: Library) -> None:
    instrument = _of(library, "sd-luminhan-2019-50")
    provision = _at(instrument, "二（三）")
    assert [r.id for r in provision.repairs] == ["form-cited-as-annex-2"]
    assert "(见附件 2)" in provision.text


def test_the_implementing_opinion_has_its_number_from_the_reply(library: Library) -> None:
    instrument = _of(library, "jl-jifa-2017-36")
    assert instrument.number == "吉发〔2017〕36号"
    assert instrument.number_because is not None
    assert "36号" not in instrument.text
    assert (instrument.issued.day, instrument.in_force.start) == (date(2017, 12, 8),) * 2


@pytest.mark.parametrize(
    "quote",
    [
        "对法律法规有明确规定且社区有能力提供证明的，方可使用社区印章。",
        "各职能部门、企事业单位、社会组织职责范围内的证明核实事项不得要求社区出具证明。",
    ],
)
def test_sentences_ascribed_to_the_opinion_are_quoted_only_through_the_reply(
    library: Library, quote: str
) -> None:
    assert isinstance(library.citation("jl-jifa-2017-36", None, quote), Issue)
    cited = library.citation(
        "jl-jifa-2017-36", None, quote, quoted_in=("jl-jiminyizi-2020-16", "附件四")
    )
    assert isinstance(cited, CitedText)
    assert cited.number == "吉发〔2017〕36号"
    assert cited.as_quoted_in is not None
    assert cited.as_quoted_in.remarks == ("seal-sentences-not-in-print",)


@pytest.mark.parametrize(
    ("key", "start", "latest"),
    [
        # The notice forwarded is of 2015-07-13; the reply says 2015 only.
        ("jl-jiminfa-2015-44", date(2015, 7, 13), date(2015, 12, 31)),
        ("jl-jibanfa-2019-43", date(2019, 11, 1), date(2019, 11, 30)),
        ("cn-minfa-2020-20", date(2020, 2, 1), date(2020, 4, 27)),
        ("jl-jiminfa-2019-30", date(2019, 1, 1), date(2019, 12, 31)),
        ("jl-jizhengfa-2010-37", date(2010, 12, 21), None),
        ("sd-luminhan-2019-50", date(2019, 4, 30), None),
        ("jl-jiminyizi-2020-16", date(2020, 6, 30), None),
    ],
)
def test_uncertain_starts_are_intervals_with_their_reason(
    library: Library, key: str, start: date, latest: date | None
) -> None:
    instrument = library.instrument(key)
    assert instrument is not None
    known = instrument.in_force
    assert (known.start, known.latest, known.end) == (start, latest, None)
    assert (known.because is None) == (latest is None)


def test_a_notice_known_by_its_year_has_a_year_and_no_day(library: Library) -> None:
    issued = _of(library, "jl-jiminfa-2019-30").issued
    assert (issued.written, issued.day) == ("2019", None)
    assert issued.because is not None


def test_no_text_of_one_province_is_of_the_other(library: Library) -> None:
    held = {i.key: i.jurisdiction for i in library.instruments if i.held}
    assert held == {key: "37" if key.startswith("sd-") else "22" for key in KEYS}


def test_the_counts_of_communities_add_up_as_printed(library: Library) -> None:
    # 11,312 communities = 1,970 urban + 9,342 village committees (8,115 of them rural communities).
    text = _at(_of(library, "jl-jiminyizi-2020-16"), "附件引言第一段").text
    total, urban, townships, villages, rural = map(int, re.findall("([0-9]+)个", text))
    assert total == urban + villages
    assert (urban, townships, villages, rural) == (1970, 463, 9342, 8115)
