"""Cross-references: where a paragraph names other paragraphs of the same decision."""

import re
from collections.abc import Iterator, Sequence

from corpus.model import Paragraph, Span
from corpus.records import CrossReference
from corpus.wording import small

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: n for n, word in enumerate(_ONES, 1)} | {
    tens + (f"-{ones}" if ones else ""): ten * 10 + n
    for ten, tens in enumerate(_TENS, 2)
    for n, ones in enumerate(("", *_ONES[:9]))
}

_IN_WORDS = (
    rf"(?:(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES[:9])}))?|{'|'.join(reversed(_ONES))})\b"
)
# Neither 4.12.1 nor 1(2) nor 35B numbers a paragraph of a decision; 12(a) names an item of one.
_NUMBER = rf"(?:\d{{1,3}}(?!\w|[.,]\d|\(\d|%)(?:\([a-z]{{1,4}}\))?|{_IN_WORDS})"
_RUN = rf"{_NUMBER}(?:(?: to | ?[-–] ?){_NUMBER})?"
_NAMED = re.compile(
    rf"\b(?:(?:paragraphs|paras\.?) (?P<many>{_RUN}(?:, {_RUN}){{0,20}}(?:,? (?:and|or|&) {_RUN})?)"
    # "In paragraph 5, 20 days" and "paragraph 5 and 20 letters" name one.
    rf"|para(?:graph|\.)? (?P<one>{_NUMBER}(?: ?[-–] ?{_NUMBER})?))"
    r"(?: \(?(?P<where>above|below)\b\)?)?",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?P<to> to | ?[-–] ?)?(?P<number>\b\d{{1,3}}\b|{_IN_WORDS})", re.IGNORECASE)
_NEIGHBOUR = re.compile(
    r"\bthe (?:(?P<back>(?:previous|preceding) paragraph|paragraph (?:immediately )?above)"
    r"|next paragraph|paragraph (?:immediately )?below)\b(?! \d)",
    re.IGNORECASE,
)

# Other documents have paragraphs too: the words before or after a mention say so.
_DOCUMENT = (
    r"(?:acts?|regulations|orders?|rules|codes?|guidance|guidelines?|framework|polic(?:y|ies)"
    r"|procedures?|schemes?|schedules?|annex|appendix|circular|manual|handbook|letters?|emails?"
    r"|reports?|reviews?|plans?|assessments?|agreements?|lease|contract|tenancy|notices?|forms?"
    r"|minutes|notes?|judgments?|statements?|drafts?|nppf|bundle|protocols?|standards|principles"
    r"|documents?|charter)"
)
_OURS_AFTER = re.compile(
    r" (?:of|in) (?:this|my|our) (?:final )?(?:decision(?: statement)?|statement|report)\b", re.I
)
_THEIRS_AFTER = re.compile(
    rf"[”’\"']? (?:of\b|in (?:[\w’'-]{{1,25}} ){{0,3}}{_DOCUMENT}\b"
    r"|to (?:the )?(?:schedule|annex)\b)",
    re.IGNORECASE,
)
_YEAR = r"(?: \(?(?:19|20)\d\d\)?)?[”’\"']?"
_THEIRS_BEFORE = re.compile(
    rf"\b(?:{_DOCUMENT}|(?:schedule|annex|appendix|part|chapter) \w{{1,4}}){_YEAR}"
    r"(?:,|:| (?:says|states|said|stated|provides|explains),?(?: at| in| under)?)? $"
    # "Its note at paragraph 22" is a note that the decision describes there; a Code is not.
    rf"|(?-i:\b(?:Act|Regulations|Order|Rules|Code|Guidance|Framework|NPPF|Procedures|Circular)"
    rf"|\b(?:Schedule|Annex|Appendix|Part|Chapter) \w{{1,4}}){_YEAR},? (?:at|in|under) $",
    re.IGNORECASE,
)


def cross_references(paragraphs: Sequence[Paragraph]) -> Iterator[CrossReference]:
    """Mentions of other paragraphs, in order.

    Args:
        paragraphs: All paragraphs of one decision. A mention of one that is not among them is of
            another document's, and so is one inside quotation marks or beside such a document's
            name.
    """
    numbers = [paragraph.number for paragraph in paragraphs]
    for place, paragraph in enumerate(paragraphs):
        # Every mention holds these letters, and few paragraphs do.
        if "para" not in small(paragraph.words):
            continue
        found = [
            *_named(paragraph.words, frozenset(numbers)),
            *_neighbours(paragraph.words, numbers, place),
        ]
        for span, meant in sorted(found):
            if targets := tuple(sorted(meant - {paragraph.number})):
                yield CrossReference(paragraph=paragraph.number, span=span, targets=targets)


def numbering_holds(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the decision's own words agree with the numbers that its paragraphs were given.

    "Paragraph four (above)" must be a paragraph that stands above. One that does not, or is not
    there at all, shows that the count went wrong.
    """
    numbers = [paragraph.number for paragraph in paragraphs]
    for place, paragraph in enumerate(paragraphs):
        # Few paragraphs say either word, and looking for numbers costs more.
        lower = paragraph.words.lower()
        if "above" not in lower and "below" not in lower:
            continue
        for m in _NAMED.finditer(paragraph.words):
            if m["where"] and _is_ours(paragraph.words, m):
                there = numbers[:place] if m["where"].lower() == "above" else numbers[place + 1 :]
                if not _expand(m["many"] or m["one"]) <= set(there):
                    return False
    return True


def _named(words: str, numbers: frozenset[int]) -> Iterator[tuple[Span, frozenset[int]]]:
    """Paragraphs named by number, where all of them exist."""
    for m in _NAMED.finditer(words):
        meant = _expand(m["many"] or m["one"])
        if meant and meant <= numbers and _is_ours(words, m):
            yield Span(m.start(), m.end()), meant


def _neighbours(
    words: str, numbers: Sequence[int], place: int
) -> Iterator[tuple[Span, frozenset[int]]]:
    """The paragraph before or after, where there is one."""
    for m in _NEIGHBOUR.finditer(words):
        there = place - 1 if m["back"] else place + 1
        if 0 <= there < len(numbers) and _is_ours(words, m):
            yield Span(m.start(), m.end()), frozenset((numbers[there],))


def _expand(listed: str) -> frozenset[int]:
    """The numbers of a list, those between "12 to 14" included; none if one runs backwards.

    >>> sorted(_expand("3, five and 12 to 14"))
    [3, 5, 12, 13, 14]
    """
    meant: list[int] = []
    for part in _PART.finditer(listed):
        text = part["number"].lower()
        number = _WORDS.get(text) or int(text)
        if part["to"] and meant:
            if number <= meant[-1]:
                return frozenset()
            meant += range(meant[-1] + 1, number)
        meant.append(number)
    return frozenset(meant)


def _is_ours(words: str, m: re.Match[str]) -> bool:
    """Whether a mention is of this decision's paragraphs, as far as the words about it tell."""
    before, after = words[max(0, m.start() - 80) : m.start()], words[m.end() : m.end() + 120]
    if words.count("“", 0, m.start()) > words.count("”", 0, m.start()):
        return False
    if _OURS_AFTER.match(after):
        return True
    return not _THEIRS_AFTER.match(after) and not _THEIRS_BEFORE.search(before)
