"""The file of signposts: each entry proves itself, and what a file must not hold."""

import re
from datetime import date
from pathlib import Path

import pytest

from service.signpost_file import BadSignposts, Emergency, Step, plain_sentences
from service.signposts import Signposts

ROOT = Path(__file__).parent.parent
BUNDLED = Signposts.load()
ENTRIES: list[Emergency | Step] = [*BUNDLED.emergencies, *BUNDLED.steps]
GOOD = (ROOT / "docs" / "signposts.md").read_text().split("```toml\n")[1].split("```")[0]


@pytest.mark.parametrize("made", ENTRIES, ids=lambda made: made.entry.key)
def test_an_entry_is_called_for_by_its_examples_and_not_by_the_others(
    made: Emergency | Step,
) -> None:
    assert all(made.is_called_for_by(plain_sentences(q)) for q in made.entry.examples)
    assert not any(made.is_called_for_by(plain_sentences(q)) for q in made.entry.unlike)


@pytest.mark.parametrize("step", BUNDLED.steps, ids=lambda step: step.entry.key)
def test_a_step_is_borne_out_by_what_says_so_alone(step: Step) -> None:
    assert all(map(step.is_borne_out_by, step.entry.says))
    assert not any(map(step.is_borne_out_by, step.entry.says_not))


def test_every_entry_was_reviewed_and_the_file_says_that_a_person_must_check_it() -> None:
    assert {made.entry.reviewed for made in ENTRIES} == {date(2026, 11, 22)}
    header = (ROOT / "service" / "signposts.toml").read_text().split("[words]")[0]
    assert "A PERSON MUST CHECK" in header


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('title = "', 'colour = "red"\ntitle = "', "unknown field `colour`"),
        ("\\\\blibrary\\\\b", "(library", "'(library' is no regular expression"),
        ("\\\\blibrary\\\\b", "librar.*", "'librar.*' repeats without bound"),
        ("\\\\blibrary\\\\b", "librar[a-z]+y", "repeats without bound"),
        ("<lost>", "<mislaid>", "names <mislaid>, which is not under words"),
        ("reviewed = 2026-11-22\nabout", "about", "missing required field `reviewed`"),
        ("2026-11-22\nabout", '"soon"\nabout', "RFC3339"),
        ("sources = [{ name", "sources = []  # [{ name", "length >= 1"),
        ("https://www.example.org/libraries", "http://www.example.org", "matching regex"),
        ("may appeal to the", "may ask the", "'supported' does not fit"),
        ('"When does', '"Challenge it: when does', "'asked' fits 'Challenge it: when does"),
        ("library panel\\\\b", "library board\\\\b", "'supported' does not fit"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_name_the_entry_and_what_is_wrong(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in GOOD
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(BadSignposts) as refused:
        Signposts.load(path)
    message = str(refused.value)
    assert complaint in message
    assert str(path) in message
    assert "next_step 'library-panel'" in message


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSignposts, match=r"absent\.toml"):
        Signposts.load(tmp_path / "absent.toml")
    path = tmp_path / "mine.toml"
    for text, complaint in (
        ("[[urgent", "mine.toml"),
        ("[colours]", "unknown table 'colours'"),
        ("urgent = 3", "Expected `array`"),
        (GOOD + GOOD.split("\n\n")[-1], "'library-panel': another entry has the same key"),
    ):
        path.write_text(text)
        with pytest.raises(BadSignposts, match=re.escape(complaint)):
            Signposts.load(path)
