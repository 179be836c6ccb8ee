"""Pictured states: all that pictures are taken of, the states of every page and what else there is
to see."""

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.states import STATES, State, send
from tests.widget_states import CHAIR, Mode, ask, opened

_DECISION = "/decisions/upheld-sample/99-000-101"
_DANGER = "My husband hit me last night and I am afraid. Can the council rehouse me?"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(State):
    """The ask page after a second question."""

    then: str

    def reach(self, page: Page) -> None:
        State.reach(self, page)
        send(page, self.then)
        page.locator("[data-answer]").nth(1).wait_for()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(State):
    """A page with what is folded away, opened."""

    folded: str

    def reach(self, page: Page) -> None:
        State.reach(self, page)
        page.locator(self.folded).first.click()


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsFound(State):
    """The list of decisions in which words were looked for."""

    words: str

    def reach(self, page: Page) -> None:
        State.reach(self, page)
        page.fill("#words", self.words)
        page.press("#words", "Enter")
        page.locator(".chosen").wait_for()


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching(State):
    """The ask page while the answer is on its way."""

    asked: str

    def reach(self, page: Page) -> None:
        page.add_init_script("window.fetch = () => new Promise(() => {})")
        page.goto(self.path)
        send(page, self.asked)
        page.locator("#progress").wait_for()


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway(State):
    """A page whose questions the service does not take."""

    def reach(self, page: Page) -> None:
        turn_away(page)
        State.reach(self, page)


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetState(State):
    """What the widget shows on the demo page.

    Attributes:
        mode: In the page, or behind its button.
        is_opened: Whether its button was pressed.
        fails: Whether the service takes no question.
        language: Of the widget.
    """

    path: str = "/demo"
    mode: Mode
    is_opened: bool = True
    fails: bool = False
    language: str = "en"

    def reach(self, page: Page) -> None:
        if self.fails:
            turn_away(page)
        page.goto(self.path)
        # The language is read when the element comes into the page.
        page.locator(f"upheld-chat[mode={self.mode}]").evaluate(
            "(e, lang) => { e.lang = lang; e.replaceWith(e.cloneNode(true)); }", self.language
        )
        if self.asked is not None:
            ask(page, self.mode, self.asked)
        elif self.is_opened:
            opened(page, self.mode)
        page.wait_for_load_state("networkidle")


def turn_away(page: Page) -> None:
    """Answer the questions of a page with status 429."""
    page.route(
        "**/v1/ask/stream",
        lambda route: route.fulfill(status=429, headers={"Retry-After": "20"}, body="{}"),
    )


_MORE = (
    Opened(name="ask-narrowed", path="/", folded=".filters summary"),
    Opened(
        name="all-that-was-found",
        path="/",
        asked=CHAIR,
        until="[data-answer]",
        folded="[data-answer] details summary",
    ),
    Searching(name="searching", path="/", asked=CHAIR),
    FollowUp(
        name="follow-up", path="/", asked=CHAIR, until="[data-answer]", then="and who decides it?"
    ),
    TurnedAway(
        name="too-many", path="/", asked=CHAIR, until=".error-summary", expected=("status of 429",)
    ),
    State(name="decisions-narrowed", path="/decisions?outcome=upheld&category=Education"),
    State(name="decisions-none", path="/decisions?outcome=not_upheld&authority=Madeupham"),
    State(name="decisions-wrong", path="/decisions?reference=abc", expected=("status of 400",)),
    State(name="decisions-charts", path="/decisions#charts"),
    WordsFound(name="decisions-words", path="/decisions", words="waiting list"),
    State(name="decision-findings", path=f"{_DECISION}#findings"),
    WidgetState(name="widget-closed", mode="launcher", is_opened=False),
    WidgetState(name="widget-opened", mode="launcher"),
    WidgetState(name="widget-answered", mode="launcher", asked=CHAIR),
    WidgetState(
        name="widget-too-many",
        mode="launcher",
        asked=CHAIR,
        fails=True,
        expected=("status of 429",),
    ),
    WidgetState(name="widget-inline-answered", mode="inline", asked=CHAIR),
    WidgetState(name="widget-inline-urgent", mode="inline", asked=_DANGER),
    WidgetState(
        name="widget-inline-nothing-relevant", mode="inline", asked="Which planets have rings?"
    ),
    WidgetState(
        name="widget-inline-refused", mode="inline", asked="What is the real name of Mrs X?"
    ),
    WidgetState(name="widget-inline-welsh", mode="inline", language="cy", asked=CHAIR),
)

PICTURED: tuple[State, ...] = (*STATES, *_MORE)
