"""The GraphiQL page, from the service's own files: county networks reach nothing else."""

from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from schema.kit.headers import weights

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
        "worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
    "Vary": "Accept",
}
ANSWERS = ("application/json", "application/graphql-response+json")
MISSING = "The page has not been built: run `make setup`. 页面尚未构建：请运行 make setup。\n"


def page(dist: Path) -> Response:
    """The page itself; 503 with the command to run where it has not been built."""
    index = dist / "index.html"
    return FileResponse(index, headers=HEADERS) if index.is_file() else PlainTextResponse(MISSING, 503)


class Assets(StaticFiles):
    """The page's scripts and styles; their names change with their content, so browsers keep them."""

    def __init__(self, dist: Path) -> None:
        super().__init__(directory=dist, check_dir=False)

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """As Starlette's, to be kept for a year."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def wants_page(scope: Scope) -> bool:
    """Whether a request is a browser's for the page: a GET that prefers HTML and asks no operation."""
    if scope["method"] not in ("GET", "HEAD") or b"query=" in scope["query_string"]:
        return False
    wanted = weights(",".join(Headers(scope=scope).getlist("accept")))
    html = wanted.get("text/html", 0.0)
    return html > 0 and all(html >= wanted.get(media, 0.0) for media in ANSWERS)
