"""In keyd of a service under test: codes of the next twenty minutes (`running.EARLY`) are taken, so that nobody waits."""

import sys

if "waybillguard.service.keyd" in sys.orig_argv:
    from waybillguard.service.keyd import factors

    factors.TOLERANCE = 40  # type: ignore[misc]
