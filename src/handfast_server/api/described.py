"""The OpenAPI of the interface: every answer an endpoint can give is described, every operation has a short name."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from handfast_server.api.errors import Error

_ERRORS = {
    "400": ("The body is no JSON.", "malformed", "The body cannot be read: it is no JSON in UTF-8."),
    "401": ("Nobody is signed in.", "not_signed_in", "Sign in, or send a token: Authorization: Bearer hf_…."),
    "403": ("Not open to your roles or to this token.", "not_allowed", "cycles.decide is not open to your roles."),
    "404": ("Nothing there that you may see.", "not_found", "There is nothing here, or you may not see it."),
    "409": (
        "The contract, or how things stand, does not allow it; the code says what.",
        "not_the_owner",
        "sam cannot decide this: 0190f0e1c2 belongs to lena. Ask them, or have it reassigned.",
    ),
    "413": ("Too much for one request.", "too_large", "This is more than one request may send; send it in parts."),
    "415": ("Another type than JSON.", "not_json", "Send JSON, and say so: Content-Type: application/json."),
    "422": ("Malformed; `path` says where.", "malformed", "Field required"),
    "429": ("Too fast.", "too_many_requests", "Too many requests in a short time; try again later."),
}

_WRITES = frozenset(("post", "put", "patch", "delete"))

_TAG = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "schema": {"type": "string", "maxLength": 100},
    "description": "The `ETag` of an answer that you have: 304 when nothing has changed since.",
}


class DescribedAPI(NinjaAPI):
    """Adds what django-ninja leaves out of a description."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The whole description, with every error."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"].setdefault("schemas", {})["Error"] = Error.model_json_schema()
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                _complete(method, operation)
        return schema


def _complete(method: str, operation: dict[str, Any]) -> None:
    operation["summary"] = _summary(operation)
    answers = {str(code): answer for code, answer in operation["responses"].items()}
    for code in {*_possible(method, operation), *(answers.keys() & _ERRORS.keys())}:
        answers[code] = _error(code)
    if "304" in answers:
        answers["304"] = {"description": "Nothing has changed since the answer that has this tag."}
        operation["parameters"] = [*operation["parameters"], _TAG]
    operation["responses"] = dict(sorted(answers.items()))


def _summary(operation: dict[str, Any]) -> str:
    """The first sentence of what the endpoint says of itself."""
    told = str(operation.get("description") or operation["summary"]).split("\n", 1)[0]
    return told.split(". ", 1)[0].rstrip(".")


def _possible(method: str, operation: dict[str, Any]) -> list[str]:
    codes = ["401", "403"] if operation.get("security") else []
    codes += ["404", "422", "429"]
    codes += ["400", "409", "413"] if method in _WRITES else []
    return codes + (["415"] if "requestBody" in operation else [])


def _error(code: str) -> dict[str, Any]:
    description, name, message = _ERRORS[code]
    example = {"code": name, "message": message, "path": "", "request_id": "5f1c0d2e9b7a4c68"}
    content = {"schema": {"$ref": "#/components/schemas/Error"}, "example": example}
    return {"description": description, "content": {"application/json": content}}
