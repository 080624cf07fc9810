"""A warehouse floor, event by event: a generator of access events that follows people, not rates.

Promise: the same seed gives the same world; every theft is in the truth, and what the truth calls seen is in
the events. Laws: demand is a self-exciting process with weekly and sale-day terms; work waits in queues and
runs into overtime; each clerk works in sessions that are walks over actions; people differ in speed, care and
habit; honest people do odd things (audits, recalls, jams, forgotten sign-outs, moved stations). It was written
without sight of the first generator's laws, so that a detector is not measured on one author's idea alone.
"""

from waybillguard.simulate.floor.world import FloorWorld

__all__ = ["FloorWorld"]
