"""The command line of the evaluation: run, compare, gate, sweep, standard, corpus."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

_FAILED = 1

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_new_file = click.Path(dir_okay=False, path_type=Path)
_folder = click.Path(exists=True, file_okay=False, path_type=Path)
_new_folder = click.Path(file_okay=False, path_type=Path)
_encoder = click.option("--encoder", default="all-MiniLM-L6-v2", show_default=True)


def _asked(command: Callable[..., Any]) -> Callable[..., Any]:
    """What is asked of what: questions over decisions, or a BEIR folder."""
    for option in (
        click.option("--beir", type=_folder, help="A BEIR folder, in place of the other two."),
        click.option(
            "--decisions", "folders", multiple=True, type=_folder, help="Folder of files."
        ),
        click.option("--questions", type=_file, help="Questions, one JSON object a line."),
    ):
        command = option(command)
    return command


@contextmanager
def _clear_errors() -> Iterator[None]:
    """What is wrong with what was given, in one line."""
    from eval.asking import BadAsking
    from eval.gate import BadBaseline
    from eval.gold import BadGold
    from eval.runs import BadRun
    from eval.trec import BadTrec
    from index.build import NothingToBuild
    from index.sentence_encoder import EncoderUnavailable
    from service.questions import BadQuestion

    try:
        yield
    except (
        BadAsking,
        BadBaseline,
        BadGold,
        BadQuestion,
        BadRun,
        BadTrec,
        EncoderUnavailable,
        NothingToBuild,
        OSError,
    ) as error:
        raise click.ClickException(str(error)) from error


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measures how well Upheld reads and answers."""


@main.command()
@_asked
@_encoder
@click.option("--json", "as_json", is_flag=True, help="Print the whole run as JSON, to compare.")
@click.option("--report", type=_new_file, help="Write a page that shows the run.")
@click.option("--before", type=_file, help="A run to hold the report against, as JSON.")
@click.option("--trec", type=_new_folder, help="Write run.trec and qrels.trec into this folder.")
def run(
    questions: Path | None,
    folders: tuple[Path, ...],
    beir: Path | None,
    encoder: str,
    as_json: bool,
    report: Path | None,
    before: Path | None,
    trec: Path | None,
) -> None:
    """Ask every question as the service would, and score what comes back."""
    from eval.asking import ask_once
    from eval.report import lines
    from eval.runs import read_run

    with _clear_errors():
        earlier = read_run(before) if before else None
        done = ask_once(questions, folders, beir, encoder)
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
@click.argument("before", type=_file)
@click.argument("after", type=_file)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def compare(before: Path, after: Path, as_json: bool) -> None:
    """What the run AFTER gained and lost against BEFORE; both from 'run --json'."""
    from eval.compare import compare as compare_runs
    from eval.compare import lines
    from eval.runs import read_run

    with _clear_errors():
        comparison = compare_runs(read_run(before), read_run(after))
    if as_json:
        click.echo(msgspec.json.encode(comparison))
    else:
        for line in lines(comparison):
            click.echo(line)


@main.command()
@click.argument("run_file", type=_file)
@click.argument("qrels_file", type=_file)
@click.option("--relevant-from", default=1, show_default=True, help="The least grade that counts.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
def trec(run_file: Path, qrels_file: Path, relevant_from: int, as_json: bool) -> None:
    """Score any system's TREC run file against a qrels file, by the same measures."""
    from eval.report import measures
    from eval.trec import read_trec

    with _clear_errors():
        scores = read_trec(run_file, qrels_file, relevant_from)
    if as_json:
        click.echo(msgspec.json.encode(scores))
    else:
        click.echo(f"{scores.questions} questions")
        for line in measures(scores.measures):
            click.echo(line)


@main.command()
@click.argument("name")
@_asked
@_encoder
@click.option("--accept", is_flag=True, help="Take what is reached now as the new baseline.")
@click.option("--baseline", type=_new_file, help="Its file. Default: the one that is committed.")
def gate(
    name: str,
    questions: Path | None,
    folders: tuple[Path, ...],
    beir: Path | None,
    encoder: str,
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
    with _clear_errors():
        levels = read_baseline(path)
        if name not in levels and not accept:
            raise BadBaseline(f"there is no baseline of {name}: take one with --accept")
        done = ask_once(questions, folders, beir, encoder)
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
    "--decisions", "folders", required=True, multiple=True, type=_folder, help="Folder of files."
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
@click.option("--decisions", required=True, type=_folder, help="Folder of published files.")
@click.option("--gold", required=True, type=_folder, help="Folder of gold files.")
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
