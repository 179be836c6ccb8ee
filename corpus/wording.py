"""Wording: patterns that ignore case, tried on the form of a text in which they soon fail."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

_ALIKE = {"İ": "i", "ı": "i", "ſ": "s", "\u212a": "k"}  # The last is the kelvin sign.
"""Letters besides the plain capital that a pattern takes for a small one where it ignores case."""

_CAPITAL = re.compile(r"(?<!\\)(?:\\\\)*[A-Z]")


def respelt(text: str, marks: Mapping[str, str]) -> str:
    """The text with some rare letters made others; quicker than `str.translate` where few are."""
    if not text.isascii():
        for mark, plain in marks.items():
            text = text.replace(mark, plain)
    return text


def small(text: str) -> str:
    """The text in small letters, as long as before, for patterns that ignore case.

    >>> small("İT IS")
    'it is'
    """
    return respelt(text, _ALIKE).lower()


def filled(pattern: str, phrases: Mapping[str, str]) -> str:
    """A pattern with the phrases that it names in braces, put in one after the other.

    >>> filled("the {who} said", {"who": "(?:council|school)"})
    'the (?:council|school) said'
    """
    for name, phrase in phrases.items():
        pattern = pattern.replace("{" + name + "}", phrase)
    return pattern


class Wording(Struct, frozen=True):
    """Patterns of which one must fit; those that heed case anywhere are kept apart.

    The others are tried on small letters. That fits the same texts as ignoring case does, and in a
    fraction of the time, since the letters with which a pattern begins can be looked for.
    """

    plain: re.Pattern[str] | None
    heeding: re.Pattern[str] | None

    def stands_in(self, text: str, lower: str) -> bool:
        """Whether one fits somewhere in a text, given also in small letters."""
        return (self.plain is not None and self.plain.search(lower) is not None) or (
            self.heeding is not None and self.heeding.search(text) is not None
        )

    def opens(self, text: str, lower: str) -> bool:
        """Whether one fits at the start of a text, given also in small letters."""
        return (self.plain is not None and self.plain.match(lower) is not None) or (
            self.heeding is not None and self.heeding.match(text) is not None
        )


def wording(patterns: Sequence[str]) -> Wording:
    """Patterns that ignore case but inside ``(?-i:...)``, compiled."""
    plain = [p for p in patterns if "(?-i:" not in p and not _CAPITAL.search(p)]
    heeding = [p for p in patterns if p not in plain]
    return Wording(
        re.compile("|".join(plain)) if plain else None,
        re.compile("|".join(heeding), re.IGNORECASE) if heeding else None,
    )


def needed(needs: Sequence[str], lower: str) -> bool:
    """Whether one of what a pattern needs stands in a text in small letters, if it needs any."""
    return not needs or any(map(lower.__contains__, needs))
