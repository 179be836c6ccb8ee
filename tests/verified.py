"""What tests of verifying share: a verifier over a data folder, and a check of its offsets."""

from pathlib import Path

from index.hashing_encoder import HashingEncoder
from index.hybrid import HybridRetriever
from index.snapshot import open_current
from service.verification import Verification
from service.verifying import Pasted, Verifier

HEARD = "Once everybody has been heard, the chair decides what the conference’s conclusion is"
"""Words of paragraph 13 of 99 000 101."""


def opened(data: Path) -> Verifier:
    return Verifier(HybridRetriever.open(open_current(data), HashingEncoder()))


def checked(verifier: Verifier, text: str) -> Verification:
    """The verification of a text, in which every offset cuts the text as reported."""
    found = verifier.verify(Pasted(text=text))
    for reference in found.references:
        assert text[reference.start : reference.end] == reference.text
    for quotation in found.quotations:
        assert text[quotation.start : quotation.end] == quotation.text
        for difference in quotation.differences:
            assert text[difference.start : difference.end] == difference.yours
    return found
