"""Browse remedies: what was agreed or done to put matters right, as a table and as a file."""

import csv
import io
from collections.abc import Mapping

from anyio import to_thread
from litestar import Request, Response, Router, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from msgspec import Struct

from corpus.citation import OUTCOME_WORDS, cite
from corpus.records import RemedyKind
from index.catalogue import Facet
from index.remedy_list import ListedRemedy, Payments, RemediesListed, RemedyList, RemedySort
from service.browse_facets import Choice, narrowed_to
from service.browse_page import first_of_each, no_such_page
from service.browse_query import BadField, BadQuery, Query, read_query
from service.desk import Desk
from service.download import download, without_formula
from service.notices import notice
from service.page import page
from service.wording import introduce, pounds

PER_PAGE = 25

MOST_IN_A_FILE = 5_000
"""Remedies; of a longer list the first are in the file, and the page says so."""

KINDS = {
    RemedyKind.APOLOGY: "Apology",
    RemedyKind.PAYMENT: "Payment",
    RemedyKind.SERVICE_IMPROVEMENT: "Service improvement",
    RemedyKind.TRAINING: "Training",
    RemedyKind.RECORDS: "Records put right",
    RemedyKind.OTHER: "Something else",
}

_ORDERS = {
    RemedySort.NEWEST: "Newest first",
    RemedySort.OLDEST: "Oldest first",
    RemedySort.LARGEST: "Largest sum first",
    RemedySort.SMALLEST: "Smallest sum first",
}

_COLUMNS = (
    *("Kind", "Sum in pounds", "Said to be", "Words", "Whose words", "To whom, or of what"),
    *("By when", "Body", "Reference", "Decided", "Outcome", "Paragraph", "Citation", "Address"),
    "Notice",
)


class Row(Struct, frozen=True, kw_only=True):
    """A remedy as the table shows it.

    Attributes:
        listed: It.
        kind: Its kind, in words.
        amount: Its sum; empty where none is written.
        when: Whether it was agreed, or done before the decision.
        introduction: Whose words state it.
        bodies: Those complained about.
        case: The reference, or the file where there is none.
    """

    listed: ListedRemedy
    kind: str
    amount: str
    when: str
    introduction: str
    bodies: str
    case: str


@get("/decisions/remedies")
async def remedies(
    request: Request[object, object, State], desk: NamedDependency[SkipValidation[Desk]]
) -> Response[str]:
    """The remedies of the decisions, narrowed as the address says."""
    given = first_of_each(request.query_params.multi_items())
    return await to_thread.run_sync(_answer, desk, given)


@get("/decisions/remedies.csv")
async def remedies_file(
    request: Request[object, object, State], desk: NamedDependency[SkipValidation[Desk]]
) -> Response[str]:
    """The same list, whichever its page, as a file for a spreadsheet."""
    given = first_of_each(request.query_params.multi_items())
    return await desk.run(_file, desk, given)


remedies_router = Router("/", route_handlers=[remedies, remedies_file])


def sums(payments: Payments | None) -> str:
    """What can be said of the sums of a list, in words.

    >>> sums(Payments(count=22, least=10000, most=150000, median=30000))
    '£100 to £1,500 over 22 payments, median £300'
    >>> sums(Payments(count=1, least=10000, most=10000, median=10000))
    'One payment, of £100'
    """
    if payments is None:
        return ""
    if payments.count == 1:
        return f"One payment, of {pounds(payments.most)}"
    return (
        f"{pounds(payments.least)} to {pounds(payments.most)} over {payments.count:,} payments, "
        f"median {pounds(payments.median)}"
    )


def _answer(desk: Desk, given: Mapping[str, str]) -> Response[str]:
    try:
        query = read_query(given, RemedySort)
    except BadQuery as error:
        return _shown(desk, Query(), None, given, error.fields)
    listed = _list(desk, query, (query.page - 1) * PER_PAGE, PER_PAGE)
    pages = -(-listed.total // PER_PAGE)
    if query.page > max(pages, 1):
        return no_such_page(desk, pages)
    return _shown(desk, query, listed, query.fields)


def _list(desk: Desk, query: Query, offset: int, limit: int) -> RemediesListed:
    return RemedyList(desk.answerer.retriever.snapshot.tables.path).page(
        query.narrowing,
        kind=query.kind,
        sort=RemedySort(query.sort or RemedySort.NEWEST),
        offset=offset,
        limit=limit,
    )


def _shown(
    desk: Desk,
    query: Query,
    listed: RemediesListed | None,
    fields: Mapping[str, str],
    bad: tuple[BadField, ...] = (),
) -> Response[str]:
    sample = desk.answerer.snapshot.sample
    shown = listed.remedies if listed else ()
    return page(
        "remedies.html",
        status=400 if bad else 200,
        query=query,
        listed=listed,
        rows=tuple(map(_row, shown)),
        pages=-(-listed.total // PER_PAGE) if listed else 0,
        sums=sums(listed.payments) if listed else "",
        narrowed=tuple(_narrowed(query)),
        kinds=_choices(listed.kinds if listed else None, KINDS),
        topics=_choices(listed.topics if listed else None, {}),
        orders=_ORDERS,
        most_in_a_file=MOST_IN_A_FILE,
        fields=fields,
        bad={field.field: field.message for field in bad},
        here="decisions",
        sample=sample,
        notice=notice((r.decision.publisher for r in shown), sample=sample),
    )


def _narrowed(query: Query) -> list[Choice]:
    """What the list is narrowed to; each leads to the list without it."""
    without = list(narrowed_to(query))
    if query.kind:
        kind = f"Kind: {KINDS[query.kind]}"
        without.insert(0, (kind, Query(narrowing=query.narrowing, sort=query.sort)))
    return [Choice(label=label, query=other.text) for label, other in without]


def _choices(facet: Facet | None, labels: Mapping[RemedyKind, str]) -> list[tuple[str, str]]:
    """Each value that can be chosen, and what it is called."""
    named = {str(kind): label for kind, label in labels.items()}
    return [
        (v.value, f"{named.get(v.value, v.value)} ({v.count:,})")
        for v in (facet.values if facet else ())
    ]


def _row(listed: ListedRemedy) -> Row:
    decision, paragraph, remedy = listed.decision, listed.paragraph, listed.remedy
    return Row(
        listed=listed,
        kind=KINDS[remedy.kind],
        amount="" if remedy.amount_pence is None else pounds(remedy.amount_pence),
        when="Done before the decision" if remedy.done else "Agreed",
        introduction=introduce(paragraph.role, paragraph.voice, decision.outcome),
        bodies=", ".join(decision.bodies) or "Body unknown",
        case=decision.reference or f"file {decision.source.file}",
    )


def _file(desk: Desk, given: Mapping[str, str]) -> Response[str]:
    try:
        query = read_query(given, RemedySort)
    except BadQuery as error:
        return _shown(desk, Query(), None, given, error.fields)
    listed = _list(desk, query, 0, MOST_IN_A_FILE)
    told = notice(
        (r.decision.publisher for r in listed.remedies), sample=desk.answerer.snapshot.sample
    )
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for row in map(_row, listed.remedies):
        writer.writerow([without_formula(value) for value in (*_values(row), told)])
    return download(written.getvalue(), "csv", "remedies.csv")


def _values(row: Row) -> tuple[str, ...]:
    listed, decision, remedy = row.listed, row.listed.decision, row.listed.remedy
    citation = cite(decision, listed.section, listed.paragraph)
    amount = remedy.amount_pence
    return (
        row.kind,
        "" if amount is None else f"{amount // 100}.{amount % 100:02}",
        row.when,
        listed.words,
        row.introduction,
        remedy.to or "",
        remedy.deadline or "",
        row.bodies,
        decision.reference or "",
        decision.decided.isoformat() if decision.decided else "",
        decision.outcome_text or OUTCOME_WORDS[decision.outcome],
        str(remedy.paragraph),
        citation.label,
        citation.url or "",
    )
