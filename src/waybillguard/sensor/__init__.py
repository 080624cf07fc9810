"""Remote-control programs and print taps on a print PC: found live, hardened against, and examined as evidence.

Promise: every finding names the facts it rests on, each with its file and record; a high finding rests on two
independent ones, and a fact that is only assumed never makes more than a low one. Evidence is read in a bounded
process, nothing of it is executed and nothing is written beside it; what could not be read is said.
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

# The reading child needs none of the analysis parts.
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
