"""What tests of peaks share."""

from __future__ import annotations

from tests.digests.conftest import talk

__all__ = ["talk"]
