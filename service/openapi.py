"""The API's contract: what stands at ``/schema`` and is committed in ``service/openapi.json``."""

import sys

import msgspec
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, Schema, SecurityScheme

from index.tables import Filters
from service.questions import Question, Turn
from service.verifying import Pasted

VERSION = "0.1.0"

_CLOSED = (Question, Turn, Filters, Pasted)
"""What takes no field but its own."""

CONFIG = OpenAPIConfig(
    title="Upheld",
    version=VERSION,
    description="Answers questions from published Ombudsman decisions, quoted word for word and "
    "cited to the paragraph.",
    path="/schema",
    render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
    use_handler_docstrings=True,
    components=Components(
        security_schemes={
            "site": SecurityScheme(
                type="apiKey",
                name="Upheld-Key",
                security_scheme_in="header",
                description="A site's public key, good for pages of its own origins.",
            ),
            "server": SecurityScheme(
                type="http", scheme="bearer", description="A server's secret key."
            ),
        }
    ),
    security=[{}, {"site": []}, {"server": []}],
)


def put_right(app: Litestar) -> None:
    """Say in the contract what Litestar leaves out or blurs.

    Which structs take no further fields; and that the items of a ``tuple[X, ...]`` are each an X,
    where Litestar takes the dots for a second type that may be anything.
    """
    schemas = app.openapi_schema.components.schemas
    for struct in _CLOSED:
        schemas[struct.__name__].additional_properties = False
    for schema in schemas.values():
        _name_items(schema)


def _name_items(schema: Schema) -> None:
    for part in (*(schema.properties or {}).values(), *(schema.one_of or ()), schema.items):
        if isinstance(part, Schema):
            _name_items(part)
    items = schema.items
    if isinstance(items, Schema) and items.one_of and items.one_of[-1] == Schema():
        (schema.items,) = items.one_of[:-1]


def contract(app: Litestar) -> bytes:
    """The OpenAPI document of the application, formatted, with a line's end."""
    schema = app.openapi_schema.to_schema()
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"


def main() -> None:
    """Print the contract."""
    from service.app import create_app
    from service.settings import Settings

    sys.stdout.buffer.write(contract(create_app(Settings())))


if __name__ == "__main__":
    main()
