"""Verification words: how a verdict is said to a person."""

from collections.abc import Iterable, Sequence

from service.collection import SHORT
from service.differences import DifferenceExtent
from service.verification import (
    QuotationCheck,
    ReferenceCheck,
    Standing,
    StatusCounts,
    Unchecked,
    UncheckedCount,
    Verdict,
    VerifyStatus,
)

_STANDING = {
    Standing.OTHER_PARAGRAPH: "It stands in another paragraph than the one that the text names.",
    Standing.ELSEWHERE: "It stands in another decision than the one that the text names.",
    Standing.UNNUMBERED: (
        "Our copy of that decision shows no paragraph numbers, so the one named cannot be checked."
    ),
}
_EXTENT = {
    DifferenceExtent.PUNCTUATION: (
        "Only punctuation, capitals or typography differ from what was published."
    ),
    DifferenceExtent.MARKED: (
        "What was left out or put in is marked as such; otherwise only punctuation differs from "
        "what was published."
    ),
    DifferenceExtent.WORDS: "The words differ from what was published.",
}
_UNCHECKED = {
    Unchecked.TOO_SHORT: (
        "{} phrase of fewer than three words",
        "{} phrases of fewer than three words",
    ),
    Unchecked.TOO_LONG: (
        "{} quotation longer than any paragraph",
        "{} quotations longer than any paragraph",
    ),
    Unchecked.TOO_MANY: (
        "{} beyond the most that are checked at once",
        "{} beyond the most that are checked at once",
    ),
    Unchecked.UNPAIRED_MARK: (
        "what stands at {} quotation mark without its other half",
        "what stands at {} quotation marks without their other halves",
    ),
}


def explain_reference(check: ReferenceCheck) -> str:
    """The status of a reference in words."""
    if check.status is VerifyStatus.NOT_IN_THIS_COLLECTION:
        return "This decision is not in this collection, which is not to say that none exists."
    if check.status is VerifyStatus.AMBIGUOUS:
        return f"{len(check.decisions)} decisions in this collection have this reference."
    if check.status is VerifyStatus.DIFFERS:
        numbers = ", ".join(map(str, check.missing_paragraphs))
        return f"The decision is here, but it has no paragraph {numbers}."
    return "The decision is here. What the text says of it in its own words was not checked."


def explain_quotation(check: QuotationCheck) -> str:
    """The status of a quotation in words."""
    parts = [_where(check)]
    if check.differs_in:
        parts.append(_EXTENT[check.differs_in])
    if check.attributed_to and check.places:
        parts.append(_STANDING.get(check.attributed_to.standing, ""))
    if is_a_partys(check):
        parts.append("It is what a party said or complained of, and no finding.")
    return " ".join(part for part in parts if part)


def is_a_partys(check: QuotationCheck) -> bool:
    """Whether a quotation is a party's word wherever it stands."""
    return bool(check.places) and all(place.is_a_partys for place in check.places)


def _where(check: QuotationCheck) -> str:
    standing = check.attributed_to.standing if check.attributed_to else None
    if standing is Standing.NOT_IN_THIS_COLLECTION:
        found = " The same words stand in what is shown." if check.places else ""
        return f"The decision that the text names is not in this collection.{found}"
    if not check.places:
        said = (
            "No such words, or anything like them, were found in this collection"
            if standing is not Standing.NOWHERE
            else "No such words, or anything like them, were found where the text says or elsewhere"
        )
        short = len(check.text.split()) <= SHORT
        where = " It is short, so only the paragraphs most like it were searched." if short else ""
        return f"{said}.{where}"
    first = check.places[0].citation.label
    if check.status is VerifyStatus.AMBIGUOUS:
        return (
            f"Word for word in several decisions, of which the text names none: {first}, and more."
        )
    if check.words_are_exact:
        return f"Word for word in {first}."
    return f"Closest to {first}."


def summarise(
    verdict: Verdict,
    references: Sequence[ReferenceCheck],
    quotations: Sequence[QuotationCheck],
    unchecked: Sequence[UncheckedCount],
) -> str:
    """The verdict on a whole text in words, with all that is not exact or was not checked."""
    parts = [_VERDICT[verdict]]
    for name, checks in (("reference", references), ("quotation", quotations)):
        if checks:
            parts.append(f"{_of(len(checks), name)}: {_counted(checks)}.")
    if partys := sum(map(is_a_partys, quotations)):
        are = "is" if partys == 1 else "are"
        parts.append(
            f"{_of(partys, 'quotation')} {are} what a party said or complained of, and no finding."
        )
    if unchecked:
        parts.append(f"Not checked: {'; '.join(_left(u) for u in unchecked)}.")
    return " ".join(parts)


_VERDICT = {
    Verdict.ALL_EXACT: (
        "Every quotation is word for word as published, and every reference is in this collection. "
        "What the text says in its own words was not checked."
    ),
    Verdict.REFERENCES_ONLY: (
        "Every reference is in this collection, but nothing is quoted, so nothing that the text "
        "says of these decisions was checked."
    ),
    Verdict.NOT_ALL_EXACT: "Not everything in this text could be confirmed.",
    Verdict.NOTHING_TO_CHECK: "This text has no case reference and no quotation to check.",
}
_STATUS = {
    VerifyStatus.EXACT: "exact",
    VerifyStatus.DIFFERS: "differing from what was published or from where it stands",
    VerifyStatus.NOT_IN_THIS_COLLECTION: "not in this collection",
    VerifyStatus.AMBIGUOUS: "in several decisions",
}


def counts(checks: Iterable[ReferenceCheck | QuotationCheck]) -> StatusCounts:
    """How many have each status."""
    found = [check.status for check in checks]
    return StatusCounts(**{status.value: found.count(status) for status in VerifyStatus})


def _counted(checks: Sequence[ReferenceCheck | QuotationCheck]) -> str:
    found = [check.status for check in checks]
    return ", ".join(f"{found.count(s)} {said}" for s, said in _STATUS.items() if s in found)


def _of(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _left(unchecked: UncheckedCount) -> str:
    one, many = _UNCHECKED[unchecked.reason]
    return (one if unchecked.count == 1 else many).format(unchecked.count)
