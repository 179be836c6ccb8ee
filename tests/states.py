"""States: every page, and everything that a reader can meet on it, over the fictional sample."""

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a page shows.

    Attributes:
        name: Also of its pictures in ``docs/screenshots``.
        path: Its address.
        asked: What is written into the form and sent; None where nothing is.
        until: What is there when all has arrived, as a selector.
        expected: Parts of what the console may say; a browser counts a page of status 404 or 400
            as an error of its own.
    """

    name: str
    path: str
    asked: str | None = None
    until: str = "h1"
    expected: tuple[str, ...] = ()

    def reach(self, page: Page) -> None:
        """Do on a page what leads here."""
        page.goto(self.path)
        if self.asked is not None:
            send(page, self.asked)
        page.locator(self.until).first.wait_for(state="attached")
        page.wait_for_load_state("networkidle")


def send(page: Page, question: str) -> None:
    """Write a question into the form of a page and send it with the keyboard."""
    page.locator("textarea[name=question]").fill(question)
    page.locator("form:has(textarea[name=question]) .button").first.press("Enter")


_DECISION = "/decisions/upheld-sample/99-000-101"
_QUOTES = "[data-answer] blockquote"

STATES = (
    State(name="ask", path="/"),
    State(
        name="answered",
        path="/",
        asked="can a chair overrule the conference?",
        until=_QUOTES,
    ),
    State(name="nothing-relevant", path="/", asked="Which planets have rings?", until=_QUOTES),
    State(
        name="refused",
        path="/",
        asked="What is the real name of Mrs X?",
        until="text=leave out people’s names",
    ),
    State(
        name="urgent",
        path="/",
        asked="My husband hit me last night and I am afraid. Can the council rehouse me?",
        until=".urgent",
    ),
    State(
        name="personal-details",
        path="/",
        asked="My phone number is 07700 900123. Can the chair overrule the conference?",
        until=_QUOTES,
    ),
    State(
        name="nothing-typed",
        path="/",
        asked="",
        until=".error-summary",
        expected=("status of 400",),
    ),
    State(name="decisions", path="/decisions"),
    State(name="remedies", path="/decisions/remedies"),
    State(name="decision", path=_DECISION),
    State(name="cited-words", path=f"{_DECISION}?paragraph=29&from=5&to=110#p29", until="mark"),
    State(name="no-such-page", path="/nowhere", expected=("status of 404",)),
    State(name="demo", path="/demo"),
)
