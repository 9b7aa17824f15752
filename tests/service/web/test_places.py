"""What is being typed is completed to full names of places of the day."""

from __future__ import annotations

from datetime import date

from ontology.vocabulary import Vocabulary
from service.web.places import suggest

DAY = date(2019, 9, 12)


def test_names_that_begin_so_come_first_and_higher_places_before_their_parts(
    words: Vocabulary,
) -> None:
    places = words.places.places
    assert suggest("吉林省吉林", places, DAY)[0] == "吉林省吉林市"
    assert suggest("船营", places, DAY) == ("吉林省吉林市船营区",)
    assert suggest("220204", places, DAY) == ("吉林省吉林市船营区",)
    assert len(suggest("区", places, DAY)) == 12
    assert suggest(" ", places, DAY) == ()
    assert suggest("火星", places, DAY) == ()


def test_only_places_of_the_day_are_offered(words: Vocabulary) -> None:
    """莱芜 was a prefecture of its own until it became districts of 济南 in 2019 (GB/T 2260)."""
    places = words.places.places
    assert "山东省莱芜市" in suggest("莱芜", places, date(2018, 1, 1))
    assert "山东省莱芜市" not in suggest("莱芜", places, date(2020, 1, 1))
