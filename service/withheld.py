"""Withheld: what is not shown because it is not as it was stored, counted and reported."""

import logging

from service import metrics
from service.quotations import NotWordForWord

log = logging.getLogger(__name__)


def report_withheld(error: NotWordForWord) -> None:
    """Count and log it, by its place and without its words."""
    metrics.count_withheld()
    log.error("withheld: %s", error)
