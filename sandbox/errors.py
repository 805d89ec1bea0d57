"""The Bot API's way of saying no."""

from __future__ import annotations

from sandbox.model import Json


class ApiError(Exception):
    """A refusal as the Bot API words it: HTTP status, description and, for some, parameters."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(text: str) -> ApiError:
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    return ApiError(409, f"Conflict: {text}")


class ActionError(ValueError):
    """What a person on the page may not do, or a request to the sandbox itself that makes no sense."""
