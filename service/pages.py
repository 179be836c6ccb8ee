"""Pages: everything that a person looks at, in one router whose errors are pages, too."""

from litestar import Router
from litestar.exceptions import HTTPException

from service.ask_page import ask_pages
from service.browse_page import browse_router
from service.browse_remedies import remedies_router
from service.error_page import error_page
from service.reader_page import reader_router
from service.static_files import static_file
from service.widget_routes import widget_pages

pages = Router(
    "/",
    route_handlers=[
        ask_pages,
        reader_router,
        browse_router,
        remedies_router,
        widget_pages,
        static_file,
    ],
    include_in_schema=False,
    exception_handlers={HTTPException: error_page, Exception: error_page},
)
