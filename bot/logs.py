"""Logs: to standard error, one line each, and never a secret in them."""

from __future__ import annotations

import logging
import re
import sys

TOKEN = re.compile(r"\b\d{5,}:[A-Za-z0-9_-]{10,}")


class _Redacting(logging.Formatter):
    """Takes out whatever looks like a bot token, in messages and traces alike."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("[token]", super().format(record))


def set_up_logs(level: str) -> None:
    """Log from `level` on; libraries that log addresses are kept to warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("alembic", "apscheduler", "httpcore", "httpx", "matplotlib", "telegram", "uvicorn"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
