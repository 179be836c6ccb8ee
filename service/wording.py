"""Wording: how roles, voices and outcomes are said to a person."""

from corpus.model import Outcome, Role, Voice

_SAID_BY = {
    Voice.COMPLAINANT: "The complainant said",
    Voice.AUTHORITY: "The organisation complained about said",
    Voice.THIRD_PARTY: "A third party said",
    Voice.MIXED: "Several people’s accounts",
}

_BY_ROLE = {
    Role.COMPLAINT: "The complaint was",
    Role.POWERS: "The Ombudsman’s powers",
    Role.METHOD: "How the Ombudsman considered it",
    Role.LAW: "The law or guidance says",
    Role.FACTS: "What happened",
    Role.RESPONSE: "The organisation complained about said",
    Role.FINDING: "The Ombudsman found",
    Role.REMEDY: "What was agreed",
    Role.DECISION: "The Ombudsman decided",
}


def introduce(role: Role, voice: Voice, outcome: Outcome) -> str:
    """Whose word a passage is, in a few words to stand before it.

    A decision that was not investigated finds nothing either way, and is not introduced as if.
    """
    if role is Role.COMPLAINT or (role in (Role.FACTS, Role.RESPONSE) and voice in _SAID_BY):
        return _SAID_BY.get(voice, _BY_ROLE[role])
    if role is Role.LAW and voice is Voice.AUTHORITY:
        return "The organisation’s own policy says"
    if role is Role.FINDING and outcome is Outcome.NOT_INVESTIGATED:
        return "The Ombudsman said, without investigating"
    if role is Role.FINDING and voice is not Voice.OMBUDSMAN:
        return "An account and what was found"
    return _BY_ROLE[role]


def caveat(outcome: Outcome) -> str | None:
    """What has to be said beside any passage of a decision with this outcome."""
    if outcome is Outcome.NOT_INVESTIGATED:
        return "Not investigated, so no finding either way."
    return None


def pounds(pence: float) -> str:
    """A sum as it is written.

    >>> pounds(150000), pounds(45), pounds(27550)
    ('£1,500', '45p', '£275.50')
    """
    if pence < 100:
        return f"{pence:g}p"
    return f"£{pence / 100:,.2f}".removesuffix(".00")
