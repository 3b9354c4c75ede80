"""What is logged and how: the request's identifier on every line, and never who or what."""

from __future__ import annotations

import logging
from typing import Any

from wellpost.server.audit.context import current_trace


class RequestIdentifier(logging.Filter):
    """Gives each line the identifier of the request being answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes."""
        trace, request = current_trace(), getattr(record, "request", None)
        record.request_id = trace.request_id if trace else getattr(request, "request_id", "-")
        return True


LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": RequestIdentifier}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {request_id} {message}", "style": "{"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "line",
        },
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Statements hold the values bound to them: never on the log, whatever the level.
        "django.db.backends": {"level": "WARNING"},
        # Would log the identifiers of passkeys.
        "fido2": {"level": "WARNING"},
    },
}
