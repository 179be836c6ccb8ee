"""What is tried only where something stands, and how case is ignored, changes no judgement."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import boilerplate, roles
from corpus.law_words import Named, names, pattern, table
from corpus.voices import utterances
from corpus.wording import needed, small, wording

IGNORING_CASE = [*roles.needs(), *boilerplate.needs()]
HEEDING_CASE = [
    (pattern("ending"), table().needs["ending"]),
    (pattern("generic"), table().needs["generic"]),
]
QUICK = settings(max_examples=30, suppress_health_check=list(HealthCheck), deadline=None)
LETTERS = st.characters(codec="ascii")


@pytest.mark.parametrize(("source", "needs"), IGNORING_CASE, ids=lambda value: value[0])
@QUICK
@given(data=st.data())
def test_words_that_fit_a_pattern_hold_one_of_its_needs(
    source: str, needs: tuple[str, ...], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(re.compile(source, re.IGNORECASE), alphabet=LETTERS))
    assert needed(needs, small(text))


@pytest.mark.parametrize(("fits", "needs"), HEEDING_CASE, ids=lambda value: str(value)[:20])
@QUICK
@given(data=st.data())
def test_a_title_of_law_holds_one_of_its_needs(
    fits: re.Pattern[str], needs: tuple[str, ...], data: st.DataObject
) -> None:
    assert needed(needs, data.draw(st.from_regex(fits, alphabet=LETTERS)))


@pytest.mark.parametrize("named", table().named, ids=lambda named: named.title)
@QUICK
@given(data=st.data())
def test_a_title_by_name_holds_one_of_its_needs(named: Named, data: st.DataObject) -> None:
    source = named.pattern
    text = data.draw(st.from_regex(re.compile(source), alphabet=LETTERS, fullmatch=True))
    assert needed(table().needs["names"], small(text))
    assert names().fullmatch(text)


@given(
    st.sampled_from(
        [r"\bfaults?\b", r"i[^.]{0,3}k\b", "(?-i:I) ask", r"s\wa.?st|no [a-z]x", "x K"]
    ),
    st.text(st.sampled_from("İıſ\u212aKkIiSsaAtTulfFnNox .ΣßÉ"), max_size=12),
)
def test_small_letters_fit_what_ignoring_case_fits(source: str, text: str) -> None:
    fits = re.compile(source, re.IGNORECASE)
    assert len(small(text)) == len(text)
    assert wording([source]).stands_in(text, small(text)) == bool(fits.search(text))
    assert wording([source]).opens(text, small(text)) == bool(fits.match(text))


def test_a_title_before_a_lone_mark_names_nobody() -> None:
    assert not any(u.said for u in utterances("Mr . said so."))
