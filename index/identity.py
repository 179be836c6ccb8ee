"""Identity: decisions under ids of their own, and what is set aside for want of one."""

from collections.abc import Sequence

import msgspec

from corpus.model import Decision, DecisionId
from corpus.publishers import slug
from corpus.reader import ParseError
from index.digests import digest_of_decision


def settle(group: Sequence[Decision]) -> tuple[list[Decision], list[ParseError]]:
    """Decisions that were read with one id, under ids of their own, and what is set aside.

    A reference is not a unique key: in a joint case two bodies can share one. Then each takes its
    body into its id. The same decision twice is kept once.

    Args:
        group: In the order they were read in.
    """
    by_body = {decision.bodies: decision for decision in reversed(group)}
    set_aside = [
        _set_aside(decision, kept)
        for decision in group
        if (kept := by_body[decision.bodies]) is not decision
    ]
    if len(by_body) == 1:
        return list(by_body.values()), set_aside
    found: dict[DecisionId, Decision] = {}
    for bodies, decision in by_body.items():
        own = DecisionId(f"{decision.decision_id}-{slug(' '.join(bodies)) or 'unknown'}")
        if own in found:
            set_aside.append(_set_aside(decision, found[own]))
        else:
            found[own] = msgspec.structs.replace(decision, decision_id=own)
    return [found[own] for own in sorted(found)], set_aside


def _set_aside(decision: Decision, kept: Decision) -> ParseError:
    same = digest_of_decision(kept) == digest_of_decision(decision)
    return ParseError(
        decision.source.file,
        f"{'the same as' if same else 'has the reference and body of'} "
        f"{kept.source.file}, which is kept",
    )
