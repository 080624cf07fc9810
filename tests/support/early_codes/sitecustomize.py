"""Make keyd accept one-time codes of the next twenty minutes in tests (`running.EARLY`), to avoid waiting."""

import sys

if "waybillguard.service.keyd" in sys.orig_argv:
    from waybillguard.service.keyd import factors

    factors.TOLERANCE = 40  # type: ignore[misc]
