"""Facts kept as data prove themselves by their own examples."""

import re

import pytest

from corpus.headings import KnownHeading, known_headings, looks_like_heading
from corpus.model import Role, Voice
from corpus.publishers import BadReference, normal_reference, publisher_of, publishers, slug
from corpus.roles import _rules


@pytest.mark.parametrize("key", publishers())
def test_a_publishers_pattern_fits_its_examples_and_nothing_else(key: str) -> None:
    publisher = publishers()[key]
    for example in publisher.examples:
        assert re.fullmatch(publisher.reference, example)
        assert publisher_of("", f"Some Council ({example})") == key
    for other in publisher.counter_examples:
        assert not re.fullmatch(publisher.reference, other)


def test_one_publisher_is_the_default() -> None:
    assert [key for key, p in publishers().items() if p.default] == ["lgsco"]


@pytest.mark.parametrize(
    ("known", "example"), [(k, e) for k in known_headings() for e in k.examples]
)
def test_a_heading_is_known_by_its_examples(known: KnownHeading, example: str) -> None:
    assert known.fits(example)
    first = next(k for k in known_headings() if k.fits(example))
    assert first.stage == known.stage
    assert looks_like_heading(example)


def test_every_rule_has_a_reason_and_every_stage_ends_in_a_rule_that_fits_anything() -> None:
    rules = [c.rule for c in _rules()]
    assert all(rule.why for rule in rules)
    assert {rule.role for rule in rules} == set(Role)
    assert {rule.voice for rule in rules} == set(Voice)


@pytest.mark.parametrize("text", ["18 019 617", "18-019-617", "18019617", " 18 019 617 "])
def test_every_spelling_of_a_reference_is_normalised(text: str) -> None:
    assert normal_reference(text) == "18 019 617"


@pytest.mark.parametrize("text", ["", "18 019 61", "18 019 6178", "paragraph 18", "18 019 617ab"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(BadReference):
        normal_reference(text)


def test_an_address_is_lower_case_with_hyphens() -> None:
    assert publishers()["lgsco"].address_of(
        "18 019 617", ("Children's care services", "Child protection")
    ) == ("https://www.lgo.org.uk/decisions/children-s-care-services/child-protection/18-019-617")
    assert slug("Adult care services") == "adult-care-services"


def test_an_address_is_unknown_where_its_parts_are() -> None:
    assert publishers()["lgsco"].address_of(None, ("Planning",)) is None
    assert publishers()["lgsco"].address_of("18 019 617", ()) is None
