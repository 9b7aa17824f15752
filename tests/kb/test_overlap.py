"""Cited words lead to the norms they are taken from."""

from __future__ import annotations

import pytest

from kb.library import Library, load_library
from kb.overlap import norms_at, resting

OPINION = "jl-jifa-2017-36"
BAN = "不得将基层群众性自治组织作为行政执法、拆迁拆违、环境整治、城市管理、招商引资等事项的责任主体"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def test_words_of_a_norm_rest_on_it(library: Library) -> None:
    found = resting(library, OPINION, "三（五）", BAN)
    assert found.standing == "held"
    assert len(found.sentences) == 1
    assert any(BAN in norm.quote or norm.quote in BAN for norm in found.norms)
    assert {norm.modality for norm in found.norms} == {"prohibition"}


def test_an_instrument_is_named_by_key_or_number(library: Library) -> None:
    assert resting(library, "吉发〔2017〕36号", "三（五）", BAN) == resting(
        library, OPINION, "三（五）", BAN
    )


def test_every_norm_rests_on_itself_and_only_overlapping_ones(library: Library) -> None:
    for instrument in library.instruments:
        for norm in instrument.norms:
            found = norms_at(instrument, norm.span)
            assert norm in found
            assert all(max(norm.span[0], n.span[0]) < min(norm.span[1], n.span[1]) for n in found)


def test_neighbours_that_only_touch_do_not_overlap(library: Library) -> None:
    instrument = library.instrument(OPINION)
    assert instrument is not None
    first = instrument.norms[0]
    assert first not in norms_at(instrument, (first.span[1], first.span[1] + 1))
    assert first not in norms_at(instrument, (first.span[0] - 1, first.span[0]))


def test_a_heading_is_in_no_sentence(library: Library) -> None:
    found = resting(library, OPINION, "三（五）", "推进社区减负增效")
    assert (found.standing, found.sentences, found.norms) == ("held", (), ())


@pytest.mark.parametrize(
    ("instrument", "provision", "quote", "standing"),
    [
        ("cn-minfa-2020-20", "附件第1项", "亲属关系证明", "list"),
        ("cn-minfa-2020-20", "", "出具证明", "not-held"),
        (OPINION, "三（五）", "这句话不在其中", "lost"),
        (OPINION, "九（九）", BAN, "lost"),
        ("no-such-text", "一", BAN, "lost"),
    ],
)
def test_words_outside_a_held_text_say_where_they_stand(
    library: Library, instrument: str, provision: str, quote: str, standing: str
) -> None:
    found = resting(library, instrument, provision, quote)
    assert found.standing == standing
    assert found.norms == ()
    assert (found.issue is None) == (standing == "list")
