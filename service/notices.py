"""Notices: whose decisions these are, and what this service is and is not."""

from collections.abc import Iterable

from corpus.publishers import publishers

SAMPLE_NOTICE = (
    "These decisions are fictional samples that come with Upheld: no such body, person or "
    "complaint exists. To ask real ones, run 'upheld build FOLDER' with a folder of saved "
    "decisions."
)


def notice(keys: Iterable[str], *, sample: bool) -> str:
    """The acknowledgement that the publishers ask for, and what this is and is not.

    Args:
        keys: Of the publishers whose decisions are shown, in ``publishers.toml``.
        sample: Whether these are the bundled fictional samples.
    """
    if sample:
        return SAMPLE_NOTICE
    known = publishers()
    sources = " ".join(known[key].notice for key in dict.fromkeys(keys))
    return (
        f"{sources} Upheld finds and quotes passages of published decisions; it gives no advice, "
        "and each decision turns on its own facts."
    ).strip()
