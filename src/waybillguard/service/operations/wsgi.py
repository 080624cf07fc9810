"""The console and the machine API as a WSGI application (async Django costs three to five times more)."""

from waybillguard.service.operations.start import START_PATIENCE, load_rooms, start_django
from waybillguard.service.platform.lifeline import end_with_parent

end_with_parent()
start_django(START_PATIENCE)

import sys  # noqa: E402 - as below

# Threads that waited for the database, keyd or each other need the interpreter soon: drawing a label releases it after
# 1 ms instead of the default 5 ms.
sys.setswitchinterval(0.001)

from django.core.wsgi import get_wsgi_application  # noqa: E402 - settings exist only now

application = get_wsgi_application()

from waybillguard.service.authorization.active_policies import warm  # noqa: E402 - as above
from waybillguard.service.print_room.stations.warming import begin_pictures  # noqa: E402 - as above

load_rooms()  # also needed here: without fork, nothing is loaded yet
warm()
begin_pictures()
