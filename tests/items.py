"""Items to read, to train on and to rank, for the tests of pairs and of tuning."""

from pathlib import Path

import msgspec

from eval.pairs import Item


def item(name: str, *questions: str, near: tuple[str, ...] = ("no",), answer: str = "yes") -> Item:
    return Item(id=name, questions=questions, answer=answer, near=near)


def written(folder: Path, **lines: list[Item]) -> Path:
    """A folder with a file of items by each name."""
    for name, items in lines.items():
        (folder / f"{name}.jsonl").write_bytes(msgspec.json.Encoder().encode_lines(items))
    return folder
