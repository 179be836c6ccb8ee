"""Parties: who complains, and by what names of its own the body complained of is called."""

import re
from collections.abc import Sequence

from msgspec import Struct

from corpus.headings import Stage
from corpus.numbering import Part
from corpus.speakers import body_pattern, names_in
from corpus.wording import needed


class Parties(Struct, frozen=True):
    """The parties of one decision.

    Attributes:
        complainants: Their titled names; empty where none is known.
        own_names: Fits the names that only this decision gives the body, if it gives any.
        hints: One of these stands wherever such a name does, if there are any.
    """

    complainants: frozenset[str] = frozenset()
    own_names: re.Pattern[str] | None = None
    hints: tuple[str, ...] = ()

    def plainly(self, words: str) -> str:
        """Words in which each of the body's own names has become "the Council".

        >>> Parties(own_names=re.compile("TfN")).plainly("Then TfN rang.")
        'Then the Council rang.'
        """
        if self.own_names is None or not needed(self.hints, words):
            return words
        return self.own_names.sub(_plain, words)


_SHORT = r"[^().]{0,40}\((?:the |“|‘|\")?([A-Z][\w&]*(?: [A-Z][\w&]*){0,3})[”’\"]?\)"
_FIRST = 3
"""How many paragraphs may tell by what name the body is called from there on."""


def _plain(found: re.Match[str]) -> str:
    """The plain name, with the capital that the start of a sentence gives it."""
    lead = found.string[: found.start()].rstrip(" ")
    return "The Council" if lead[-1:] in ("", ".", "?", "\n") else "the Council"


def parties_of(parts: Sequence[Part], bodies: Sequence[str]) -> Parties:
    """The parties of a decision: who opens the complaint, and what its text calls the body.

    Args:
        parts: The decision's sections.
        bodies: Their names as the header gives them.
    """
    opening = [draft.text for part in parts for draft in part.paragraphs][:_FIRST]
    text = "\n".join(draft.text for part in parts for draft in part.paragraphs)
    known = re.compile(body_pattern())
    names = {name for name in bodies if not known.fullmatch(name)}
    for name in bodies:
        for words in opening:
            for short in re.findall(re.escape(name) + _SHORT, words):
                if not known.fullmatch(f"the {short}") and not known.fullmatch(short):
                    names.add(short)
    # A report of a case may leave the body without a name and thus without a capital.
    if not bodies and not known.search(text):
        return Parties(_complainants(parts), re.compile(r"\b[Tt]he council\b"))
    own = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    pattern = re.compile(rf"\b(?:[Tt]he )?(?:{own})\b") if names else None
    return Parties(_complainants(parts), pattern, tuple(names))


def _complainants(parts: Sequence[Part]) -> frozenset[str]:
    """The titled names in the sentence that opens the complaint."""
    for part in parts:
        if part.stage is Stage.COMPLAINT and part.paragraphs:
            return names_in(part.paragraphs[0].text.partition(". ")[0])
    return frozenset()
