"""Browse page: the decisions listed, counted and narrowed, and looked through for words."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from anyio import to_thread
from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from msgspec import Struct

from corpus.model import Decision
from corpus.sentences import sentence_spans
from index.catalogue import Catalogue, Sort
from index.hybrid import HybridRetriever
from index.outcomes import outcomes
from service.answer import CitedParagraph
from service.browse_charts import Chart, charts
from service.browse_facets import Choice, Group, groups, narrowed_to, orders
from service.browse_query import BadField, BadQuery, Query, read_query
from service.browse_words import (
    MOST_LETTERS,
    BadWords,
    WordsFound,
    best_paragraphs,
    find_words,
)
from service.desk import Desk
from service.notices import notice
from service.page import page

PER_PAGE = 20

_SUMMARY = 300
"""Characters of a summary after which no further sentence is shown."""


class Item(Struct, frozen=True, kw_only=True):
    """A decision as it is listed.

    Attributes:
        decision: It.
        summary: The first sentences of the publisher's summary; empty where there is none.
        is_cut: Whether the summary has more.
        paragraph: With words looked for, the best one.
        lacking: Those of the words that the paragraph does not hold.
    """

    decision: Decision
    summary: str
    is_cut: bool
    paragraph: CitedParagraph | None
    lacking: tuple[str, ...]


class View(Struct, frozen=True, kw_only=True):
    """What the page shows.

    Attributes:
        query: What was asked for.
        words: What is looked for within it, as typed; empty without.
        total: How many decisions the list has.
        pages: How many pages they fill.
        items: Those of this page.
        orders: In which it can be.
        narrowed: What it is narrowed to; each leads to the list without it.
        groups: What it can be narrowed to next.
        charts: What became of the complaints; none for an empty list.
        without_words: How many decisions an empty list would have without the words.
    """

    query: Query
    words: str = ""
    total: int = 0
    pages: int = 0
    items: tuple[Item, ...] = ()
    orders: tuple[Choice, ...] = ()
    narrowed: tuple[Choice, ...] = ()
    groups: tuple[Group, ...] = ()
    charts: tuple[Chart, ...] = ()
    without_words: int = 0


@get("/decisions")
async def browse(
    request: Request[object, object, State], desk: NamedDependency[SkipValidation[Desk]]
) -> Response[str]:
    """The decisions, narrowed as the address says."""
    given = first_of_each(request.query_params.multi_items())
    return await to_thread.run_sync(_answer, desk, given, "")


@post("/decisions", status_code=200)
async def browse_words(
    request: Request[object, object, State], desk: NamedDependency[SkipValidation[Desk]]
) -> Response[str]:
    """Those of the decisions with a paragraph that holds the words in the form.

    Words that are looked for stand in no address, and so in no log or history.
    """
    desk.require_room()
    form = first_of_each((await request.form()).multi_items())
    given = first_of_each(parse_qsl(form["go"])) if "go" in form else form
    return await desk.run(_answer, desk, given, " ".join(form.get("words", "").split()))


browse_router = Router("/", route_handlers=[browse, browse_words])


def first_of_each(fields: Iterable[tuple[str, object]]) -> dict[str, str]:
    """The fields of an address or a form; of several by one name the first, and no files."""
    given: dict[str, str] = {}
    for name, value in fields:
        if isinstance(value, str):
            given.setdefault(name, value)
    return given


def _answer(desk: Desk, given: Mapping[str, str], words: str) -> Response[str]:
    retriever = desk.answerer.retriever
    try:
        query = read_query(given, Sort)
        found = find_words(retriever, words) if words else None
    except BadQuery as error:
        return _shown(desk, View(query=Query(), words=words), given, error.fields)
    except BadWords as error:
        bad = (BadField("words", str(error)),)
        return _shown(desk, View(query=Query(), words=words), given, bad)
    view = _view(retriever, query, words, found)
    if query.page > max(view.pages, 1):
        return no_such_page(desk, view.pages)
    return _shown(desk, view, query.fields)


def no_such_page(desk: Desk, pages: int) -> Response[str]:
    """A page that says how many pages a list has."""
    sample = desk.answerer.snapshot.sample
    return page(
        "error.html",
        status=404,
        title="There is no such page",
        detail=f"This list has {pages} {'page' if pages == 1 else 'pages'}.",
        here="decisions",
        sample=sample,
        notice=notice((), sample=sample),
    )


def _shown(
    desk: Desk, view: View, fields: Mapping[str, str], bad: tuple[BadField, ...] = ()
) -> Response[str]:
    sample = desk.answerer.snapshot.sample
    return page(
        "browse.html",
        status=400 if bad else 200,
        view=view,
        fields=fields,
        bad={field.field: field.message for field in bad},
        most_letters=MOST_LETTERS,
        here="decisions",
        sample=sample,
        notice=notice((i.decision.publisher for i in view.items), sample=sample),
    )


def _view(retriever: HybridRetriever, query: Query, words: str, found: WordsFound | None) -> View:
    path = retriever.snapshot.tables.path
    catalogue = Catalogue(path)
    among = found.decisions if found else None
    narrowing = query.narrowed(among=among).narrowing
    listed = catalogue.page(
        narrowing,
        sort=Sort(query.sort) if query.sort else None if found else Sort.NEWEST,
        offset=(query.page - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    ids = tuple(d.decision_id for d in listed.decisions)
    paragraphs = best_paragraphs(retriever, found, ids) if found else {}

    def has(query: Query) -> int | None:
        """How many decisions another list has, which is told instead of an empty one."""
        narrowing = query.narrowed(among=among).narrowing
        return None if listed.total else catalogue.count(narrowing)

    return View(
        query=query,
        words=words,
        total=listed.total,
        pages=-(-listed.total // PER_PAGE),
        items=tuple(_item(d, paragraphs.get(d.decision_id), found) for d in listed.decisions),
        orders=orders(query, has_words=found is not None),
        narrowed=tuple(
            Choice(label=label, query=without.text, count=has(without))
            for label, without in narrowed_to(query)
        ),
        groups=groups(query, listed.facets),
        charts=charts(outcomes(path, narrowing)) if listed.total else (),
        without_words=catalogue.count(query.narrowing) if found and not listed.total else 0,
    )


def _item(decision: Decision, paragraph: CitedParagraph | None, found: WordsFound | None) -> Item:
    whole = decision.summary or ""
    summary = beginning(whole)
    return Item(
        decision=decision,
        summary=summary,
        is_cut=len(summary) < len(whole.strip()),
        paragraph=paragraph,
        lacking=found.lacking(decision.decision_id) if found else (),
    )


def beginning(text: str) -> str:
    """The first sentences of a text, up to the one with which it is long enough.

    >>> beginning("A late bus. " * 40)[-12:]
    ' A late bus.'
    """
    spans = list(sentence_spans(text))
    if not spans:
        return ""
    last = next((span for span in spans if span.end >= _SUMMARY), spans[-1])
    return text[spans[0].start : last.end]
