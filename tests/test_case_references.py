"""Case references are found in every spelling, and other numbers are left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.case_references import case_references
from corpus.model import Paragraph, Role, Voice


def found_in(text: str, *items: str) -> list[tuple[str, str]]:
    """Each reference with its words in the text."""
    paragraph = Paragraph(number=3, text=text, items=items, role=Role.FACTS, voice=Voice.OMBUDSMAN)
    return [
        (r.reference, paragraph.words[r.span.start : r.span.end])
        for r in case_references([paragraph])
    ]


@pytest.mark.parametrize(
    ("text", "reference", "words"),
    [
        ("We decided 99 000 321 last year.", "99 000 321", "99 000 321"),
        ("See our decision 99-000-321.", "99 000 321", "99-000-321"),
        ("In case 99000321 we found fault.", "99 000 321", "99000321"),
        ("It repeats (99 000 322a).", "99 000 322a", "99 000 322a"),
        ("See 99\u00a0000\u00a0321.", "99 000 321", "99\u00a0000\u00a0321"),
        ("See 99\u2011000\u2011321.", "99 000 321", "99\u2011000\u2011321"),
        ("It is at upheld.example/decisions/99-000-321.", "99 000 321", "99-000-321"),
        ("The health ombudsman's case P-000123 was closed.", "P-000123", "P-000123"),
        ("Our complaint reference 20010117 is older.", "20 010 117", "20010117"),
    ],
)
def test_a_reference_is_found_and_normalised(text: str, reference: str, words: str) -> None:
    assert found_in(text) == [(reference, words)]


def test_several_references_are_found_in_order_also_in_items() -> None:
    assert found_in("Cases 99 000 001 99 000 002, and", "99-000-003;", "P-000004.") == [
        ("99 000 001", "99 000 001"),
        ("99 000 002", "99 000 002"),
        ("99 000 003", "99-000-003"),
        ("P-000004", "P-000004"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ring 020 7946 0958.",
        "Ring 0300 061 0614 or 0300-061-0614.",
        "Ring 01632 960 001 or 01632 960001.",
        "Ring 07700 900 123 or +44 7700 900123.",
        "Ring 03 000 610 614.",
        "It cost £18 019 617.",
        "It cost £18,019,617 or 18,019,617 euros, and 18019617.50 in all.",
        "On 20180415 and 15042018 and 15-04-2018 it rained.",
        "The number 118 019 617 is longer, and so are 18 019 6171 and 18 019 617 001.",
        "His account number is 12345678.",
        "The parcel AB18019617C was lost.",
        "The form P-1234567 is no case.",
        "18 019-617 is mixed.",
    ],
)
def test_telephone_numbers_sums_dates_and_longer_numbers_are_no_references(text: str) -> None:
    assert found_in(text) == []


_PIECES = st.sampled_from(["18", "019", "617", "000", " ", "-", "a", "£", ".", "P-", "case ", "\n"])


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=20).map("".join) | st.text(max_size=60))
def test_any_text_yields_references_that_stand_there(text: str) -> None:
    for reference, words in found_in(text):
        digits = [c for c in reference if c.isdigit()]
        assert digits == [c for c in words if c.isdigit()]
