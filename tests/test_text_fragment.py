"""Text fragments: what a browser is told to look for on the publisher's page."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text_fragment import at_words, is_publishers

PAGE = "https://www.lgo.org.uk/decisions/education/school-transport/00-999-001"


def directive(address: str) -> list[str]:
    """The parts that a browser reads, decoded."""
    assert address.startswith(f"{PAGE}#:~:text=")
    return [unquote(part) for part in address.partition("#:~:text=")[2].split(",")]


def test_short_words_are_spelt_out_with_what_would_be_read_as_syntax_encoded() -> None:
    words = "The “ten-week” delay, at £5 & 50%, was fault – plainly."
    address = at_words(PAGE, words, f"Before. {words} After.")
    assert directive(address) == [words]
    assert not set(address.partition("#:~:text=")[2]) & set("-,& “£–")


def test_long_words_are_named_by_how_they_begin_and_end() -> None:
    words = f"It began in May and {'went on and ' * 40}ended only in the following June."
    assert directive(at_words(PAGE, words, words)) == ["It began in May", "in the following June."]


def test_words_over_several_lines_are_named_by_the_first_and_the_last() -> None:
    words = "The Council has agreed to:\napologise;\npay Mr B £100; and\n(Example Act 1999)"
    assert directive(at_words(PAGE, words, words)) == [
        "The Council has agreed",
        "(Example Act 1999)",
    ]


def test_a_beginning_that_stands_elsewhere_too_is_told_apart_by_more_words() -> None:
    long = (
        "The Council was at fault for the delay, which " + "was long and " * 20 + "cost Mr B dear."
    )
    page = f"The Council was at fault for the letter.\n{long}"
    assert directive(at_words(PAGE, long, page))[0] == "The Council was at fault for the delay,"


def test_nothing_to_open_at_leaves_the_page() -> None:
    assert at_words(PAGE, "", "Words.") == PAGE
    assert at_words(PAGE, " \n", "Words.") == PAGE


@given(st.text(max_size=400), st.text(max_size=50))
def test_whatever_the_words_a_directive_has_one_part_or_two_of_plain_ascii(
    words: str, around: str
) -> None:
    address = at_words(PAGE, words, around + words)
    assert address.isascii()
    assert len(address.partition("#:~:text=")[2].split(",")) <= 2
    assert "&" not in address
    assert "-" not in address.partition("#:~:text=")[2]


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://www.lgo.org.uk/decisions/a/b/00-999-001",
        "https://www.lgo.org.uk:8443/decisions/a/b/00-999-001",
        "https://anybody@www.lgo.org.uk/decisions/a/b/00-999-001",
        "https://www.lgo.org.uk.elsewhere.net/decisions/a/b/00-999-001",
        "https://elsewhere.net/https://www.lgo.org.uk/",
        "javascript:alert(1)//www.lgo.org.uk/",
        "https://[www.lgo.org.uk/decisions",
        "https://upheld.example/decisions/a/b/99-000-101",
    ],
)
def test_only_a_publishers_own_secure_address_is_a_link(url: str | None) -> None:
    assert not is_publishers(url)


def test_the_publishers_own_page_is_a_link() -> None:
    assert is_publishers(PAGE)
