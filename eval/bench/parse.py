"""How fast decisions are read from text: decisions a second on one core.

Run ``python -m eval.bench.parse [FOLDER...]``; without a folder, over the bundled samples.
"""

import sys
from importlib.resources import as_file, files
from pathlib import Path

from corpus.casework import casework
from corpus.files import find_files
from corpus.lines import decode, lines_of
from corpus.reader import read_decision
from eval.bench.timing import compare


def main(folders: list[Path]) -> None:
    """Print how long a decision takes, beside merely making lines of its text."""
    contents = [(path.read_bytes(), path.name) for path in find_files(folders)]
    decisions = [read_decision(*content) for content in contents]
    for name, run in (
        ("reading", lambda: [read_decision(*content) for content in contents]),
        ("casework", lambda: [casework(decision) for decision in decisions]),
    ):
        done = compare(
            f"{name} {len(contents)} decisions",
            run,
            "making lines of their text",
            lambda: [lines_of(decode(content)) for content, _ in contents],
            rounds=9,
        )
        sys.stdout.write(f"{done}\n  {len(contents) / done.seconds:.0f} decisions a second\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main([Path(argument) for argument in sys.argv[1:]])
    else:
        with as_file(files("corpus").joinpath("samples")) as samples:
            main([samples])
