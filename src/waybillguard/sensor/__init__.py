"""Finds remote-control programs and print taps on a print PC, live or in evidence, and hardens the PC.

Promise: every finding lists its facts, each with file and record. A high finding has at least two independent facts; an
assumed fact never makes more than a low finding. Evidence is read in a process with bounded resources; none of it is
executed and nothing is written next to it. Whatever could not be read is reported as a loss.
"""

from typing import TYPE_CHECKING

from waybillguard.on_demand import on_demand

if TYPE_CHECKING:
    from waybillguard.sensor.case import Approval, Case, Settings
    from waybillguard.sensor.catalogue import Catalogue, Tool
    from waybillguard.sensor.examination import Examination, conclude, examine
    from waybillguard.sensor.installs import Install
    from waybillguard.sensor.observation import Loss, Observation, ReadFile
    from waybillguard.sensor.reach import Reach

# The child process that reads evidence does not need the modules for analysis.
__getattr__ = on_demand(
    __name__,
    {
        "Approval": "case",
        "Case": "case",
        "Catalogue": "catalogue",
        "Examination": "examination",
        "Install": "installs",
        "Loss": "observation",
        "Observation": "observation",
        "Reach": "reach",
        "ReadFile": "observation",
        "Settings": "case",
        "Tool": "catalogue",
        "conclude": "examination",
        "examine": "examination",
    },
)


__all__ = [
    "Approval",
    "Case",
    "Catalogue",
    "Examination",
    "Install",
    "Loss",
    "Observation",
    "Reach",
    "ReadFile",
    "Settings",
    "Tool",
    "conclude",
    "examine",
]
