"""Personal details: what a question tells of somebody that it need not, noticed and forgotten."""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct
from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum.gb import nhs

from corpus.case_references import references_in
from corpus.wording import filled


class DetailKind(StrEnum):
    """What was noticed. ``child`` is a name beside an age; ``address`` a street or a postcode."""

    CHILD = "child"
    ADDRESS = "address"
    NHS_NUMBER = "nhs_number"
    PHONE = "phone"
    EMAIL = "email"
    DATE_OF_BIRTH = "date_of_birth"
    NATIONAL_INSURANCE = "national_insurance"


class PersonalDetails(Struct, frozen=True, kw_only=True):
    """That a question holds personal details, and never which.

    Attributes:
        kinds: What was noticed, in the order of `DetailKind`.
        warning: For the asker; it names the kinds.
    """

    kinds: tuple[DetailKind, ...]
    warning: str


class Wording(Struct, frozen=True, kw_only=True):
    """One row of ``personal_details.toml``.

    Attributes:
        kind: What a text holds that it fits.
        pattern: What must stand in the text.
        examples: Texts that it must fit.
        fair: Texts like them that hold no detail of any kind.
    """

    kind: DetailKind
    pattern: str
    examples: tuple[str, ...]
    fair: tuple[str, ...]


class Table(Struct, frozen=True, kw_only=True):
    """All of ``personal_details.toml``."""

    kinds: dict[DetailKind, str]
    phrases: dict[str, str]
    wording: tuple[Wording, ...]


@cache
def table() -> Table:
    """What ``personal_details.toml`` says."""
    source = files("service").joinpath("personal_details.toml").read_bytes()
    return msgspec.toml.decode(source, type=Table)


def personal_details(text: str) -> PersonalDetails | None:
    """What a text tells of somebody that a search does not need; None where it is nothing.

    >>> personal_details("my son Sam, 7, was moved").kinds
    (<DetailKind.CHILD: 'child'>,)
    >>> personal_details("see 18 019 617, paragraph 27")
    """
    noticed = set(_noticed(text))
    kinds = tuple(kind for kind in DetailKind if kind in noticed)
    if not kinds:
        return None
    return PersonalDetails(kinds=kinds, warning=_warning([table().kinds[kind] for kind in kinds]))


def _warning(names: list[str]) -> str:
    named = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return (
        f"Your question seems to hold {named}. Upheld does not need this to find decisions: "
        "it is safer to leave it out."
    )


def _noticed(text: str) -> Iterator[DetailKind]:
    words = _without_references(_plain(text))
    for wording in table().wording:
        if _compiled(wording.pattern).search(words):
            yield wording.kind
    rest = _NHS.sub(_blank_if_valid, words)
    if rest != words:
        yield DetailKind.NHS_NUMBER
    # A number that nobody has yet is noticed as well: one digit may be mistyped.
    numbers = PhoneNumberMatcher(rest, "GB", leniency=Leniency.POSSIBLE)
    if any(_PEOPLES.match(number.raw_string) for number in numbers):
        yield DetailKind.PHONE


# Numbers that begin 03, 08 and 09 belong to organisations.
_PEOPLES = re.compile(r"\(?0[127]|\+44 ?(?:\(0\) ?)?[127]|\+(?!44)\d")

# A telephone number begins with a nought, an NHS number never does.
_NHS = re.compile(r"(?<![\w+-])[1-9]\d{2}([ -]?)\d{3}\1\d{4}(?![\w-])")


def _blank_if_valid(candidate: re.Match[str]) -> str:
    return " " if nhs.is_valid(candidate[0]) else candidate[0]


def _plain(text: str) -> str:
    """The text in plain letters, single-spaced, without what has no width."""
    composed = unicodedata.normalize("NFKC", text)
    return " ".join("".join(c for c in composed if unicodedata.category(c) != "Cf").split())


def _without_references(text: str) -> str:
    for span, _ in references_in(text):
        text = text[: span.start] + "#" * (span.end - span.start) + text[span.end :]
    return text


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of ``personal_details.toml`` with the phrases that it names."""
    # A phrase may name those before it.
    phrases = dict(reversed(table().phrases.items()))
    return re.compile(filled(pattern, phrases), re.IGNORECASE)
