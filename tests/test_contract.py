"""The contract: whatever it allows is tried on the real server, and it keeps its word."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error

from service.app import create_app
from service.openapi import contract
from service.settings import Settings
from tests.conftest import server

SCHEMA = schemathesis.openapi.from_file(contract(create_app(Settings())).decode())
# A body that is too large is told so, whatever else is wrong with it.
SCHEMA.config.checks.negative_data_rejection.expected_statuses = ["400", "401", "404", "413", "415"]


@pytest.fixture(scope="module")
def client(sample_data: Path) -> Iterator[httpx.Client]:
    with server(sample_data, UPHELD_MAX_WAITING="1000") as client:
        yield client


@SCHEMA.parametrize()
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_server_keeps_its_contract(
    case: "schemathesis.Case[Any]", client: httpx.Client
) -> None:
    case.call_and_validate(base_url=str(client.base_url), additional_checks=[not_a_server_error])
