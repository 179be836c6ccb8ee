"""Publishers: who publishes decisions, how they number them and where their pages are."""

import re
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Publisher(Struct, frozen=True, kw_only=True):
    """What ``publishers.toml`` says of one publisher.

    Attributes:
        name: As it calls itself.
        reference: Pattern of its case references, in any spelling.
        examples: References that the pattern must fit.
        counter_examples: Texts that it must not fit.
        address: Page of a decision; ``{category}`` and ``{reference}`` are filled in.
        notice: The acknowledgement that its terms ask for.
        marker: Words that tell its files from the others'.
        default: Whether a file that shows neither marker nor reference is taken for its.
    """

    name: str
    reference: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    address: str
    notice: str
    marker: str | None = None
    default: bool = False

    def address_of(self, reference: str | None, category: tuple[str, ...]) -> str | None:
        """The decision's page, or None where reference or category are unknown."""
        if not reference or not category:
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
    """Normalise a reference to ``18 019 617``.

    >>> normal_reference("18-019-617")
    '18 019 617'
    >>> normal_reference("23019903A")
    '23 019 903a'

    Raises:
        BadReference: The text is not such a reference.
    """
    match = re.fullmatch(r"\s*(\d{2})[ -]?(\d{3})[ -]?(\d{3})([A-Za-z]?)\s*", text)
    if not match:
        raise BadReference(f"{text!r} is not a case reference such as '18 019 617'")
    return f"{match[1]} {match[2]} {match[3]}{match[4].lower()}"


def slug(text: str) -> str:
    """The words in lower case, joined by hyphens, as the publisher writes its addresses.

    >>> slug("Children's care services")
    'children-s-care-services'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
