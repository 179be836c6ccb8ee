"""Identity: decisions under ids of their own, and what is set aside for want of one."""

from collections.abc import Iterable

import msgspec

from corpus.model import Decision, DecisionId
from corpus.publishers import slug
from corpus.reader import ParseError
from index.digests import digest_of_decision


def settle(read: Iterable[Decision | ParseError]) -> tuple[list[Decision], list[ParseError]]:
    """Decisions with an id of their own, in order of id, and what is set aside.

    A reference is not a unique key: in a joint case two bodies can share one. Then each takes its
    body into its id. The same decision twice is kept once.
    """
    set_aside: list[ParseError] = []
    groups: dict[DecisionId, list[Decision]] = {}
    for item in read:
        if isinstance(item, ParseError):
            set_aside.append(item)
        else:
            groups.setdefault(item.decision_id, []).append(item)
    found: dict[DecisionId, Decision] = {}
    for decision_id, group in groups.items():
        by_body = {decision.bodies: decision for decision in reversed(group)}
        for decision in group:
            kept = by_body[decision.bodies]
            if kept is not decision:
                same = digest_of_decision(kept) == digest_of_decision(decision)
                set_aside.append(
                    ParseError(
                        decision.source.file,
                        f"{'the same as' if same else 'has the reference and body of'} "
                        f"{kept.source.file}, which is kept",
                    )
                )
        for bodies, decision in by_body.items():
            if len(by_body) > 1:
                own = DecisionId(f"{decision_id}-{slug(' '.join(bodies)) or 'unknown'}")
                decision = msgspec.structs.replace(decision, decision_id=own)
            found[decision.decision_id] = decision
    return [found[i] for i in sorted(found)], set_aside
