"""What the five held texts carry: every sentence accounted for, every quote verbatim (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from kb.instrument import Instrument
from kb.library import Library, load_library
from kb.norms import AccountKind, Check, Modality, Strength, norms_of
from tests.kb.annotated import annotated, entry, instrument, norm, nothing

HELD = (
    "jl-jifa-2017-36",
    "jl-jiminfa-2019-30",
    "jl-jiminyizi-2020-16",
    "jl-jizhengfa-2010-37",
    "sd-luminhan-2019-50",
)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def held(library: Library, key: str) -> Instrument:
    found = library.instrument(key)
    assert found is not None
    assert found.held
    return found


def test_norms_come_in_the_order_of_the_text(tmp_path: Path) -> None:
    second = entry("sec_2__s_1", norm("乙应当报告"), norm("甲应当报告"))
    found = annotated(
        tmp_path, instrument(), nothing("sec_2__s_2") + second + nothing("sec_1__s_1")
    )
    # Within a sentence in the order in which they are written down, which their ids keep.
    assert [n.quote for n in found.norms] == ["乙应当报告", "甲应当报告"]
    assert [n.id for n in found.norms] == ["sec_2__s_1__n_1", "sec_2__s_1__n_2"]
    assert found.norms == tuple(norms_of(found.accounts))
    assert replace(found, accounts=()).norms == ()


def test_these_are_the_held_texts(library: Library) -> None:
    assert {i.key for i in library.instruments if i.held} == set(HELD)
    assert all(not i.accounts for i in library.instruments if not i.held)


@pytest.mark.parametrize("key", HELD)
def test_every_sentence_has_one_account(library: Library, key: str) -> None:
    found = held(library, key)
    sentences = [s.id for p in found.provisions for s in p.sentences]
    assert [a.sentence for a in found.accounts] == sentences
    for account in found.accounts:
        assert (account.because is None) == (account.kind == "norms")
        assert bool(account.norms) == (account.kind == "norms")


@pytest.mark.parametrize("key", HELD)
def test_every_quote_is_verbatim_where_it_is_said_to_be(library: Library, key: str) -> None:
    found = held(library, key)
    sentences = {s.id: s for p in found.provisions for s in p.sentences}
    assert found.norms
    for stated in found.norms:
        sentence = sentences[stated.sentence]
        assert found.text[slice(*stated.span)] == stated.quote
        assert sentence.span[0] <= stated.span[0] < stated.span[1] <= sentence.span[1]
        context = stated.prefix + stated.quote + stated.suffix
        assert sentence.text.count(context) == 1
    for account in found.accounts:
        for told in account.observations:
            assert told.quote in sentences[account.sentence].text


@pytest.mark.parametrize("key", HELD)
def test_norms_have_names_of_their_own(library: Library, key: str) -> None:
    iris = [stated.iri for stated in held(library, key).norms]
    assert len(iris) == len(set(iris))


def test_every_kind_of_account_modality_strength_and_check_is_used(library: Library) -> None:
    accounts = [a for i in library.instruments for a in i.accounts]
    norms = list(norms_of(accounts))
    assert {a.kind for a in accounts} == set(get_args(AccountKind))
    assert {n.modality for n in norms} == set(get_args(Modality))
    assert {n.strength for n in norms} == set(get_args(Strength))
    assert {n.check for n in norms} == set(get_args(Check))


def test_strength_follows_modality_as_the_guideline_has_it(library: Library) -> None:
    """ANNOTATING §4: a permission or definition is strict, a recommendation best-effort."""
    for instrument_ in library.instruments:
        for stated in instrument_.norms:
            if stated.modality in ("permission", "definition"):
                assert stated.strength == "strict", stated.iri
            if stated.modality == "recommendation":
                assert stated.strength == "best-effort", stated.iri
            if stated.strength == "in-principle":
                assert any(w in stated.quote for w in ("原则", "一般", "主要", "普遍", "基本")), (
                    stated.iri
                )


def test_what_cannot_be_read_is_no_figure(library: Library) -> None:
    """吉政发〔2010〕37号 六（三）: 5□5万元 stays without a value, with 5.5万元 as a candidate."""
    unread = [
        (i.key, q.as_written, q.candidates)
        for i in library.instruments
        for n in i.norms
        for q in n.quantities
        if q.value is None
    ]
    assert unread == [("jl-jizhengfa-2010-37", "达到5□5万元", ("5.5万元",))]
