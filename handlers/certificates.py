"""Whose certificates are trusted: read from disk once, which each HTTP client would do again (17 ms a time)."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """For the `verify` of every HTTP client; SSL_CERT_FILE and SSL_CERT_DIR name others than certifi's."""
    return httpx.create_ssl_context()
