"""Words: how text is made into the stems that the word index and a question share."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import Stemmer

# Words so common that they tell nothing apart. Negations, modals and question words of substance
# ("can", "must", "overrule") are kept: they are what people ask about.
STOP_WORDS = frozenset(
    (
        "a an and are as at be been but by do does did for from had has have he her him his i "
        "if in into is it its me my no of on or our she so that the their them then there these "
        "they this those to up us was we were what when where which who will with you your am "
        "im ive id"
    ).split()
)
_TOKEN = re.compile(r"[a-z0-9£]+(?:['’][a-z]+)*(?:-[a-z0-9]+)*", re.IGNORECASE)


def stems(texts: Iterable[str]) -> Iterator[list[str]]:
    """The stems of each text; see `stems_of`."""
    return map(stems_of, texts)


def stems_of(text: str) -> list[str]:
    """A text's stems in order, without stop words.

    A word with a hyphen counts joined and in parts, so that over-ruled, overruled and "over ruled"
    meet; a possessive loses its ending.

    >>> stems_of("The chair over-ruled Ms F’s view")
    ['chair', 'overrul', 'over', 'rule', 'ms', 'f', 'view']
    """
    return [stem for token in _TOKEN.findall(text) for stem in _stems(token)]


# As many as a large collection has: its words come again and again.
@lru_cache(maxsize=2**18)
def _stems(token: str) -> tuple[str, ...]:
    return tuple(_stemmer().stemWords(list(_forms(token.lower()))))


def _forms(token: str) -> Iterator[str]:
    plain = re.sub(r"['’](s|re|ve|ll|d|m)$", "", token)
    plain = re.sub(r"['’]", "", plain)
    if "-" in plain:
        yield plain.replace("-", "")
    for part in plain.split("-"):
        if part and part not in STOP_WORDS:
            yield part


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
