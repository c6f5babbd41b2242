"""Bodies that come in chunks, of no length known before: Django reads none of those, so they are read here first."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

from handfast_server.protection import LARGEST_BODY

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def whole(application: Application) -> Application:
    """The application, given every body with its length. One that is too long is told so by Django, as any other."""

    def asked(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if not environ.get("CONTENT_LENGTH") and "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            body = environ["wsgi.input"].read(LARGEST_BODY + 1)
            environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return application(environ, start)

    return asked
