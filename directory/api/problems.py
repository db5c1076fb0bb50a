"""What is said when a request cannot be answered: RFC 9457."""

import json
from http import HTTPStatus

from django.http import HttpResponse


class Problem(Exception):
    """A request that cannot be answered. `detail` says what would be right; `parameter` is the one at fault."""

    def __init__(
        self, status: HTTPStatus, detail: str, *, parameter: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.parameter, self.headers = status, detail, parameter, headers or {}

    def response(self) -> HttpResponse:
        said = {"title": self.status.phrase, "status": self.status.value, "detail": self.detail}
        if self.parameter:
            said["parameter"] = self.parameter
        return HttpResponse(
            json.dumps(said, ensure_ascii=False),
            status=self.status,
            content_type="application/problem+json",
            headers=self.headers,
        )


def wrong(parameter: str, detail: str) -> Problem:
    """A parameter that cannot be meant so."""
    return Problem(HTTPStatus.BAD_REQUEST, detail, parameter=parameter)
