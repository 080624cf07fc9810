"""Kill exports and handovers of one database at each of their points, then count what is in each place.

Database and data folder come from the environment.
"""

import json
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waybillguard.service.platform.settings")
    import django

    django.setup()
    # loaded once, for every child
    import waybillguard.service.activity.platforms
    import waybillguard.service.audit.export  # noqa: F401
    from support import kill_exports, kill_handovers
    from support.children import killed_everywhere, run
    from waybillguard.service.operations.schema_state import migrate

    assert run(migrate) == 0
    told = {
        "exports": killed_everywhere(kill_exports.prepare, kill_exports.export, kill_exports.POINTS),
        "handovers": killed_everywhere(kill_handovers.prepare, kill_handovers.work, kill_handovers.POINTS),
    }
    # Counted at the end, because a process with an open connection must not fork.
    told["exports"]["found"] = kill_exports.check()
    told["handovers"]["found"] = kill_handovers.check()
    sys.stdout.write(json.dumps(told))


main()
