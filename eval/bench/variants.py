"""Variants: as many decisions as are wanted, made of the bundled samples, with words of their own.

Every sentence of a variant differs from that of any other, as in a real collection, where all but
the standard paragraphs are written for the case.
"""

import re
from importlib.resources import files
from pathlib import Path

_REFERENCE = re.compile(r"99 000 (\d{3})")
_SENTENCE = re.compile(r"(?<=[a-z]{3})(?=[.;]\s)")
_STANDARD = re.compile(r"maladministration|service failure|draft decision", re.IGNORECASE)


def write_variants(folder: Path, numbers: range, edition: int = 0) -> None:
    """Write variants to files of their own, over those of an older edition.

    Args:
        folder: Where to; it is made where it is not there.
        numbers: Which.
        edition: Tells the words of one writing from those of another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    samples = sorted(
        (f for f in files("corpus").joinpath("samples").iterdir() if f.name.endswith(".txt")),
        key=lambda f: f.name,
    )
    for number in numbers:
        text = samples[number % len(samples)].read_text(encoding="utf-8")
        path = folder / f"{number:06}.txt"
        path.write_text(variant(text, number, edition), encoding="utf-8")


def variant(text: str, number: int, edition: int = 0) -> str:
    r"""A decision's text with another reference, and with words of its own in each sentence.

    >>> variant("Council (99 000 101)\nIt was late.\n", 7, 2)
    'Council (99 007 101)\nIt was late in case 7 of 2.\n'
    """
    text = _REFERENCE.sub(lambda m: f"99 {number % 1000:03} {m[1]}", text)
    own = f" in case {number} of {edition}"
    return "".join(
        line if _STANDARD.search(line) else _SENTENCE.sub(own, line)
        for line in text.splitlines(keepends=True)
    )
