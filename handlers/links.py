"""Trying the links of a drop before it is confirmed: which of them lead nowhere."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

import httpx

from handlers.certificates import trusted

PATIENCE = 5.0  # seconds: a manager waits
# A page that wants a login, or no robots, is there.
THERE = frozenset({401, 403, 405, 406, 429, 451, 503})
log = logging.getLogger(__name__)


async def find_dead(links: Collection[str], *, local: bool = False) -> frozenset[str]:
    """Those of the links that do not answer. One that cannot be tried in time counts as alive.

    Addresses in one's own network are left alone unless `local`: an editor must not look around there.
    """
    async with httpx.AsyncClient(timeout=PATIENCE, follow_redirects=False, verify=trusted()) as client:
        tried = await asyncio.gather(*(_is_dead(client, link, local=local) for link in links))
    return frozenset(link for link, dead in zip(links, tried, strict=True) if dead)


async def _is_dead(client: httpx.AsyncClient, link: str, *, local: bool) -> bool:
    address = link if "://" in link else f"https://{link}"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    try:
        known = await _is_public(parts.hostname)
    except OSError:
        return True  # no such host
    if not known and not local:
        return False
    try:
        response = await client.head(address)
        if response.status_code >= 400:
            response = await client.get(address)
    except httpx.ConnectError:
        return True
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.info("a link could not be tried: %s", type(error).__name__)
        return False
    return response.status_code >= 400 and response.status_code not in THERE


async def _is_public(host: str) -> bool:
    """Whether a host lies out in the world. Raises OSError where there is no such host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(one[4][0]).is_global for one in found)
