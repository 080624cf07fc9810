"""What the print room adds to the machine API."""

from waybillguard.service.print_room.components.api import router as components
from waybillguard.service.print_room.stations.api import router as stations

ROUTERS = (components, stations)
