"""Reader notes: what was found, agreed and cited in a decision, in words to be listed beside it."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from msgspec import Struct

from corpus.records import FindingKind, LawCited, Remedy, RemedyKind
from service.shown import CaseworkRead
from service.wording import pounds

_FINDINGS = {
    FindingKind.FAULT: "Fault",
    FindingKind.NO_FAULT: "No fault",
    FindingKind.NOT_INVESTIGATED: "Not investigated",
}
_REMEDIES = {
    RemedyKind.APOLOGY: "Apology",
    RemedyKind.PAYMENT: "Payment",
    RemedyKind.SERVICE_IMPROVEMENT: "Change to how the service works",
    RemedyKind.TRAINING: "Training",
    RemedyKind.RECORDS: "Correction of records",
    RemedyKind.OTHER: "Other action",
}
_WHOM = {RemedyKind.TRAINING: "For", RemedyKind.RECORDS: "Of"}
_INJUSTICE = {True: "It caused injustice.", False: "It caused no injustice.", None: ""}


class ShownFinding(Struct, frozen=True, kw_only=True):
    """What was found of one issue, in words."""

    found: str
    issue: str
    injustice: str
    paragraph: int


class ShownRemedy(Struct, frozen=True, kw_only=True):
    """One thing that puts matters right, in words."""

    what: str
    whom: str
    deadline: str | None
    state: str
    paragraph: int


class ShownLaw(Struct, frozen=True, kw_only=True):
    """A law cited: its title, and each provision with the paragraphs that cite it."""

    title: str
    provisions: tuple[tuple[str, tuple[int, ...]], ...]


class Notes(Struct, frozen=True, kw_only=True):
    """What a caseworker would note of a decision, in words.

    Attributes:
        findings: What was found.
        remedies: What puts matters right.
        law: What was cited, by title.
    """

    findings: tuple[ShownFinding, ...]
    remedies: tuple[ShownRemedy, ...]
    law: tuple[ShownLaw, ...]


def notes(casework: CaseworkRead) -> Notes:
    """What was noted of a decision, in words."""
    return Notes(
        findings=tuple(
            ShownFinding(
                found=_FINDINGS[f.finding],
                issue=f.issue,
                injustice=_INJUSTICE[f.injustice],
                paragraph=f.paragraph,
            )
            for f in casework.findings
        ),
        remedies=tuple(
            ShownRemedy(
                what=_remedy(r),
                whom=f"{_WHOM.get(r.kind, 'To')}: {r.to}" if r.to else "",
                deadline=r.deadline,
                state=_state(r),
                paragraph=r.paragraph,
            )
            for r in casework.remedies
        ),
        law=tuple(_law(casework.law)),
    )


def noted_of(casework: CaseworkRead, number: int) -> tuple[str, ...]:
    """What is found and agreed in the paragraph of this number, each once."""
    found = [
        _FINDINGS[f.finding]
        if f.finding is FindingKind.NOT_INVESTIGATED
        else f"Found: {_FINDINGS[f.finding].lower()}"
        for f in casework.findings
        if f.paragraph == number
    ]
    agreed = [
        f"{_state(r)}: {_remedy(r).lower()}" for r in casework.remedies if r.paragraph == number
    ]
    return tuple(dict.fromkeys((*found, *agreed)))


def _state(remedy: Remedy) -> str:
    return "Done already" if remedy.done else "Agreed"


def _remedy(remedy: Remedy) -> str:
    what = _REMEDIES[remedy.kind]
    return what if remedy.amount_pence is None else f"{what} of {pounds(remedy.amount_pence)}"


def _law(cited: Sequence[LawCited]) -> Iterator[ShownLaw]:
    """The laws cited by title, each provision with the paragraphs that cite it."""
    title = attrgetter("title")
    for name, laws in groupby(sorted(cited, key=title), key=title):
        provisions: dict[str, dict[int, None]] = {}
        for law in laws:
            provisions.setdefault(law.provision or "", {})[law.paragraph] = None
        yield ShownLaw(
            title=name,
            provisions=tuple((provision, tuple(where)) for provision, where in provisions.items()),
        )
