"""Casework: all that a decision says in a form that can be counted."""

from msgspec import Struct

from corpus.case_references import case_references
from corpus.cross_references import cross_references
from corpus.findings import findings_of
from corpus.law import laws_cited
from corpus.model import Decision
from corpus.records import CaseReference, CrossReference, Finding, LawCited, Remedy
from corpus.remedies import remedies_of


class Casework(Struct, frozen=True, kw_only=True):
    """What a caseworker would note of a decision, each with its paragraph and exact words.

    Attributes:
        findings: What was found of each issue.
        remedies: What was agreed, or done already.
        law: Statutes, regulations and guidance cited.
        references: Cases mentioned.
        cross_references: Mentions of the decision's own paragraphs.
    """

    findings: tuple[Finding, ...]
    remedies: tuple[Remedy, ...]
    law: tuple[LawCited, ...]
    references: tuple[CaseReference, ...]
    cross_references: tuple[CrossReference, ...]


def casework(decision: Decision) -> Casework:
    """Note everything that a decision says."""
    paragraphs = [paragraph for _, paragraph in decision.paragraphs()]
    return Casework(
        findings=tuple(findings_of(decision)),
        remedies=tuple(remedies_of(decision)),
        law=tuple(laws_cited(paragraphs)),
        references=tuple(case_references(paragraphs)),
        cross_references=tuple(cross_references(paragraphs)),
    )
