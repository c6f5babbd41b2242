"""The body of a request: JSON in UTF-8, and said to be so. A name that nobody knows is refused, with its place."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from ninja.parser import Parser
from pydantic import ConfigDict

from handfast_server.refused import Refused

_JSON = re.compile(r"application/([a-z0-9.-]+\+)?json")


class Body(Schema):
    """What every body is made from: a name that it does not know was meant for something, and is not passed over."""

    model_config = ConfigDict(extra="forbid")


class JsonBody(Parser):
    """Reads JSON alone. Of a name that an object has twice the last counts, as everywhere."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """What it says. Raises Refused for another type, ValueError for what is no JSON in UTF-8."""
        if request.content_type and not _JSON.fullmatch(request.content_type):
            raise Refused(
                "not_json", "Send JSON, and say so: Content-Type: application/json.", status=415, path="Content-Type"
            )
        found: dict[str, Any] = json.loads(request.body.decode("utf-8-sig"))
        return found
