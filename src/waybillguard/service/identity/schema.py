"""Steps of the first identity migration besides creating tables (see ``scripts/first-migrations``)."""

from waybillguard.service.platform.database.row_security import protect

OPERATIONS = (protect("identity", before_sign_in=("identity_user",)),)
