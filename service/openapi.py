"""Prints the API's contract, as it is committed in ``service/openapi.json``."""

import sys

import msgspec

from service.app import create_app
from service.settings import Settings


def contract() -> bytes:
    """The OpenAPI document of the application, formatted, with a line's end."""
    schema = create_app(Settings()).openapi_schema.to_schema()
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(contract())
