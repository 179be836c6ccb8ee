"""Command: what the commands of every module have in common."""

import sys
from typing import NoReturn

import click

from service.settings import BadSetting, Settings

FAILED = 1
"""Exit code of a command that could not do what it was told."""


def read_settings() -> Settings:
    """The settings; one that cannot be used ends the command."""
    try:
        return Settings.read()
    except BadSetting as error:
        raise click.UsageError(str(error)) from error


def fail(error: Exception) -> NoReturn:
    """Say what went wrong in one line, and end."""
    click.echo(f"upheld: {error}", err=True)
    sys.exit(FAILED)


def printable(text: str) -> str:
    """The text without characters that could steer a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
