"""Is this installation whole? Each check looks at one thing and says in plain words what it found and what to do.

`doctor` makes them all; the console shows those that the web process can see.
"""

from waybillguard.service.platform.health.check import Check, State

__all__ = ["Check", "State"]
