"""The first generator of worlds: halls with shifts, waves, jams and desks (docs: rooms/simulate).

Public: `FirstWorld`. Its laws are its own; a second generator with other laws is written without a look at it.
"""

from waybillguard.simulate.first.world import FirstWorld

__all__ = ["FirstWorld"]
