"""What tests of digests share."""

from __future__ import annotations

from tests.drops.conftest import community

__all__ = ["community"]
