"""The command line of the evaluation: run, compare, gate, sweep, standard, corpus."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from eval.options import FILE, FOLDER, NEW_FILE, NEW_FOLDER, asked, clear_errors
from index.encoders import DEFAULT

if TYPE_CHECKING:
    from eval.asking import Asking

_FAILED = 1

_pairs = click.option(
    "--pairs", required=True, type=FOLDER, help="Folder of questions with answers."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measures how well Upheld reads and answers."""


@main.command()
@asked
@click.option("--standalone", is_flag=True, help="Ask follow-ups as written to stand alone.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole run as JSON, to compare.")
@click.option("--report", type=NEW_FILE, help="Write a page that shows the run.")
@click.option("--before", type=FILE, help="A run to hold the report against, as JSON.")
@click.option("--trec", type=NEW_FOLDER, help="Write run.trec and qrels.trec into this folder.")
def run(
    asking: "Asking",
    standalone: bool,
    as_json: bool,
    report: Path | None,
    before: Path | None,
    trec: Path | None,
) -> None:
    """Ask every question as the service would, and score what comes back."""
    from eval.asking import ask_once
    from eval.report import lines
    from eval.runs import read_run

    with clear_errors():
        earlier = read_run(before) if before else None
        done = ask_once(asking, standalone=standalone)
        if report:
            from eval.report_page import report_page

            report.write_text(report_page(done, earlier), encoding="utf-8")
        if trec:
            from eval.trec import write_trec

            write_trec(done, trec)
    if as_json:
        click.echo(done.as_json())
    else:
        for line in lines(done.scores):
            click.echo(line)


@main.command()
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def compare(before: Path, after: Path, as_json: bool) -> None:
    """What the run AFTER gained and lost against BEFORE; both from 'run --json'."""
    from eval.compare import compare as compare_runs
    from eval.compare import lines
    from eval.runs import read_run

    with clear_errors():
        comparison = compare_runs(read_run(before), read_run(after))
    if as_json:
        click.echo(msgspec.json.encode(comparison))
    else:
        for line in lines(comparison):
            click.echo(line)


@main.command()
@asked
@click.option(
    "--try",
    "tried",
    multiple=True,
    metavar="WEIGHT=VALUES",
    help="Values of one weight, by commas: words=0.2,0.3. Each combination is tried.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def sweep(
    asking: "Asking",
    tried: tuple[str, ...],
    as_json: bool,
) -> None:
    """Try settings of the ranking, and say what choosing among them is worth (cross-validated)."""
    from eval.asking import opened
    from eval.sweep import lines, read_grid
    from eval.sweep import sweep as try_all

    with clear_errors(), opened(asking) as (answerer, gold):
        swept = try_all(answerer, gold, read_grid(tried), asking.relevant_from)
    if as_json:
        click.echo(msgspec.json.encode(swept))
    else:
        for line in lines(swept):
            click.echo(line)


@main.command()
@asked
def calibrate(asking: "Asking") -> None:
    """Fit the service's confidence to questions, some of which nothing answers, and keep it."""
    from eval.asking import opened
    from eval.calibrate import calibrate as fit
    from eval.calibrate import keep

    with clear_errors(), opened(asking) as (answerer, gold):
        calibration, area = fit(answerer.retriever, gold, asking.name)
        keep(asking.encoder, calibration)
    click.echo(f"{asking.encoder}: area {area:.3f} (cross-validated)")
    click.echo(f"threshold {calibration.threshold:.3f}")


@main.command()
@_pairs
@click.option("--encoder", default=DEFAULT, show_default=True, help="Name or folder.")
def pairs(pairs: Path, encoder: str) -> None:
    """How often an encoder finds the right paragraph first, on pairs never trained on."""
    from eval.pairs import EncodedItems, read_items, worth
    from index.encoders import Precision, load_encoder
    from index.examples import examples_of

    with clear_errors():
        loaded = load_encoder(encoder, precision=Precision.FLOAT32)
        encoded = EncodedItems.held_out(loaded, read_items(pairs))
        told = {"": worth(encoded)}
        if examples := examples_of(encoder):
            told[" with its examples"] = worth(encoded, examples)
    for how, it in told.items():
        click.echo(
            f"{encoder}{how}: the answer comes first for {it.first:.3f} of {it.questions} held-out "
            f"questions; mean reciprocal rank {it.reciprocal_rank:.3f}"
        )
        if it.told_apart is not None:
            click.echo(f"told from questions that it does not answer: area {it.told_apart:.3f}")


@main.command()
@_pairs
@click.option("--out", required=True, type=NEW_FILE, help="Where to write the adapter.")
def tune(pairs: Path, out: Path) -> None:
    """Train the encoder's adapter on pairs; an hour or so on two cores."""
    from eval.pairs import read_items
    from eval.tune import Settings
    from eval.tune import tune as train

    with clear_errors():
        items = read_items(pairs)
        out.write_bytes(train(items, Settings(), told=lambda line: click.echo(line, err=True)))


@main.command()
@_pairs
@click.option("--out", required=True, type=NEW_FILE, help="Where to write the judge.")
def judge(pairs: Path, out: Path) -> None:
    """Fit the judge of the encoder's vectors to pairs; some minutes on two cores."""
    from eval.judging import as_file, fit_judge
    from eval.pairs import read_items
    from index.encoders import load_encoder

    with clear_errors():
        fitted, area = fit_judge(load_encoder(DEFAULT), read_items(pairs))
        out.write_bytes(as_file(fitted))
    click.echo(f"answers told from what is near, on items held out: area {area:.3f}")


@main.command()
@_pairs
def examples(pairs: Path) -> None:
    """Make the encoder's examples from pairs, and keep them; some minutes on two cores."""
    import faiss

    from eval.exemplifying import as_file, make_examples
    from eval.pairs import read_items
    from index.encoders import load_encoder
    from index.examples import ANSWERS, QUESTIONS, WORDS

    with clear_errors():
        made = make_examples(load_encoder(DEFAULT), read_items(pairs))
        faiss.write_index(made.questions, str(QUESTIONS))
        faiss.write_index(made.answers, str(ANSWERS))
        WORDS.write_bytes(as_file(made.words))
    click.echo(f"{made.questions.ntotal} examples")


@main.command()
@click.argument("run_file", type=FILE)
@click.argument("qrels_file", type=FILE)
@click.option("--relevant-from", default=1, show_default=True, help="The least grade that counts.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
def trec(run_file: Path, qrels_file: Path, relevant_from: int, as_json: bool) -> None:
    """Score any system's TREC run file against a qrels file, by the same measures."""
    from eval.report import measures
    from eval.trec import read_trec

    with clear_errors():
        scores = read_trec(run_file, qrels_file, relevant_from)
    if as_json:
        click.echo(msgspec.json.encode(scores))
    else:
        click.echo(f"{scores.questions} questions")
        for line in measures(scores.measures):
            click.echo(line)


@main.command()
@click.argument("name")
@asked
@click.option("--accept", is_flag=True, help="Take what is reached now as the new baseline.")
@click.option("--baseline", type=NEW_FILE, help="Its file. Default: the one that is committed.")
def gate(
    name: str,
    asking: "Asking",
    accept: bool,
    baseline: Path | None,
) -> None:
    """Fail where the set NAME does significantly worse than its committed baseline."""
    from eval.asking import ask_once
    from eval.gate import (
        BASELINE,
        BadBaseline,
        judge,
        level,
        lines,
        read_baseline,
        write_baseline,
    )

    path = baseline or BASELINE
    with clear_errors():
        levels = read_baseline(path)
        if name not in levels and not accept:
            raise BadBaseline(f"there is no baseline of {name}: take one with --accept")
        done = ask_once(asking)
        verdict = None if accept else judge(name, done, levels[name])
    if verdict is None:
        write_baseline(levels | {name: level(done)}, path)
        click.echo(f"{name}: baseline taken")
        return
    for line in lines(verdict):
        click.echo(line)
    if verdict.faults:
        sys.exit(_FAILED)


@main.command()
@click.option(
    "--decisions", "folders", required=True, multiple=True, type=FOLDER, help="Folder of files."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def standard(folders: tuple[Path, ...], as_json: bool) -> None:
    """List the standard paragraphs: in how many decisions each stands, and its words."""
    from corpus.files import read_files
    from corpus.model import Decision
    from corpus.standard import standard_paragraphs

    decisions = [d for d in read_files(folders) if isinstance(d, Decision)]
    for group in standard_paragraphs(decisions):
        if as_json:
            click.echo(msgspec.json.encode(group))
        else:
            click.echo(f"{group.count:5}  {group.canonical}")


@main.command()
@click.option("--decisions", required=True, type=FOLDER, help="Folder of published files.")
@click.option("--gold", required=True, type=FOLDER, help="Folder of gold files.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
def corpus(decisions: Path, gold: Path, as_json: bool) -> None:
    """Compare what is read from decisions with what people read by hand."""
    from eval.corpus_gold import read_gold
    from eval.corpus_scores import lines, score_corpus, summary

    try:
        wanted = read_gold(gold)
    except (OSError, msgspec.ValidationError) as error:
        raise click.ClickException(f"{gold}: {error}") from error
    scores = score_corpus(decisions, wanted)
    if as_json:
        click.echo(msgspec.json.encode(summary(scores)))
    else:
        for line in lines(scores):
            click.echo(line)
