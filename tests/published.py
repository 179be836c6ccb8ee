"""Decisions made up by hypothesis, and written in each form that pages are saved in."""

from html import escape
from io import BytesIO

from fpdf import FPDF
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from corpus.files import read_files
from corpus.model import Decision, DecisionId, Numbering, Outcome, Paragraph, Section, Source
from tests.conftest import SAMPLES


def samples() -> list[Decision]:
    """The bundled samples as they are read, in order of id."""
    read = [item for item in read_files([SAMPLES]) if isinstance(item, Decision)]
    return sorted(read, key=lambda decision: decision.decision_id)


class MadeParagraph(Struct, frozen=True):
    text: str
    items: tuple[str, ...] = ()


class MadeSection(Struct, frozen=True):
    heading: str
    paragraphs: tuple[MadeParagraph, ...]


class MadeDecision(Struct, frozen=True):
    body: str
    reference: str
    category: str
    outcome: str
    date: str
    summary: str
    sections: tuple[MadeSection, ...]


UNKNOWN = Decision(
    decision_id=DecisionId("test/1"),
    publisher="lgsco",
    reference=None,
    bodies=(),
    category=(),
    outcome=Outcome.UNKNOWN,
    outcome_text=None,
    decided=None,
    summary=None,
    url=None,
    numbering=Numbering.NONE,
    sections=(),
    source=Source(file="made.txt", sha256=""),
)
"""A decision of which nothing is known."""


def one_section(heading: str, paragraphs: tuple[Paragraph, ...]) -> Decision:
    """A decision of which nothing is known but one section."""
    return replace(UNKNOWN, sections=(Section(heading_path=(heading,), paragraphs=paragraphs),))


HEADINGS = [
    "The complaint",
    "The Ombudsman’s role and powers",
    "How I considered this complaint",
    "What I found",
    "Agreed action",
    "Final decision",
]
_word = st.sampled_from(
    "council report plan officer letter panel school fee £250 late sent wrote agreed child’s "
    "2023 section 47 review over-ruled ‘fault’ tenant assessment week (again) noise".split()
)
_clause = st.lists(_word, min_size=3, max_size=25).map(" ".join)
_sentence = st.tuples(st.sampled_from(["The", "Mr B", "It", "On Monday the", "I"]), _clause).map(
    lambda t: f"{t[0]} {t[1]}."
)
_plain = st.lists(_sentence, min_size=1, max_size=4).map(lambda s: MadeParagraph(" ".join(s)))
_listed = st.tuples(
    _clause,
    st.lists(st.tuples(st.sampled_from(["a", "its", "no"]), _clause), min_size=2, max_size=5),
).map(
    lambda t: MadeParagraph(
        f"The Council should {t[0]}:",
        (*(f"{a} {c};" for a, c in t[1][:-1]), f"{t[1][-1][0]} {t[1][-1][1]}."),
    )
)
_paragraphs = st.lists(st.one_of(_plain, _plain, _listed), min_size=1, max_size=6).map(tuple)


@st.composite
def decisions(draw: st.DrawFn) -> MadeDecision:
    """A decision with the usual headings, in the usual order."""
    return MadeDecision(
        body=draw(
            st.sampled_from(["Madeup County Council", "Transport for Nowhere", "Feigned School"])
        ),
        reference=f"99 {draw(st.integers(0, 999)):03d} {draw(st.integers(0, 999)):03d}",
        category="Planning > Enforcement",
        outcome=draw(st.sampled_from(["Upheld", "Not upheld", "Closed after initial enquiries"])),
        date=f"{draw(st.integers(1, 28)):02d} Mar 2024",
        summary=draw(_sentence),
        sections=tuple(MadeSection(h, draw(_paragraphs)) for h in HEADINGS),
    )


def _head(d: MadeDecision) -> list[str]:
    return [
        f"{d.body} ({d.reference})",
        f"Category : {d.category}",
        f"Decision : {d.outcome}",
        f"Decision date : {d.date}",
        "The Ombudsman's final decision:",
        f"Summary: {d.summary}",
    ]


_FOOT = ["Investigator's decision on behalf of the Ombudsman", "Print this page", "LGO logogram"]


def numbered(d: MadeDecision) -> str:
    """Numbers that restart in each section, items indented, blank lines between."""
    blocks = _head(d)
    for section in d.sections:
        rows = []
        for n, paragraph in enumerate(section.paragraphs, start=1):
            rows.append(f"  {n}. {paragraph.text}")
            rows += [f"      {i}. {item}" for i, item in enumerate(paragraph.items, start=1)]
        blocks += [section.heading, "\n".join(rows), "Back to top"]
    return "\n\n".join([*blocks, *_FOOT])


def hyphened(d: MadeDecision) -> str:
    """Hyphens before paragraphs and items alike, no blank lines."""
    rows = _head(d)
    for section in d.sections:
        rows.append(section.heading)
        for paragraph in section.paragraphs:
            rows += [f"- {paragraph.text}", *(f"- {item}" for item in paragraph.items)]
    return "\n".join([*rows, *_FOOT])


def bare(d: MadeDecision) -> str:
    """No marks at all."""
    rows = _head(d)
    for section in d.sections:
        rows.append(section.heading)
        for paragraph in section.paragraphs:
            rows += [paragraph.text, *paragraph.items]
    return "\n".join([*rows, *_FOOT])


def html(d: MadeDecision, *, running: bool) -> str:
    """A page of the website: article, labels with values, a list for each section."""
    n, parts = 1, list[str]()
    for section in d.sections:
        start = f' start="{n}"' if running else ""
        parts.append(f"<h2>{escape(section.heading)}</h2><ol{start}>")
        for paragraph in section.paragraphs:
            items = "".join(f"<li><p>{escape(item)}</p></li>" for item in paragraph.items)
            nested = f'<ol type="a">{items}</ol>' if items else ""
            parts.append(f"<li><p>{escape(paragraph.text)}</p>{nested}</li>")
            n += 1
        parts.append('</ol><p><a href="#top">Back to top</a></p>')
    first, last = d.category.split(" > ")
    return f"""<!DOCTYPE html><html lang="en"><head><title>{escape(d.body)}</title>
<style>p {{ margin: 0 }}</style><script>var x = "<p>no</p>";</script></head><body>
<nav><ul><li>Home</li><li>Decisions</li></ul></nav>
<article id="article">
<header class="articleHeader"><h1>{escape(d.body)} ({d.reference})</h1></header>
<div><span class="label">Category :</span> <span class="value">{first}<i>&gt;</i>{last}</span></div>
<div class="label">Decision :</div><div class="value">{d.outcome}</div>
<p><span class="label">Decision date :</span><span class="value"> {d.date}</span></p>
<h2>The Ombudsman&#39;s final decision:</h2><p><strong>Summary:</strong> {escape(d.summary)}</p>
{"".join(parts)}
<p>Investigator's decision on behalf of the Ombudsman</p><p>Print this page</p></article>
<footer><p>Cookies</p></footer></body></html>"""


def pdf(d: MadeDecision) -> bytes:
    """A text PDF as a browser prints it: wrapped lines, page numbers."""
    document = FPDF()
    document.set_font("Helvetica", size=11)
    document.add_page()
    n = 1

    def write(text: str, indent: int = 0) -> None:
        document.set_x(document.l_margin + indent)
        plain = text.replace("’", "'").replace("‘", "'").replace("£", "GBP ")
        document.multi_cell(0, 6, plain, align="L", new_x="LMARGIN", new_y="NEXT")
        document.ln(2)

    for line in _head(d):
        write(line)
    for section in d.sections:
        write(section.heading)
        for paragraph in section.paragraphs:
            write(f"{n}. {paragraph.text}")
            for item in paragraph.items:
                write(f"\x95 {item}".replace("\x95", "-"), indent=10)
            n += 1
    output = BytesIO()
    document.output(output)
    return output.getvalue()
