"""Each sentence of a text is coloured by what it carries and shows it; each norm has its page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

import pytest
from bs4 import BeautifulSoup, Tag

from kb.norms import Modality, Norm
from rules.model import Rule
from service.coverage import Coverage, SentenceCover, cover
from service.shipped import Shipped
from service.web.carried import TONES, Teller, carried, legend, tone_of
from service.web.covers import Covers, rules_of
from service.web.links import norm_href

OPINION = "jl-jifa-2017-36"
REPLY = "jl-jiminyizi-2020-16"


def read(client: Any, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture(scope="module")
def coverage(shipped: Shipped) -> Coverage:
    return cover(shipped.library, rules_of(shipped.rulebook))


@pytest.fixture(scope="module")
def teller(shipped: Shipped) -> Teller:
    return Teller(shipped.library, Covers().relations(shipped.library))


def covers(coverage: Coverage, key: str) -> list[SentenceCover]:
    document = coverage.document(key)
    assert document is not None
    return [sentence for _, sentence in document.sentences()]


def panel_of(page: BeautifulSoup, sentence: str) -> Tag:
    box = page.find("input", id=f"show-{sentence}")
    assert isinstance(box, Tag)
    label = box.find_next_sibling("label")
    assert isinstance(label, Tag)
    assert label["for"] == box["id"]
    panel = label.find_next_sibling()
    assert isinstance(panel, Tag)
    assert "panel" in panel["class"]
    return panel


@pytest.mark.parametrize("key", [OPINION, REPLY, "sd-luminhan-2019-50"])
def test_every_sentence_has_its_colour_and_what_it_carries(
    client: Any, coverage: Coverage, key: str
) -> None:
    page = read(client, f"/instruments/{key}")
    for sentence in covers(coverage, key):
        label = page.find(id=sentence.sentence.id)
        assert isinstance(label, Tag), sentence.sentence.id
        classes = set(label["class"])
        assert f"t-{tone_of(sentence)}" in classes
        assert ("executed" in classes) == any(norm.rules for norm in sentence.norms)
        panel = panel_of(page, sentence.sentence.id)
        links = {str(a["href"]) for a in panel.select("a")}
        for norm in sentence.norms:
            assert f"/norms/{key}/{norm.norm.id}" in links
            assert norm.norm.action.zh in panel.get_text()
            assert {f"/rules/{rule.id}" for rule in norm.rules} <= links
        if not sentence.norms:
            assert sentence.account is not None
            assert sentence.account.because is not None
            assert sentence.account.because.zh in panel.get_text()


def test_the_legend_counts_every_sentence(client: Any, coverage: Coverage) -> None:
    for document in coverage.documents:
        page = read(client, f"/instruments/{document.instrument.key}")
        numbers = [int(small.get_text()) for small in page.select(".legend li small")]
        assert sum(numbers) == document.counts.all_sentences


def test_figures_deadlines_doubts_and_relations_are_told(
    client: Any, coverage: Coverage, teller: Teller
) -> None:
    page = read(client, f"/instruments/{OPINION}")
    told = 0
    for sentence in covers(coverage, OPINION):
        text = panel_of(page, sentence.sentence.id).get_text(" ", strip=True)
        for norm in sentence.norms:
            view = teller.norm(norm)
            parts = [label.zh for label in (*view.bearer, *view.counterparty, view.topic)]
            parts += [q.as_written for q in norm.norm.quantities]
            parts += [q.value for q in norm.norm.quantities if q.value]
            parts += [d.as_written for d in (norm.norm.deadline, norm.norm.recurrence) if d]
            parts += [d.zh for d in (norm.norm.doubt, norm.norm.condition) if d]
            parts += [related.norm.quote for related in view.related]
            assert [part for part in parts if part not in text] == []
            told += len(view.related) + len(norm.norm.quantities)
    assert told > 20


def test_numbers_that_a_text_reports_are_told(client: Any) -> None:
    text = read(client, f"/instruments/{REPLY}").get_text(" ", strip=True)
    assert "城市社区数" in text
    assert "1970" in text


def test_no_space_comes_between_chinese_sentences(client: Any) -> None:
    """Blanks between tags would be drawn."""
    answer = client.get(f"/instruments/{OPINION}").text
    lines = re.findall(r'<div class="line">(.*?)</div>\s*(?:<p|<div class="margin|</section)',
                       answer, re.DOTALL)  # fmt: skip
    assert lines
    for line in lines:
        assert not re.search(r"(?:</label>|</div>)\s+<(?:input|label)", line)


def test_a_relation_is_worded_from_either_end(teller: Teller, coverage: Coverage) -> None:
    ends = {
        (related.kind, related.forward)
        for document in coverage.documents
        for _, norm in document.norms()
        for related in teller.norm(norm).related
    }
    assert {("revises-figure", True), ("revises-figure", False)} <= ends
    assert ("same-wording", True) in ends


def test_a_sentence_is_coloured_by_the_strongest_of_its_norms(
    coverage: Coverage, teller: Teller
) -> None:
    several = next(
        s
        for s in covers(coverage, OPINION)
        if {n.norm.strength for n in s.norms} == {"strict", "best-effort"}
    )
    assert tone_of(several) == "strict"
    weaker = tuple(n for n in several.norms if n.norm.strength == "best-effort")
    assert tone_of(replace(several, norms=weaker)) == "best-effort"
    assert tone_of(replace(several, account=None, norms=())) == "missing"
    document = coverage.document(REPLY)
    assert document is not None
    counted = legend(carried(document, teller).values())
    assert [tone for tone, _ in counted] == [t for t in TONES if t in dict(counted)]
    assert dict(counted)["fact"] == document.counts.sentences["fact"]


def test_every_norm_has_its_page(client: Any, coverage: Coverage) -> None:
    seen: dict[str, Norm] = {}
    for document in coverage.documents:
        for _, norm in document.norms():
            seen.setdefault(norm.norm.modality, norm.norm)
            key = document.instrument.key
            if seen[norm.norm.modality] is norm.norm:
                page = read(client, f"/norms/{key}/{norm.norm.id}")
                mark = page.select_one("blockquote mark")
                assert mark is not None
                assert mark.get_text() == norm.norm.quote
                links = [str(a["href"]) for a in page.select("main a")]
                assert f"/instruments/{key}#{norm.norm.sentence}" in links
                assert f"/id/norm/{key}/{norm.norm.id}.ttl" in links
    assert set(seen) <= set(get_args(Modality))
    assert len(seen) >= 5


def test_a_rule_leads_to_the_norms_it_executes(client: Any, coverage: Coverage) -> None:
    for one in coverage.rules[:20]:
        page = read(client, f"/rules/{one.rule.id}")
        links = {str(a["href"]) for a in page.select(".sheet .linked a[href^='/norms/']")}
        assert links == {norm_href(norm.iri) for norm in one.norms}


@pytest.mark.parametrize("path", ["jl-jifa-2017-36/none", "none/x", "jl-jiminfa-2015-44/x"])
def test_a_norm_that_is_not_there_is_not_found(client: Any, path: str) -> None:
    assert client.get(f"/norms/{path}").status_code == 404


def test_the_panel_speaks_the_language_of_the_page(client: Any) -> None:
    page = read(client, f"/instruments/{OPINION}?lang=en")
    panel = panel_of(page, "sec_3__sub_5__s_1")
    assert panel["lang"] == "en"
    assert "bearer" in panel.get_text()
    client.get("/?lang=zh")


def test_what_is_worked_out_once_is_kept_until_the_rules_change(shipped: Shipped) -> None:
    kept = Covers()
    first = kept.texts(shipped.rulebook, shipped.library)
    assert kept.texts(shipped.rulebook, shipped.library) is first
    fewer: dict[str, tuple[Rule, ...]] = {
        kind: rules[:-1] for kind, rules in shipped.rulebook.rules.items()
    }
    changed = replace(shipped.rulebook, rules=fewer)
    assert kept.texts(changed, shipped.library) is not first
    assert len(kept.texts(changed, shipped.library).rules) < len(first.rules)
