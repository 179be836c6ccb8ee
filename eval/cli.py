"""The command line of the evaluation: corpus."""

from pathlib import Path

import click
import msgspec

_folder = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measures how well Upheld reads and answers."""


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
