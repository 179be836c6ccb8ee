"""Words looked for while browsing, against plain Python over the decisions' paragraphs."""

import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from corpus.model import Decision
from index.words import stems_of
from tests.browsed import CANARY, DECISIONS, listed, page_of, texts
from tests.browsed import client as client


def holding(words: str) -> list[str]:
    """The decisions with a paragraph that holds enough of the words, by plain Python."""
    wanted = [set(stems_of(w)) for w in words.split()]
    wanted = [w for w in wanted if w]
    enough = len(wanted) if len(wanted) <= 3 else -(-len(wanted) * 3 // 4)

    def holds(d: Decision) -> bool:
        return any(
            sum(bool(w & known) for w in wanted) >= enough
            for section, p in d.paragraphs()
            for known in [
                set(stems_of(" ".join((*d.bodies, *d.category, *section.heading_path, p.words))))
            ]
        )

    return sorted(f"/decisions/{d.decision_id}" for d in DECISIONS if holds(d))


@pytest.mark.parametrize(
    "words",
    [
        "minutes",
        "blue badge",
        "enforcement agents",
        "bed and breakfast",
        "over-ruled conference",
        "complaint appeal council noise",
        "panel school transport walking route",
        "the Exampleshire",
    ],
)
def test_words_are_found_where_they_stand_together(
    client: TestClient[Litestar], words: str
) -> None:
    page = page_of(client.post("/decisions", data={"words": words}).text)
    assert sorted(listed(page)) == holding(words) != []
    assert page.xpath("//input[@id='words']/@value") == [words]


def test_words_are_looked_for_within_the_filters(client: TestClient[Litestar]) -> None:
    def found(**fields: str) -> list[str]:
        return listed(page_of(client.post("/decisions", data={"words": "plan", **fields}).text))

    upheld = listed(page_of(client.get("/decisions?outcome=upheld").text))
    assert set(found(outcome="upheld")) == set(found()) & set(upheld) != set(found())
    assert found(go="outcome=upheld", outcome="not_upheld") == found(outcome="upheld")
    assert sorted(found(sort="oldest")) == sorted(found())


def test_the_counts_beside_words_are_of_what_was_found(client: TestClient[Litestar]) -> None:
    page = page_of(client.post("/decisions", data={"words": "plan"}).text)
    for choice in page.xpath("//section[@class='facet']//li[button]"):
        told = re.search(r"\((\d+)\)", choice.text_content())
        fields = {"words": "plan", "go": choice.xpath("button/@value")[0]}
        assert told
        assert len(listed(page_of(client.post("/decisions", data=fields).text))) == int(told[1])


def test_a_paragraph_found_is_shown_word_for_word_with_whose_word_it_is(
    client: TestClient[Litestar],
) -> None:
    said = "missed three appointments with a support service"
    page = page_of(client.post("/decisions", data={"words": said}).text)
    (passage,) = page.xpath("//article[contains(@class, 'passage')]")
    assert texts(passage, "./h4") == ["The complainant said"]
    paragraph = next(p for d in DECISIONS for _, p in d.paragraphs() if said in p.words)
    assert passage.xpath("./blockquote")[0].text_content() == paragraph.words
    assert "passage-party" in passage.get("class")
    assert "a complaint is not a finding" in page.text_content()


def test_words_that_nothing_holds_can_be_dropped(client: TestClient[Litestar]) -> None:
    fields = {"words": CANARY, "outcome": "upheld"}
    page = page_of(client.post("/decisions", data=fields).text)
    assert texts(page, "//section[@class='results']/ul[not(@class)]/li") == [
        "Drop the words (11 decisions)",
        "Drop “Outcome: Upheld” (0 decisions)",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("the of and", "Type a word that tells decisions apart"),
        ("?!", "Type a word that tells decisions apart"),
        ("a" * 201, "Type at most 200 letters."),
        (" ".join(f"w{n}" for n in range(21)), "Type at most 20 words."),
    ],
)
def test_words_that_cannot_be_looked_for_are_kept_and_the_field_says_why(
    client: TestClient[Litestar], words: str, told: str
) -> None:
    response = client.post("/decisions", data={"words": words})
    page = page_of(response.text)
    assert response.status_code == 400
    assert page.xpath("//input[@id='words']/@value") == [words]
    assert page.xpath("//input[@id='words']/@aria-describedby") == ["words-hint words-error"]
    assert told in texts(page, "//p[@id='words-error']")[0]
    assert page.xpath("//div[@class='error-summary']//a/@href") == ["#words"]
    assert texts(page, "//title")[0].startswith("Error: ")


def test_no_address_of_a_page_with_words_holds_them(client: TestClient[Litestar]) -> None:
    page = page_of(client.post("/decisions", data={"words": f"plan {CANARY}"}).text)
    addresses = [str(a) for a in page.xpath("//@href | //@action | //button/@value")]
    assert addresses
    assert not [a for a in addresses if CANARY in a]
