"""The shape of the project: imports flow one way, and our names are ours."""

import ast
import importlib.metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["corpus", "index", "service", "eval"]
FOREIGN = {
    "corpus": {"numpy", "faiss", "sentence_transformers", "torch", "litestar", "bm25s"},
    "index": {"litestar", "uvicorn", "click"},
}


def imports(file: Path) -> set[str]:
    """Top-level names that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("package", ORDER)
def test_imports_flow_from_eval_to_service_to_index_to_corpus(package: str) -> None:
    later = set(ORDER[ORDER.index(package) + 1 :]) | FOREIGN.get(package, set())
    files = list((ROOT / package).rglob("*.py"))
    assert files
    for file in files:
        assert not imports(file) & later, f"{file} imports what lies above it"


def test_only_settings_reads_the_environment_for_its_own_sake() -> None:
    readers = {
        str(file.relative_to(ROOT))
        for package in ORDER
        for file in (ROOT / package).rglob("*.py")
        if any(s in file.read_text() for s in ('os.environ["UPHELD', "os.environ.get", "getenv"))
    }
    # The command line hands the data folder on to its worker processes.
    assert readers <= {"service/cli.py"}


def test_no_other_distribution_has_packages_of_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for package in ORDER:
        assert set(owners[package]) == {"upheld"}


def test_no_file_of_ours_is_longer_than_300_lines() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for package in [*ORDER, "tests"]
        for file in (ROOT / package).rglob("*.py")
        if (lines := len(file.read_text().splitlines())) > 300
    }
    assert long == {}
