"""The reader: a decision as it was published, open at the paragraph and the words of a citation."""

from anyio import to_thread
from litestar import Request, Response, Router, get
from litestar.datastructures import MultiDict, State
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from msgspec import Struct

from corpus.model import Span
from corpus.publishers import publishers
from index.snapshot import Snapshot
from service.desk import Desk
from service.page import page
from service.reader_view import shown
from service.reading import read_decision
from service.shown import DecisionRead
from service.similar import similar_decisions
from service.wording import caveat

_REBUILT = (
    "This collection was built again since the link that you followed was made. The decision is "
    "shown as it is now."
)
_MAY_DIFFER = (
    " The words marked stand where the words quoted stood then: compare them before you rely on "
    "them."
)
_NOT_THERE = "The link that you followed names a place that is not in this decision."


class Asked(Struct, frozen=True, kw_only=True):
    """What an address asks for besides the decision.

    Attributes:
        paragraph: Number of the paragraph cited; None where none is named that is there.
        quoted: Its words that are quoted.
        notes: What has to be said of it.
    """

    paragraph: int | None = None
    quoted: Span | None = None
    notes: tuple[str, ...] = ()


@get("/decisions/{publisher:str}/{slug:str}")
async def read(
    request: Request[object, object, State],
    desk: NamedDependency[SkipValidation[Desk]],
    publisher: FromPath[str],
    slug: FromPath[str],
) -> Response[str]:
    """A decision, with the paragraph and the words marked that the address names.

    Raises:
        service.reading.NotHere: There is none.
        service.reading.Gone: It was withdrawn.
    """
    return await to_thread.run_sync(
        _read, desk.answerer.retriever.snapshot, f"{publisher}/{slug}", request.query_params
    )


def asked(query: MultiDict[str], decision: DecisionRead) -> Asked:
    """What a query asks for; what does not fit the decision is left aside, and it is said so.

    Args:
        query: ``paragraph``, ``from`` and ``to`` in its words, and the ``snapshot`` of the link.
        decision: The decision that it is about.
    """
    rebuilt = query.get("snapshot", decision.snapshot.id) != decision.snapshot.id
    paragraphs = {p.number: p.words for s in decision.sections for p in s.paragraphs}
    number, start, end = (_number(query.get(name)) for name in ("paragraph", "from", "to"))
    words = paragraphs.get(number) if number is not None else None
    quoted = (
        Span(start, end)
        if words is not None
        and start is not None
        and end is not None
        and start < end <= len(words)
        and words[start:end].strip()
        else None
    )
    wrong = ("paragraph" in query and words is None) or (
        ("from" in query or "to" in query) and quoted is None
    )
    return Asked(
        paragraph=number if words is not None else None,
        quoted=quoted,
        notes=(
            *([_REBUILT + (_MAY_DIFFER if quoted else "")] if rebuilt else []),
            *([_NOT_THERE] if wrong else []),
        ),
    )


def _number(value: str | None) -> int | None:
    """A number that is written as one, and not too long to be a place in a text."""
    plain = value is not None and value.isascii() and value.isdecimal() and len(value) < 10
    return int(value) if value is not None and plain else None


def _read(snapshot: Snapshot, decision_id: str, query: MultiDict[str]) -> Response[str]:
    decision = read_decision(snapshot, decision_id)
    place = asked(query, decision)
    view = shown(decision, place.paragraph, place.quoted)
    return page(
        "decision.html",
        here="decisions",
        sample=decision.snapshot.sample,
        notice=decision.notice,
        decision=decision,
        view=view,
        place=place,
        caveat=caveat(decision.outcome),
        publisher=publishers().get(decision.publisher),
        similar=similar_decisions(snapshot, decision.decision_id, decision.category),
    )


reader_router = Router("/", route_handlers=[read])
