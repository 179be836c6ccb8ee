"""Pages: how every page of the service is rendered, and what it lets a browser do."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from litestar import Response

from corpus.citation import OUTCOME_WORDS, day
from service.static_files import static_address
from service.text_fragment import is_publishers

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""No inline script or style, nothing from elsewhere, and no markup made of text by scripts."""

EXIT = "https://www.bbc.co.uk/weather"
"""Where "Exit this page" leads: a page that anybody might have open."""


def page(template: str, *, status: int = 200, **content: object) -> Response[str]:
    """A page.

    Args:
        template: Its name in ``service/templates``.
        status: The HTTP status.
        content: What the template shows. All of it is escaped.
    """
    return Response(
        _environment().get_template(template).render(content),
        status_code=status,
        media_type="text/html",
        headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"},
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("service"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = static_address
    environment.globals["exit"] = EXIT
    environment.globals["outcome_words"] = OUTCOME_WORDS
    environment.filters["day"] = day
    environment.tests["publishers_page"] = is_publishers
    return environment
