"""Corpus scores: how well decisions are read, against gold."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from corpus.files import read_file
from corpus.findings import findings_of
from corpus.model import Decision
from corpus.reader import ParseError
from corpus.remedies import remedies_of
from eval.corpus_gold import CorpusGold, GoldDecision


class Share(Struct, frozen=True):
    """So many out of so many."""

    right: int
    of: int

    @property
    def share(self) -> float:
        """Between 0 and 1; nothing out of nothing counts as 1."""
        return self.right / self.of if self.of else 1.0


class Retrieved(Struct, frozen=True):
    """How many were found rightly, wrongly, and not at all."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right."""
        return Share(self.right, self.right + self.wrong).share

    @property
    def recall(self) -> float:
        """Of what there is, the share that was found."""
        return Share(self.right, self.right + self.missed).share

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return Share(2 * self.right, 2 * self.right + self.wrong + self.missed).share


class CorpusScores(Struct, frozen=True, kw_only=True):
    """How well a folder of decisions was read.

    Attributes:
        headers: Header fields as they should be.
        paragraphs: Paragraphs whose number, section, text and items are as they should be.
        role: Paragraphs with the right role.
        voice: Paragraphs with the right voice.
        boilerplate: Standard paragraphs found.
        remedies: Agreed remedies found, by paragraph, kind and sum.
        payments: Those of them that are payments, by payee too.
        done: Remedies that were done already.
        findings: Findings found, by paragraph and what was found.
        role_confusion: How often each role was taken for another: (wanted, found, times).
        voice_confusion: The same for voices.
    """

    headers: Share
    paragraphs: Share
    role: Share
    voice: Share
    boilerplate: Retrieved
    remedies: Retrieved
    payments: Retrieved
    done: Retrieved
    findings: Retrieved
    role_confusion: tuple[tuple[str, str, int], ...]
    voice_confusion: tuple[tuple[str, str, int], ...]


def score_corpus(decisions: Path, gold: CorpusGold) -> CorpusScores:
    """Read every decision that the gold names, and compare; one that is not read is all wrong."""
    read = {row.file: _read(decisions / row.file) for row in gold.decisions}
    paragraphs = {(file, p.number): p for file, d in read.items() if d for _, p in d.paragraphs()}
    pairs = [(label, paragraphs.get((label.file, label.paragraph))) for label in gold.labels]
    roles = Counter((w.role.value, p.role.value if p else "none") for w, p in pairs)
    voices = Counter((w.voice.value, p.voice.value if p else "none") for w, p in pairs)
    standard = {(w.file, w.paragraph): w.boilerplate for w in gold.labels}
    agreed = _remedies(read, gold, done=False)
    return CorpusScores(
        headers=_add(_headers(read[row.file], row) for row in gold.decisions),
        paragraphs=_add(_paragraphs(read[row.file], row) for row in gold.decisions),
        role=_diagonal(roles),
        voice=_diagonal(voices),
        boilerplate=_compare(
            Counter(key for key, p in paragraphs.items() if p.boilerplate and key in standard),
            Counter(key for key, wanted in standard.items() if wanted),
        ),
        remedies=_compare(*(Counter(key[:4] for key in side.elements()) for side in agreed)),
        payments=_compare(
            *(Counter(k for k in side.elements() if k[2] == "payment") for side in agreed)
        ),
        done=_compare(
            *(
                Counter(key[:4] for key in side.elements())
                for side in _remedies(read, gold, done=True)
            )
        ),
        findings=_findings(read, gold),
        role_confusion=_confusion(roles),
        voice_confusion=_confusion(voices),
    )


def _read(path: Path) -> Decision | None:
    try:
        return read_file(path)
    except ParseError:
        return None


def _headers(read: Decision | None, wanted: GoldDecision) -> Share:
    fields = (wanted.reference, wanted.authority, wanted.outcome, wanted.date, wanted.summary)
    if read is None:
        return Share(0, len(fields))
    found = (
        read.reference,
        " & ".join(read.bodies) or None,
        read.outcome_text,
        read.decided.isoformat() if read.decided else None,
        read.summary,
    )
    return Share(sum(a == b for a, b in zip(found, fields, strict=True)), len(fields))


def _paragraphs(read: Decision | None, wanted: GoldDecision) -> Share:
    found = {
        p.number: (section.heading, p.text, p.items)
        for section, p in (read.paragraphs() if read else ())
    }
    right = sum(
        found.get(row.number) == (row.section, row.text, row.items) for row in wanted.paragraphs
    )
    # A paragraph too many is as wrong as one too few.
    return Share(right, max(len(wanted.paragraphs), len(found)))


def _remedies(
    read: Mapping[str, Decision | None], gold: CorpusGold, *, done: bool
) -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    """Found and wanted remedies: file, paragraph, kind, pence, payee.

    One that is found where the gold says that it is told again is neither right nor wrong.
    """
    found: Counter[tuple[object, ...]] = Counter()
    wanted: Counter[tuple[object, ...]] = Counter()
    again: set[tuple[object, ...]] = set()
    for row in gold.remedies:
        decision = read.get(row.file)
        for remedy in remedies_of(decision) if decision else ():
            if remedy.done is done:
                found[
                    (row.file, remedy.paragraph, remedy.kind.value, remedy.amount_pence, remedy.to)
                ] += 1
        for wish in row.already_done if done else row.remedies:
            pence = round(wish.amount_gbp * 100) if wish.amount_gbp is not None else None
            wanted[(row.file, wish.paragraph, wish.kind.value, pence, wish.to)] += 1
            again |= {(row.file, place, wish.kind.value) for place in wish.also_in}
    places = {key[:3] for key in wanted}
    for key in [k for k in found if k[:3] in again - places]:
        del found[key]
    return found, wanted


def _findings(read: Mapping[str, Decision | None], gold: CorpusGold) -> Retrieved:
    found: Counter[tuple[object, ...]] = Counter()
    wanted: Counter[tuple[object, ...]] = Counter()
    for row in gold.findings:
        decision = read.get(row.file)
        found.update(
            (row.file, f.paragraph, f.finding) for f in (findings_of(decision) if decision else ())
        )
        wanted.update((row.file, f.paragraph, f.finding) for f in row.faults)
    return _compare(found, wanted)


def _compare(found: Counter[tuple[object, ...]], wanted: Counter[tuple[object, ...]]) -> Retrieved:
    right = (found & wanted).total()
    return Retrieved(right, found.total() - right, wanted.total() - right)


def _add(shares: Iterable[Share]) -> Share:
    listed = list(shares)
    return Share(sum(s.right for s in listed), sum(s.of for s in listed))


def _diagonal(table: Counter[tuple[str, str]]) -> Share:
    return Share(sum(n for (a, b), n in table.items() if a == b), table.total())


def _confusion(table: Counter[tuple[str, str]]) -> tuple[tuple[str, str, int], ...]:
    return tuple(sorted((a, b, n) for (a, b), n in table.items()))


def lines(scores: CorpusScores) -> Iterator[str]:
    """The scores for a person, a line each."""
    for name in ("headers", "paragraphs", "role", "voice"):
        share: Share = getattr(scores, name)
        yield f"{name:12} {share.right}/{share.of} = {share.share:.3f}"
    for name in ("boilerplate", "remedies", "payments", "done", "findings"):
        kind: Retrieved = getattr(scores, name)
        yield (
            f"{name:12} precision {kind.precision:.3f}  recall {kind.recall:.3f}  F1 {kind.f1:.3f}"
            f"  ({kind.right} right, {kind.wrong} wrong, {kind.missed} missed)"
        )
    for title, table in (("role", scores.role_confusion), ("voice", scores.voice_confusion)):
        yield f"\n{title}: wanted, found, times"
        for wanted, found, times in table:
            yield f"  {wanted:12} {found:12} {times:4}{'' if wanted == found else '  wrong'}"


def summary(scores: CorpusScores) -> dict[str, object]:
    """The scores for a machine: the counts, with the shares beside them."""
    found: dict[str, object] = {}
    for name in scores.__struct_fields__:
        value = getattr(scores, name)
        counts = msgspec.to_builtins(value)
        if isinstance(value, Share):
            counts |= {"share": value.share}
        elif isinstance(value, Retrieved):
            counts |= {"precision": value.precision, "recall": value.recall, "f1": value.f1}
        found[name] = counts
    return found
