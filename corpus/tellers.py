"""Tellers: whose word a whole paragraph is, by those who speak in its sentences."""

from collections.abc import Sequence

from corpus.model import Voice
from corpus.voices import Utterance

_MOSTLY = 0.55
"""The share of a paragraph that a quotation takes when it is the paragraph's matter."""


def told_by(heard: Sequence[Utterance]) -> tuple[Voice, str]:
    """Whose word an account of events is, and why."""
    read_out = next((u for u in heard if u.quoted >= _MOSTLY), None)
    if read_out:
        return read_out.party, f"mostly what the {read_out.party.replace('_', ' ')} wrote"
    said = [u.party for u in heard if u.said and not u.record]
    if not said:
        return Voice.OMBUDSMAN, "nobody speaks in it"
    party = said[0]
    if len(set(said)) > 1:
        if len(said) * 3 >= len(heard):
            return Voice.MIXED, "several speak in it"
    elif (
        party is Voice.COMPLAINANT
        and len(said) * 3 >= len(heard)
        and any(u.said and u.record for u in heard)
    ):
        return Voice.MIXED, "a party speaks, and the body's papers"
    elif _is_mostly(party, len(said), heard):
        return party, f"the {party.replace('_', ' ')} speaks in it"
    return Voice.OMBUDSMAN, "mostly events, though somebody speaks"


def _is_mostly(party: Voice, said: int, heard: Sequence[Utterance]) -> bool:
    """Whether a party's word outweighs the telling: what a body says is often just its act."""
    about = sum(u.party is party for u in heard)
    enough = 2 if party is Voice.AUTHORITY else 3
    return said * enough >= len(heard) and about * 2 >= len(heard)


def first_speaker(heard: Sequence[Utterance]) -> Voice:
    """Who speaks first; the body complained of where nobody does."""
    return next((u.party for u in heard if u.said), Voice.AUTHORITY)


def speaks_throughout(heard: Sequence[Utterance], party: Voice) -> bool:
    """Whether every sentence is a party's, and it speaks in the first and in half of them."""
    return (
        bool(heard)
        and heard[0].said
        and all(u.party is party for u in heard)
        and sum(u.said for u in heard) * 2 >= len(heard)
    )
