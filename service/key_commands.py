"""Key commands: ``upheld keys``, by which keys are made, listed and revoked."""

from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from service.command import fail, read_settings
from service.keys import (
    DEFAULT_REQUESTS_A_MINUTE,
    KEYS,
    BadKey,
    Key,
    KeyFile,
    KeysUnreadable,
)
from service.settings import BadSetting

_Command = Callable[..., None]


def _common(command: _Command) -> _Command:
    """What is said of every key that is made."""
    for option in (
        click.option(
            "--requests-a-minute",
            default=DEFAULT_REQUESTS_A_MINUTE,
            show_default=True,
            type=click.IntRange(1),
            help="The most that are let through with it.",
        ),
        click.option("--name", required=True, help="Whose it is, for the list."),
    ):
        command = option(command)
    return command


_data = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of snapshots. Default: $UPHELD_DATA or ./data.",
)


@click.group()
def keys() -> None:
    """Make, list and revoke keys."""


@keys.group()
def make() -> None:
    """Make a key. Its token is printed once, and kept nowhere."""


@make.command()
@_common
@click.option("--origin", "origins", multiple=True, required=True, help="Of pages that use it.")
@_data
def site(name: str, origins: tuple[str, ...], requests_a_minute: int, data: Path | None) -> None:
    """Make a key for pages of one or more origins; it is no secret."""
    try:
        key, token = _file(data).make_site(name, origins, requests_a_minute)
    except BadSetting as error:
        raise click.BadParameter(str(error), param_hint="--origin") from error
    except (BadKey, KeysUnreadable, OSError) as error:
        fail(error)
    _tell(
        key, token, f"Pages of {', '.join(key.origins)} send it in the header 'Upheld-Key: TOKEN'."
    )


@make.command()
@_common
@_data
def server(name: str, requests_a_minute: int, data: Path | None) -> None:
    """Make a key for a server; it is a secret and must not be in a page."""
    try:
        key, token = _file(data).make_server(name, requests_a_minute)
    except (BadKey, KeysUnreadable, OSError) as error:
        fail(error)
    _tell(key, token, "It is a secret. Servers send it in 'Authorization: Bearer TOKEN'.")


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the keys as JSON.")
@_data
def list_keys(as_json: bool, data: Path | None) -> None:
    """List the keys, without their tokens."""
    file = _file(data)
    try:
        found = file.keys()
    except KeysUnreadable as error:
        fail(error)
    if as_json:
        click.echo(msgspec.json.encode([_public(key) for key in found]))
    elif not found:
        click.echo(f"no keys in {file.data / KEYS}: see 'upheld keys make --help'")
    else:
        for key in found:
            click.echo(_line(key))


@keys.command()
@click.argument("key_id")
@_data
def revoke(key_id: str, data: Path | None) -> None:
    """Revoke a key; running servers refuse it from the next request on."""
    try:
        key = _file(data).revoke(key_id)
    except (BadKey, KeysUnreadable, OSError) as error:
        fail(error)
    click.echo(_line(key))


def _file(data: Path | None) -> KeyFile:
    return KeyFile(data or read_settings().folder)


def _tell(key: Key, token: str, use: str) -> None:
    """Print the token alone on standard output, so that it can be piped to where it belongs."""
    click.echo(f"{_line(key)}\n{use}\nIts token is shown this once:", err=True)
    click.echo(token)


def _public(key: Key) -> dict[str, object]:
    content: dict[str, object] = msgspec.to_builtins(key)
    del content["sha256"]
    return content


def _line(key: Key) -> str:
    state = f"revoked {key.revoked:%Y-%m-%d}" if key.revoked else "live"
    parts = [
        key.key_id,
        f"{key.kind:<6}",
        f"{state:<18}",
        f"made {key.made:%Y-%m-%d}",
        f"{key.requests_a_minute} a minute",
        key.name,
        *key.origins,
    ]
    return "  ".join(parts)
