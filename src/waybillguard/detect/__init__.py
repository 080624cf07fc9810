"""Detects theft in progress from access events.

Promise: one theft is one alert, raised while it can still be stopped, with a reason that a person can check. Limits
come from the account's own history, its peers and the day's orders. What a log cannot show is reported, never guessed.
"""

from waybillguard.detect.alerts import Alert, Evidence
from waybillguard.detect.catalogue import Change, Detector, changed, detectors
from waybillguard.detect.decoys import read_decoys
from waybillguard.detect.errors import DetectInputError
from waybillguard.detect.notes import Notes
from waybillguard.detect.roster import Roster, read_roster, roster_of
from waybillguard.detect.running import Inputs, detect
from waybillguard.detect.stations import Stations, read_findings

__all__ = [
    "Alert",
    "Change",
    "DetectInputError",
    "Detector",
    "Evidence",
    "Inputs",
    "Notes",
    "Roster",
    "Stations",
    "changed",
    "detect",
    "detectors",
    "read_decoys",
    "read_findings",
    "read_roster",
    "roster_of",
]
