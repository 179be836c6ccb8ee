"""Options: what the commands of the evaluation share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

import click

from index.encoders import DEFAULT, Precision
from index.models import OFFICIAL

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
NEW_FOLDER = click.Path(file_okay=False, path_type=Path)


def asked(command: Callable[..., None]) -> Callable[..., None]:
    """Options that say what to ask of what, handed on as one `eval.asking.Asking`."""

    @wraps(command)
    def gathered(
        questions: Path | None,
        decisions: tuple[Path, ...],
        beir: Path | None,
        encoder: str | None,
        precision: str,
        reranker: str | None,
        **others: object,
    ) -> None:
        from eval.asking import Asking

        command(
            asking=Asking(
                questions=questions,
                decisions=decisions,
                beir=beir,
                encoder=encoder or (OFFICIAL if beir else DEFAULT),
                precision=Precision(precision),
                reranker=reranker,
            ),
            **others,
        )

    for option in (
        click.option("--reranker", help="Name or folder of a cross-encoder."),
        click.option(
            "--precision",
            type=click.Choice([p.value for p in Precision]),
            default=Precision.FLOAT32.value,
            show_default=True,
            help="Of encoding passages; the same on every machine unless auto.",
        ),
        click.option(
            "--encoder",
            help=f"Name or folder.  [default: {DEFAULT}, fitted to decisions; of a BEIR folder, "
            f"which is on other matters, {OFFICIAL}]",
        ),
        click.option("--beir", type=FOLDER, help="A BEIR folder, in place of the other two."),
        click.option("--decisions", multiple=True, type=FOLDER, help="Folder of decisions."),
        click.option("--questions", type=FILE, help="Questions, one JSON object a line."),
    ):
        gathered = option(gathered)
    return gathered


@contextmanager
def clear_errors() -> Iterator[None]:
    """What is wrong with what was given, in one line."""
    from eval.asking import BadAsking
    from eval.gate import BadBaseline
    from eval.gold import BadGold
    from eval.runs import BadRun
    from eval.sweep import BadGrid
    from eval.trec import BadTrec
    from index.build import NothingToBuild
    from index.models import EncoderUnavailable
    from index.reranker import RerankerUnavailable
    from service.questions import BadQuestion

    try:
        yield
    except (
        BadAsking,
        BadBaseline,
        BadGold,
        BadGrid,
        BadQuestion,
        BadRun,
        BadTrec,
        EncoderUnavailable,
        NothingToBuild,
        OSError,
        RerankerUnavailable,
    ) as error:
        raise click.ClickException(str(error)) from error
