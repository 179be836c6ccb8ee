"""Boilerplate: standard paragraphs that stand nearly word for word in most decisions."""

import re

from corpus.model import Role

_STANDARD = re.compile(
    r"local government act 1974|maladministration|draft (decision|of this decision)"
    r"|share (this|the) decision|assessment code|not (a body )?in the ombudsman's jurisdiction"
    r"|information (\w+ ){1,4}(provided|sent)|not (an appeal body|intended to be|meant to)"
    r"|what (\w+ ){1,4}sent (us|me)|written enquiries|i (read|spoke|discussed|considered)",
    re.IGNORECASE,
)


def is_boilerplate(words: str, role: Role) -> bool:
    """Whether a paragraph is a standard one.

    Only paragraphs that tell of powers and method can be: a finding, a remedy or an account of
    events is about one case however usual its wording.
    """
    if role not in (Role.POWERS, Role.METHOD):
        return False
    return _STANDARD.search(words.replace("’", "'")) is not None
