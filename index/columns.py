"""Columns: what a search must know of every row, as arrays that are mapped from their files."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from corpus.model import Role, Span
from index.protocols import Mask

Column = NDArray[np.int32]
"""One number a row."""

ROLES = tuple(Role)
"""A role's number is its place here."""

_NUMBERS = {"wording": ("q", np.int64), "role": ("b", np.int8)}
_NUMBER = ("i", np.int32)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a finished snapshot; processes that open the same one share their memory.

    Attributes:
        decision: Number of each paragraph's decision, ascending, shape ``(paragraphs,)``.
        role: Number of each paragraph's role; see `ROLES`. That of one withdrawn is -1.
        wording: Equal for paragraphs that repeat each other word for word.
        passage_paragraph: Row of each passage's paragraph, ascending, shape ``(passages,)``.
        passage_start: Where in its words it begins.
        passage_end: Where it ends.
        sentence_paragraph: Row of each sentence's paragraph, ascending, shape ``(sentences,)``.
        sentence_start: Where in its words it begins.
        sentence_end: Where it ends.
    """

    decision: Column
    role: NDArray[np.int8]
    wording: NDArray[np.int64]
    passage_paragraph: Column
    passage_start: Column
    passage_end: Column
    sentence_paragraph: Column
    sentence_start: Column
    sentence_end: Column

    @classmethod
    def read(cls, folder: Path) -> "Columns":
        """Open the columns in a folder, read only.

        Raises:
            OSError: One is missing.
            ValueError: One is damaged.
        """
        return cls(
            **{
                f.name: np.asarray(open_memmap(folder / f"{f.name}.npy", mode="r"))
                for f in fields(cls)
            }
        )

    def __len__(self) -> int:
        """How many paragraphs there are."""
        return len(self.role)

    @property
    def decisions(self) -> int:
        """How many decisions there are, those that have a paragraph."""
        return int(self.decision[-1]) + 1 if len(self.decision) else 0

    def of_decisions(self, numbers: Sequence[int]) -> Mask:
        """Which paragraphs stand in the decisions of these numbers, shape ``(paragraphs,)``."""
        wanted = np.zeros(self.decisions, dtype=np.bool_)
        wanted[numbers] = True
        mask: Mask = wanted[self.decision]
        return mask

    def of_roles(self, roles: Iterable[Role]) -> Mask:
        """Which paragraphs do one of these, shape ``(paragraphs,)``."""
        # The last is for -1, of a paragraph that was withdrawn.
        wanted = np.zeros(len(ROLES) + 1, dtype=np.bool_)
        wanted[[ROLES.index(role) for role in roles]] = True
        mask: Mask = wanted[self.role]
        return mask


@dataclass(frozen=True, slots=True)
class ColumnsWriter:
    """Gathers the columns of a snapshot that is being made, paragraph by paragraph."""

    _gathered: dict[str, "array[int]"] = field(
        default_factory=lambda: {
            f.name: array(_NUMBERS.get(f.name, _NUMBER)[0]) for f in fields(Columns)
        }
    )

    def add(
        self,
        *,
        decision: int,
        role: Role,
        wording: str,
        passages: Iterable[Span],
        sentences: Iterable[Span],
    ) -> None:
        """Add the next paragraph.

        Args:
            decision: Its decision's number, by order of id from 0.
            role: What it does.
            wording: Digest of its wording, hexadecimal; see `index.digests.wording`.
            passages: Where in its words its passages stand.
            sentences: Where its sentences stand.
        """
        gathered = self._gathered
        row = len(gathered["role"])
        gathered["decision"].append(decision)
        gathered["role"].append(ROLES.index(role))
        # Of 60 bits: two wordings of a hundred million share one by chance once in 200 times.
        gathered["wording"].append(int(wording[:15], 16))
        for kind, spans in (("passage", passages), ("sentence", sentences)):
            for span in spans:
                gathered[f"{kind}_paragraph"].append(row)
                gathered[f"{kind}_start"].append(span.start)
                gathered[f"{kind}_end"].append(span.end)

    def write(self, folder: Path) -> None:
        """Write each column to its file in a new folder.

        Raises:
            OSError: It cannot be written.
        """
        folder.mkdir()
        for name, values in self._gathered.items():
            np.save(folder / f"{name}.npy", np.frombuffer(values, _NUMBERS.get(name, _NUMBER)[1]))
