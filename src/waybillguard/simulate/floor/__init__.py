"""The second generator of access events: simulates people's work event by event, instead of using rates.

The same seed gives the same world. Every theft is in the truth, and every theft marked as seen is in the events.
Demand is a self-exciting process with weekly and sale-day terms. Work waits in queues and runs into overtime. Each
clerk works in sessions that are walks over actions. People differ in speed, care and habit. Honest people do unusual
things (audits, recalls, jams, forgotten sign-outs, moved stations). It was written without knowledge of the first
generator's models, so that a detector is not measured against one author's assumptions.
"""

from waybillguard.simulate.floor.world import FloorWorld

__all__ = ["FloorWorld"]
