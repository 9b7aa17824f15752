"""A zone's history is the same in rows of the form and in the events of a request."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.zone_events import EVENTS
from service.web.asked import asked_in, asked_of
from service.web.history import BLANK, MAX_EVENTS, EventRow, field_of, history, pairs_of, rows_in
from tests.service.web.test_desk import read

ROWS = st.lists(
    st.builds(
        EventRow,
        st.dates().map(str),
        st.sampled_from(EVENTS),
        st.one_of(st.just(""), st.dates().map(str)),
    ),
    max_size=5,
)


@given(ROWS)
def test_rows_become_fields_and_the_fields_the_same_rows(rows: list[EventRow]) -> None:
    assert rows_in(pairs_of(rows)) == tuple(rows)


@given(ROWS)
def test_a_request_becomes_a_form_and_the_form_the_same_request(rows: list[EventRow]) -> None:
    request = {"facts": {}, "events": [row.said for row in rows]}
    asked = asked_of(request)
    again = asked_in(asked.pairs(), ()).envelope()
    assert again == (request if rows else {"facts": {}})


def test_a_row_that_says_nothing_is_none() -> None:
    pairs = [("events.0.on", " "), ("events.3.on", "2019-07-18"), ("events.3.event", "recognised")]
    assert rows_in(pairs) == (EventRow("2019-07-18", "recognised"),)
    assert rows_in([("events.1000.on", "2019-07-18"), ("events.x.on", "2019-07-18")]) == ()


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("$.events[2].until", "events.2.until"),
        ("$.events[0]", "events.0.on"),
        ("$.events", ""),
        ("$.facts['zone.state']", ""),
    ],
)
def test_a_fault_is_shown_at_its_field(path: str, field: str) -> None:
    assert field_of(path) == field


def test_only_kinds_decided_on_a_history_ask_for_one() -> None:
    assert history("admissibility", ()) is None
    asked = history("lifecycle", (EventRow("2019-07-18", "recognised"),))
    assert asked is not None
    assert len(asked.rows) == 1 + BLANK
    full = history("lifecycle", [EventRow("2019-07-18", "recognised")] * MAX_EVENTS)
    assert full is not None
    assert len(full.rows) == MAX_EVENTS


FORM = {
    "zone.jurisdiction": "吉林省长春市南关区",
    "as_of": "2020-07-01",
    "events.0.on": "2019-07-18",
    "events.0.event": "recognised",
}


def test_a_history_entered_is_decided_on(client: Any) -> None:
    """吉民发〔2019〕30号: what is due next follows from what has happened and when."""
    sent = client.post("/decide/lifecycle", data=FORM)
    assert sent.status_code == 303, sent.text[:2000]
    page = read(client.get(sent.headers["location"]))
    assert page.select_one(".agenda") is not None
    edit = next(str(a["href"]) for a in page.select("a") if "events.0.on" in str(a.get("href")))
    kept = read(client.get(edit)).select_one("#f-events-0-on")
    assert kept is not None
    assert kept["value"] == "2019-07-18"


def test_a_row_at_fault_says_so_beside_it(client: Any) -> None:
    done = client.post("/decide/lifecycle", data={**FORM, "events.1.on": "2019-13-01"})
    assert done.status_code == 422
    first, second, *_ = read(done).select(".history-row")
    assert first.select_one(".fault") is None
    assert second.select_one(".fault") is not None


def test_more_rows_are_had_without_losing_any(client: Any) -> None:
    filled = {f"events.{n}.on": "2020-01-01" for n in range(BLANK)}
    done = client.post("/decide/lifecycle", data={**filled, "do": "more"})
    assert len(read(done).select(".history-row")) == 2 * BLANK
