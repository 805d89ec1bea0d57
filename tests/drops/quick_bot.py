"""`peakdrop run`, but asking about lost posts after two seconds instead of sixty: for tests that kill it often."""

from __future__ import annotations

import os
import sys
from datetime import timedelta

from bot.cli import entering, main

with entering():
    from handlers import sender, signs

if __name__ == "__main__":
    signs.ASK_AFTER = timedelta(seconds=float(os.environ.get("TEST_ASK_AFTER", "2")))
    signs.PROBES_AT = (timedelta(0), timedelta(seconds=1))
    sender.BEAT = 0.5
    sys.argv = ["peakdrop", "run"]
    main()
