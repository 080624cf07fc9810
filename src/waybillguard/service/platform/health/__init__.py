"""Health checks of an installation; each examines one thing and states the result and what to do.

`doctor` runs all of them; the console shows those that the web process can run.
"""

from waybillguard.service.platform.health.check import Check, State

__all__ = ["Check", "State"]
