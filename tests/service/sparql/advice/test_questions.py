"""The competency questions are examples to begin with: the adviser has nothing to say of them."""

from __future__ import annotations

import pytest

from kb.query import Query, queries
from service.sparql.advice.advising import advise
from tests.service.sparql.advice.conftest import Judge

LEFT = {
    # Only versions of lists that were registered have what it joins, and they are few.
    "in-force-on-day": "exists-with-path",
}


@pytest.mark.parametrize("question", queries(), ids=lambda q: q.name)
def test_no_question_is_of_a_slow_shape(judge: Judge, question: Query) -> None:
    slow = {one.slug for one in advise(question.text, judge.known) if one.severity == "slow"}
    assert slow == ({LEFT[question.name]} if question.name in LEFT else set())
