"""The command line of the evaluation: run, standard, corpus."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_folder = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measures how well Upheld reads and answers."""


@main.command()
@click.option("--questions", required=True, type=_file, help="Questions, one JSON object a line.")
@click.option(
    "--decisions", "folders", required=True, multiple=True, type=_folder, help="Folder of files."
)
@click.option("--encoder", default="all-MiniLM-L6-v2", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
def run(questions: Path, folders: tuple[Path, ...], encoder: str, as_json: bool) -> None:
    """Ask every question as the service would, and score what comes back."""
    from corpus.files import read_files
    from eval.gold import BadGold, read_questions
    from eval.metrics import score
    from eval.report import lines
    from eval.runner import ask_all
    from index.build import build
    from index.encoders import load_encoder
    from service.opening import open_answerer

    try:
        gold = read_questions(questions)
    except BadGold as error:
        raise click.ClickException(str(error)) from error
    with TemporaryDirectory() as data:
        build(read_files(folders), load_encoder(encoder), Path(data))
        scores = score(gold, list(ask_all(open_answerer(Path(data)), gold)))
    if as_json:
        click.echo(msgspec.json.encode(scores))
    else:
        for line in lines(scores):
            click.echo(line)


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
