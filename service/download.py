"""Downloads: what is saved as a file, and what a spreadsheet must not compute."""

from typing import Literal

from litestar import Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def download(content: str, kind: Literal["csv", "plain"], name: str) -> Response[str]:
    """A response that a browser saves under this name."""
    return Response(
        content,
        media_type=f"text/{kind}",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def without_formula(cell: str) -> str:
    """A cell that no spreadsheet computes.

    >>> without_formula("=1+1"), without_formula("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
