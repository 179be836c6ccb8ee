"""Personal details are noticed by their kind alone, and a case reference is none."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb import nhs

from service.personal_details import DetailKind, personal_details, table

DATA = Path(__file__).parent.parent / "eval" / "data"


def kinds_in(text: str) -> tuple[DetailKind, ...]:
    details = personal_details(text)
    return details.kinds if details else ()


@pytest.mark.parametrize(
    ("kind", "example"), [(w.kind, e) for w in table().wording for e in w.examples]
)
def test_an_example_is_noticed_as_its_kind_alone(kind: DetailKind, example: str) -> None:
    assert kinds_in(example) == (kind,)


@pytest.mark.parametrize("fair", [f for w in table().wording for f in w.fair])
def test_what_only_looks_like_a_detail_is_none(fair: str) -> None:
    assert personal_details(fair) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ring me on 07700 900123", DetailKind.PHONE),
        ("my mobile is +44 7700 900123", DetailKind.PHONE),
        ("call (020) 7946 0018 after six", DetailKind.PHONE),
        ("his NHS number is 943 476 5919", DetailKind.NHS_NUMBER),
        ("nhs 9434765919", DetailKind.NHS_NUMBER),
    ],
)
def test_a_number_is_noticed_by_its_own_rules(text: str, kind: DetailKind) -> None:
    assert kinds_in(text) == (kind,)


@pytest.mark.parametrize(
    "text",
    [
        "18 019 617",
        "what was decided in 18-019-617?",
        "case 18019617",
        "23 019 903a and 23 014 556",
        "P-004641",
        "the helpline on 0300 000 0000",
        "nhs number 943 476 5918",
        "£1,234 for 12 months from 1 April 2019",
        "Working Together 2018, paragraph 27, section 47",
        "my 7 year old",
        "Exampleshire County Council 2019",
    ],
)
def test_references_sums_and_organisations_are_no_details(text: str) -> None:
    assert personal_details(text) is None


def test_the_warning_names_each_kind_once_and_repeats_no_word_of_the_question() -> None:
    details = personal_details("Zebedee, 7, of 12 Canary Road, and Ysolde (9), zeb@canary.example")
    assert details is not None
    assert details.kinds == (DetailKind.CHILD, DetailKind.ADDRESS, DetailKind.EMAIL)
    assert details.warning == (
        "Your question seems to hold a child’s name and age, an address and an email address. "
        "Upheld does not need this to find decisions: it is safer to leave it out."
    )


def test_every_kind_has_a_name_for_the_warning() -> None:
    assert set(table().kinds) == set(DetailKind)


def test_an_invisible_character_hides_no_detail() -> None:
    assert kinds_in("jane\u200b@exam\u00adple.org") == (DetailKind.EMAIL,)


@given(st.integers(400_000_000, 799_999_999), st.sampled_from(["", " ", "-"]))
def test_a_number_is_an_nhs_number_by_its_check_digit(nine: int, gap: str) -> None:
    for last in range(10):
        number = f"{nine}{last}"
        spelt = gap.join((number[:3], number[3:6], number[6:]))
        assert (DetailKind.NHS_NUMBER in kinds_in(f"nhs {spelt}")) is nhs.is_valid(number)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert set(kinds_in(text)) <= set(DetailKind)


def test_hardly_a_question_to_the_decisions_raises_a_false_alarm() -> None:
    lines = [
        line for path in (DATA / "pairs").glob("*.jsonl") for line in path.read_text().splitlines()
    ]
    asked = [q for line in lines for q in msgspec.json.decode(line)["questions"]]
    assert len(asked) > 18_000
    assert {question for question in asked if personal_details(question)} == {
        # An age with a name, which is no false alarm, and some that tell an age or a time alone.
        "Our Jake is 14, uses a talker, and has plenty to say about the carers who get sent. I'd "
        "like it to be his complaint not mine. Does he get someone to help him put it across?",
        "my boy turns 16 in foster care when should the pathway plan be sorted",
        "my sisters in jail and i have her kids for 2 years, not one visit",
        "apprentice aged 17 allegation which procedure",
        "iro did nothing while my son drifted for 2 years",
        "i brought that boy up for 3 years and theyre telling me im nobody and cant put a "
        "complaint in, can they brush me off like that",
        "Odd one for you at ten past three. The MASH. My doctor refers me, school refers me, "
        "I refer ME, and each time they write 'does not meet threshold'. I'm on my knees with"
        " a 10 year old who's kicking his sister black and blue. They've signposted me to a "
        "website. I know they can say no. But did the council do anything on the 3 referrals "
        "besides close them, any checks?",
    }
