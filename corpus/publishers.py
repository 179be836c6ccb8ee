"""Publishers: who publishes decisions, how they number them and where their pages are."""

import re
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from corpus.headings import KnownHeading


class Publisher(Struct, frozen=True, kw_only=True):
    """What ``publishers.toml`` says of one publisher.

    Attributes:
        name: As it calls itself.
        reference: Pattern of its case references, in any spelling.
        normal: How a reference is written, from the groups of its pattern.
        examples: References that the pattern must fit.
        counter_examples: Texts that it must not fit.
        notice: The acknowledgement that its terms ask for.
        address: Page of a decision, ``{category}`` and ``{reference}`` to be filled in; None where
            its form is not known.
        headings: Headings of its own.
        marker: Words that tell its files from the others'.
        default: Whether a file that shows neither marker nor reference is taken for its.
    """

    name: str
    reference: str
    normal: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    notice: str
    address: str | None = None
    headings: tuple[KnownHeading, ...] = ()
    marker: str | None = None
    default: bool = False

    def normal_form(self, text: str) -> str:
        """A reference of this publisher's as it is written.

        Raises:
            BadReference: The text is none.
        """
        match = re.fullmatch(self.reference, text.strip())
        if not match:
            raise BadReference(f"{text!r} is not a reference of the {self.name}")
        first, *others = match.groups()
        return self.normal.format(first.upper(), *(part.lower() for part in others))

    def address_of(self, reference: str | None, category: tuple[str, ...]) -> str | None:
        """The decision's page, or None where a part of its address is unknown."""
        if self.address is None or not reference or not category:
            return None
        return self.address.format(
            category="/".join(slug(part) for part in category), reference=slug(reference)
        )


class BadReference(ValueError):
    """The text is not a case reference."""


@cache
def publishers() -> dict[str, Publisher]:
    """Every publisher by its key, in the order of ``publishers.toml``."""
    return msgspec.toml.decode(
        files("corpus").joinpath("publishers.toml").read_bytes(), type=dict[str, Publisher]
    )


def publisher_of(text: str, title: str | None) -> str:
    """Key of the publisher of a file with this text and title line."""
    for key, publisher in publishers().items():
        if publisher.marker and publisher.marker in text[:2000]:
            return key
        if title and re.search(rf"\({publisher.reference}\)", title):
            return key
    return next(key for key, publisher in publishers().items() if publisher.default)


def normal_reference(text: str) -> str:
    """Normalise a reference to the form of the first publisher whose it can be.

    >>> normal_reference("18-019-617")
    '18 019 617'
    >>> normal_reference("23019903A")
    '23 019 903a'
    >>> normal_reference("p-004648")
    'P-004648'

    Raises:
        BadReference: The text is no publisher's reference.
    """
    for publisher in publishers().values():
        if re.fullmatch(publisher.reference, text.strip()):
            return publisher.normal_form(text)
    raise BadReference(f"{text!r} is not a case reference such as '18 019 617'")


def slug(text: str) -> str:
    """The words in lower case, joined by hyphens, as the publisher writes its addresses.

    >>> slug("Children's care services")
    'children-s-care-services'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
