"""The Bot API's way of saying no."""

from __future__ import annotations

from sandbox.model import Json


class ApiError(Exception):
    """A refusal as the Bot API words it: HTTP status, description and, for some, parameters."""

    def __init__(self, code: int, description: str, parameters: Json | None = None, raw: str = "") -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters
        self.raw = raw  # what Telegram's own servers said, where the Bot API rewords it

    def as_json(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(text: str) -> ApiError:
    return ApiError(400, f"Bad Request: {text}")


# What the Bot API makes of its servers' codes; the others are passed on as they are.
REWORDED = {
    "WEBPAGE_CURL_FAILED": "failed to get HTTP URL content",
    "WEBPAGE_MEDIA_EMPTY": "wrong type of the web page content",
    "EXTERNAL_URL_INVALID": "wrong HTTP URL specified",
    "MEDIA_GROUPED_INVALID": "can't use the media of the specified type in the album",
}


def server_error(raw: str) -> ApiError:
    """A refusal by Telegram's servers, such as IMAGE_PROCESS_FAILED, as the Bot API passes it on."""
    return ApiError(400, f"Bad Request: {REWORDED.get(raw, raw)}", raw=raw)


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    return ApiError(409, f"Conflict: {text}")


class ActionError(ValueError):
    """What a person on the page may not do, or a request to the sandbox itself that makes no sense."""
