"""The switch: answering turned off for a while, with reading and health left up."""

from pathlib import Path

from service.unavailable import SwitchedOff

_FILE = "answering-off"


def turn_off(data: Path, reason: str) -> None:
    """Turn answering off in every server over this data folder, at once and until `turn_on`.

    Args:
        data: The folder of snapshots.
        reason: Shown to who asks.

    Raises:
        OSError: The folder cannot be written.
    """
    new = data / f"{_FILE}.new"
    new.write_text(" ".join(reason.split()), encoding="utf-8")
    new.replace(data / _FILE)


def turn_on(data: Path) -> bool:
    """Turn answering on again.

    Returns:
        Whether it was off.

    Raises:
        OSError: The folder cannot be written.
    """
    try:
        (data / _FILE).unlink()
    except FileNotFoundError:
        return False
    return True


def require_on(data: Path) -> None:
    """See that answering is not turned off.

    Raises:
        SwitchedOff: It is, or it cannot be seen whether it is.
    """
    try:
        reason = (data / _FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except (OSError, UnicodeError):
        reason = ""
    raise SwitchedOff(reason or "Answering is switched off for now.")
