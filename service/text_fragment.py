"""Text fragments: addresses of the publisher's page that open at the very words.

https://wicg.github.io/scroll-to-text-fragment/: ``#:~:text=start`` or ``#:~:text=start,end``.
"""

from functools import cache
from urllib.parse import quote, urlsplit

from corpus.publishers import publishers

_WHOLE = 200
"""Characters up to which the words are spelt out; of longer ones, how they begin and end."""

_FEWEST, _MOST = 4, 14
"""Words with which a beginning or an end is named, as many as tell it from others."""

_LEADS_NOWHERE = ".example/"
"""A reserved top-level domain (RFC 2606), in which the pages of the samples are."""


@cache
def publishers_sites() -> tuple[str, ...]:
    """How the addresses begin that a page may link as the publisher's: each leads somewhere.

    >>> publishers_sites()
    ('https://www.lgo.org.uk/',)
    """
    addresses = [known.address for known in publishers().values() if known.address]
    sites = [f"https://{urlsplit(address).netloc}/" for address in addresses]
    return tuple(site for site in sites if not site.endswith(_LEADS_NOWHERE))


def is_publishers(url: str | None) -> bool:
    """Whether this is the address of a page at a publisher's, and so may be linked.

    >>> is_publishers("https://www.lgo.org.uk/decisions/a/b/18-019-617")
    True
    >>> is_publishers("https://www.lgo.org.uk.elsewhere.net/decisions")
    False
    """
    return url is not None and url.startswith(publishers_sites())


def at_words(page: str, words: str, within: str) -> str:
    """A page's address that opens at some of its words.

    A browser that knows no text fragments opens the page at its top.

    Args:
        page: Address without a fragment.
        words: Those to open at; each line stands in a block of its own.
        within: All words of the page, by which a beginning is told from others.

    >>> at_words("https://a.example/b", "It was late, and so on.", "It was late, and so on.")
    'https://a.example/b#:~:text=It%20was%20late%2C%20and%20so%20on.'
    """
    lines = [line for line in words.split("\n") if line.strip()]
    if not lines:
        return page
    if len(lines) == 1 and len(words) <= _WHOLE:
        return f"{page}#:~:text={_encoded(lines[0])}"
    start, end = _beginning(lines[0], within), _ending(lines[-1], words)
    if len(lines) == 1 and len(start) + len(end) >= len(lines[0]):
        return f"{page}#:~:text={_encoded(lines[0])}"
    return f"{page}#:~:text={_encoded(start)},{_encoded(end)}"


def _beginning(line: str, within: str) -> str:
    """As many first words of a line as stand but once in the whole."""
    parts = line.split(" ")
    for n in range(_FEWEST, _MOST):
        if within.count(start := " ".join(parts[:n])) <= 1:
            return start
    return " ".join(parts[:_MOST])


def _ending(line: str, words: str) -> str:
    """As many last words of a line as stand but once in what is opened."""
    parts = line.split(" ")
    for n in range(_FEWEST, _MOST):
        if words.count(end := " ".join(parts[-n:])) <= 1:
            return end
    return " ".join(parts[-_MOST:])


def _encoded(words: str) -> str:
    # A dash or a comma would be read as a part of the directive, an ampersand as its end. Half a
    # surrogate pair is no character.
    return quote(words, safe="", errors="replace").replace("-", "%2D")
