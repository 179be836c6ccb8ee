"""The ask page: a question typed into a form, and its answer as a page, as text and as a table."""

from collections.abc import Callable
from datetime import datetime

from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import ClientException
from litestar.params import SkipValidation
from msgspec import Struct
from msgspec.structs import replace

from corpus.citation import OUTCOME_WORDS
from corpus.model import Role, Voice
from service.admission import TURNED_AWAY
from service.answer import Answer
from service.asked_form import EARLIER, AskedForm, BadForm, Exchange, Wrong, read_form
from service.desk import Desk
from service.download import download
from service.errors import report
from service.notices import notice
from service.page import page
from service.plain_text import NOT_ADVICE, NOTHING, as_csv, as_text, counted, in_short
from service.questions import MAX_FILTER, MAX_QUESTION
from service.text_fragment import publishers_sites
from service.unavailable import Unavailable

EXAMPLES = (
    "How long may a council take to issue an education, health and care plan?",
    "Can a council refuse school transport because the school is too near?",
    "What must a council do when a family with children is homeless?",
)

ROLE_WORDS = {
    Role.FINDING: "What the Ombudsman found",
    Role.LAW: "Law and guidance",
    Role.REMEDY: "What was agreed to put it right",
    Role.DECISION: "What the Ombudsman decided",
    Role.FACTS: "What happened",
    Role.RESPONSE: "What the organisation said",
    Role.COMPLAINT: "What the complaint was",
    Role.METHOD: "How the Ombudsman looked into it",
    Role.POWERS: "What the Ombudsman may do",
}
VOICE_WORDS = {
    Voice.OMBUDSMAN: "the Ombudsman’s",
    Voice.COMPLAINANT: "the complainant’s",
    Voice.AUTHORITY: "the organisation’s",
    Voice.THIRD_PARTY: "a third party’s",
    Voice.LAW: "the law’s",
    Voice.MIXED: "more than one person’s",
}
FITS = (
    (0.85, "Very likely to bear on your question."),
    (0.65, "Likely to bear on your question."),
    (0.0, "May bear on your question, or only look like it."),
)
"""What is said of a confidence of at least this much."""

Asking = Request[object, object, State]


class Trouble(Struct, frozen=True):
    """Why there is no answer, though nothing is wrong with the question."""

    title: str
    detail: str


_KEPT = "What you typed is still below. This does not mean that nothing was found."
_TOO_MANY = Trouble(
    "Too many questions in a short time",
    f"Many questions have come from your connection. Wait a minute, then ask again. {_KEPT}",
)


@get("/")
async def ask_form(request: Asking, desk: NamedDependency[SkipValidation[Desk]]) -> Response[str]:
    """The form. A question in the address is put into it, and asked only when it is sent."""
    linked = request.query_params.get("q", "")[:MAX_QUESTION]
    return _page(desk, AskedForm(question=linked))


@post("/", status_code=200, opt={TURNED_AWAY: True})
async def ask(request: Asking, desk: NamedDependency[SkipValidation[Desk]]) -> Response[str]:
    """The answer, with the form below for a follow-up."""
    return await _respond(request, desk, lambda form, answer: answer_page(desk, form, answer))


@post("/answer.txt", status_code=200, opt={TURNED_AWAY: True})
async def answer_as_text(
    request: Asking, desk: NamedDependency[SkipValidation[Desk]]
) -> Response[str]:
    """The answer as plain text."""
    origin = str(request.base_url).rstrip("/")
    return await _respond(
        request,
        desk,
        lambda _, answer: download(as_text(answer, origin), "plain", "upheld-answer.txt"),
    )


@post("/answer.csv", status_code=200, opt={TURNED_AWAY: True})
async def answer_as_csv(
    request: Asking, desk: NamedDependency[SkipValidation[Desk]]
) -> Response[str]:
    """The answer as a table."""
    origin = str(request.base_url).rstrip("/")
    return await _respond(
        request,
        desk,
        lambda _, answer: download(as_csv(answer, origin), "csv", "upheld-answer.csv"),
    )


ask_pages = Router("/", route_handlers=[ask_form, ask, answer_as_text, answer_as_csv])


async def _respond(
    request: Asking, desk: Desk, shown: Callable[[AskedForm, Answer], Response[str]]
) -> Response[str]:
    """The answer as it is wanted, or the form again with what was typed and what went wrong."""
    try:
        form = read_form(await request.body())
    except BadForm as error:
        raise ClientException(str(error)) from None
    if request.state.get(TURNED_AWAY):
        return _page(desk, form, status=429, trouble=_TOO_MANY)
    if form.example:
        return _page(desk, replace(form, question=form.example))
    if wrong := form.wrong():
        return _page(desk, form, status=400, wrong=wrong)
    try:
        answer = await desk.answer(form.asked())
    except Unavailable as error:
        said = str(error)
        busy = Trouble("Not just now", f"{said[:1].upper()}{said[1:].rstrip('.')}. {_KEPT}")
        response = _page(desk, form, status=503, trouble=busy)
        response.set_header("Retry-After", str(error.retry_after))
        return response
    except Exception as error:
        report(error)
        return _page(desk, form, status=500, trouble=Trouble("Something went wrong here", _KEPT))
    return shown(form, answer)


def _page(
    desk: Desk,
    form: AskedForm,
    *,
    status: int = 200,
    wrong: list[Wrong] | None = None,
    trouble: Trouble | None = None,
) -> Response[str]:
    sample = desk.answerer.snapshot.sample
    return _shown(
        desk,
        status=status,
        title="Error: Ask a question" if wrong or trouble else "Ask a question",
        form=form,
        earlier=form.earlier,
        wrong=wrong or [],
        trouble=trouble,
        answer=None,
        notice=notice((), sample=sample),
    )


def answer_page(desk: Desk, asked: AskedForm, answer: Answer) -> Response[str]:
    """The page of an answer, with the form for a follow-up."""
    exchange = Exchange(asked=answer.question, answered=in_short(answer))
    following = replace(asked, question="", earlier=(*asked.earlier, exchange)[-EARLIER:])
    return _shown(
        desk,
        title="Answer",
        form=following,
        earlier=asked.earlier,
        wrong=[],
        trouble=None,
        answer=answer,
        asked_fields=asked.fields,
        notice=answer.notice,
    )


def _shown(desk: Desk, *, status: int = 200, **content: object) -> Response[str]:
    snapshot = desk.answerer.snapshot
    return page(
        "ask.html",
        status=status,
        here="ask",
        sample=snapshot.sample,
        snapshot=snapshot,
        built=datetime.fromisoformat(snapshot.built).date(),
        kept_for=desk.question_log.days if desk.question_log else None,
        examples=EXAMPLES,
        max_question=MAX_QUESTION,
        max_words=MAX_FILTER,
        counted=counted,
        words=_WORDS,
        **content,
    )


_WORDS = {
    "roles": ROLE_WORDS,
    "voices": VOICE_WORDS,
    "outcomes": OUTCOME_WORDS,
    "fits": FITS,
    "nothing": NOTHING,
    "not_advice": NOT_ADVICE,
    "publishers": publishers_sites(),
}
"""What the page and its script say alike, and where both may lead."""
