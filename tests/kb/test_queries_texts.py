"""What the texts say, asked of the graph: instruments, provisions, sentences, repairs."""

from __future__ import annotations

from kb.query import bind, load
from tests.kb.world import JILIN, REPLY, World, places


def test_the_held_instruments_with_their_authorities(world: World) -> None:
    held = {
        row[:3]
        for row in world.answer("instruments", "authority", "issued", "number", "held")
        if row[3] == "true"
    }
    assert held == {
        ("中共吉林省委", "2017-12-08", JILIN),
        ("吉林省人民政府", "2017-12-08", JILIN),
        ("吉林省人民政府", "2010-12-21", "吉政发〔2010〕37号"),
        ("吉林省民政厅", "2019", "吉民发〔2019〕30号"),
        ("吉林省民政厅", "2020-06-30", REPLY),
        ("山东省民政厅", "2019-04-30", "鲁民函〔2019〕50号"),
    }


def test_provisions_come_in_the_order_of_the_text(world: World) -> None:
    for key in ("jl-jifa-2017-36", "sd-luminhan-2019-50", "jl-jiminyizi-2020-16"):
        rows = world.store.select(bind(load("provisions-in-order"), {"instrument": key}))
        instrument = world.instrument(key)
        assert [row["label"] for row in rows] == [p.label for p in instrument.provisions]
        assert [row.get("text", "") for row in rows] == [p.text for p in instrument.provisions]


def test_the_sentences_of_three_five_with_their_rules(world: World) -> None:
    """吉发〔2017〕36号 三（五） has four sentences, as a semicolon ends one; rules rest on each."""
    rows = world.answer("rules-of-provision", "order", "text", "id")
    provision = world.instrument("jl-jifa-2017-36").provision("三（五）")
    assert provision is not None
    assert {(order, text) for order, text, _ in rows} == {
        (str(n), s.text) for n, s in enumerate(provision.sentences, start=1)
    }
    assert {
        ("1", "jl-2017-36.five-matters"),
        ("1", "jl-2017-36.statutory-duty"),
        ("2", "jl-2017-36.assist-funding"),
        ("3", "jl-2017-36.signboards"),
        ("4", "jl-2017-36.one-vote-veto"),
    } <= {(order, rule) for order, _, rule in rows}
    elsewhere = world.answer("rules-of-provision", "text", label="四（一）")
    assert elsewhere
    assert not elsewhere & {(text,) for _, text, _ in rows}


def test_a_rule_leads_to_its_sentences(world: World) -> None:
    rows = world.answer("sentences-of-rule", "number", "label", "quote")
    assert rows == {
        (
            JILIN,
            "三（五）",
            "不得将基层群众性自治组织作为行政执法、拆迁拆违、环境整治、城市管理、招商引资等事项的责任主体",
        )
    }
    handed_down = world.answer("sentences-of-rule", "number", "label", rule="jl-2015-44.duties")
    assert handed_down == {(REPLY, "附件四第二段")} or handed_down == {(REPLY, "附件四")}


def test_every_quote_of_a_text_is_found_in_its_sentences(world: World) -> None:
    """DESIGN §2: every step keeps the link back to the sentence."""
    sentences = {
        (i.number or "", provision.label): [s.text for s in provision.sentences]
        for i in world.library.instruments
        for provision in i.provisions
    }
    for rule in world.rules:
        expected = {
            (c.number, c.provision, c.quote)
            for citation in rule.citations
            for c in places(citation)
            if any(
                c.quote in text or text in c.quote
                for text in sentences.get((c.number, c.provision), [])
            )
        }
        found = world.answer("sentences-of-rule", "number", "label", "quote", rule=rule.id)
        assert found == expected


def test_repairs_and_what_is_not_repaired(world: World) -> None:
    held = [i for i in world.library.instruments if i.mended]
    repairs = [r for i in held for r in (i.mended.repairs if i.mended else ())]
    mended = {
        (r.damaged, r.replacement)
        for r in repairs
        if r.replacement is not None and not r.candidates
    }
    assert world.answer("repairs", "damaged", "replacement") == mended
    assert world.answer("unrepaired-damage", "number", "reading", "standing") == {
        ("吉政发〔2010〕37号", "5.5万元", "likely"),
        ("吉政发〔2010〕37号", "55万元", "excluded"),
    }
    kept = {(r.damaged,) for r in repairs if r.replacement is None}
    assert world.answer("wording-kept", "damaged") == kept
    assert ("基层群众自治性组织",) in kept


def test_instruments_that_texts_name_but_that_are_not_held(world: World) -> None:
    expected = {
        (other.title, i.number or "")
        for i in world.library.instruments
        if i.held
        for other in world.library.instruments
        if not other.held
        and (
            other.key in {cite.instrument for cite in i.cites}
            or (other.known and i.key in {q.instrument for q in other.known.quoted_in})
        )
    }
    assert world.answer("cited-but-not-held", "title", "citing") == expected
    assert ("中华人民共和国城市居民委员会组织法", REPLY) in expected


def test_later_instruments_are_those_of_the_horizon(world: World) -> None:
    expected = {(h.date, h.number, h.title) for h in world.library.horizon}
    assert world.answer("later-instruments", "issued", "number", "title") == expected
    assert any(number == "厅字〔2022〕28号" for _, number, _ in expected)
