"""Remote-control programs and print taps on a print PC: found live, hardened against, and examined as evidence.

Promise: every finding names the facts it rests on, each with its file and record; a high finding rests on two
independent ones, and a fact that is only assumed never makes more than a low one. Evidence is read in a bounded
process, nothing of it is executed and nothing is written beside it; what could not be read is said.
"""

from waybillguard.sensor.case import Approval, Case, Settings
from waybillguard.sensor.catalogue import Catalogue, Tool, catalogue
from waybillguard.sensor.examination import Examination, conclude, examine
from waybillguard.sensor.installs import Install
from waybillguard.sensor.observation import Loss, Observation, ReadFile
from waybillguard.sensor.reach import Reach

__all__ = [
    "Approval",
    "Case",
    "Catalogue",
    "Examination",
    "Install",
    "Loss",
    "Observation",
    "ReadFile",
    "Reach",
    "Settings",
    "Tool",
    "catalogue",
    "conclude",
    "examine",
]
