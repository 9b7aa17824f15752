"""What search must find, by another way: every text folded and looked through for the word."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator, Sequence

from kb.search_fold import simplified

# A letter or figure of a script that writes its words apart.
RUN = "[^\\W_\u2e80-\U0010ffff]"
_INNER = re.compile(f"(?<!{RUN})\\s+|\\s+(?!{RUN})")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def folded(text: str) -> str:
    """A text without what makes no difference: width, capitals, old forms, blanks."""
    half = unicodedata.normalize("NFKC", text).casefold()
    new = "".join(simplified().get(c, c) for c in half)
    return _INNER.sub("", re.sub(r"\s+", " ", _UNSEEN.sub("", new).strip()))


def pattern(word: str) -> re.Pattern[str]:
    """Finds a word in a folded text: Latin words and figures only as wholes."""
    plain = folded(word)
    before = f"(?<!{RUN})" if re.match(RUN, plain) else ""
    after = f"(?!{RUN})" if re.search(f"{RUN}$", plain) else ""
    return re.compile(before + re.escape(plain) + after)


def quoted(word: str) -> str:
    """A word as a search reads it, whatever is in it."""
    return '"{}"'.format(re.sub(r'(["\\])', r"\\\1", word).replace("\uff02", "\\\uff02"))


def words(texts: Sequence[str], number: int, seed: int) -> Iterator[str]:
    """Words of one to six characters: three of four from the texts, the others made of theirs."""
    chance = random.Random(seed)
    alphabet = sorted({c for text in texts for c in text})
    made = 0
    while made < number:
        length = chance.randint(1, 6)
        text = chance.choice(texts)
        at = chance.randrange(max(1, len(text) - length + 1))
        word = text[at : at + length]
        if chance.random() < 0.25:
            word = "".join(chance.choice(alphabet) for _ in range(length))
        if folded(word):
            made += 1
            yield word
