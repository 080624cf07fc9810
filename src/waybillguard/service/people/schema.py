"""Tables of allauth that are protected too.

They exist only once people do (see ``scripts/first-migrations``).
"""

from waybillguard.service.platform.database.row_security import protect

OPERATIONS = (protect("account", "mfa", "socialaccount", "usersessions"),)
DEPENDENCIES = tuple((label, "__latest__") for label in ("account", "mfa", "socialaccount", "usersessions"))
