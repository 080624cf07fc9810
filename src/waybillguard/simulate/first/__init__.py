"""The first generator: warehouses with shifts, picking waves, jams and desks (docs: rooms/simulate).

Public: `FirstWorld`. The second generator was written independently and uses other models.
"""

from waybillguard.simulate.first.world import FirstWorld

__all__ = ["FirstWorld"]
