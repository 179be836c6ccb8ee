"""Build bar: how far a build is, how fast it goes and how long it will take, on a terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from index.progress import Progress, Step


@contextmanager
def build_bar(title: str = "", *, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on a terminal, and nothing elsewhere; gives what a build tells.

    Args:
        title: Said before each stage.
        quiet: Show nothing on a terminal either.
    """
    console = Console(stderr=True)
    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    ) as bar:
        task = bar.add_task(title, total=None, rate="")
        stage, began = "", 0.0

        def told(step: Step) -> None:
            nonlocal stage, began
            if step.stage != stage:
                stage, began = step.stage, time.monotonic()
                bar.reset(task, total=step.total, description=f"{title}{stage}", rate="")
            seconds = time.monotonic() - began
            rate = f"{step.encoded / seconds:.0f} texts/s" if step.encoded and seconds else ""
            bar.update(task, completed=step.done, total=step.total, rate=rate)

        yield told
