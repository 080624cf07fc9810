"""Additional schema steps of the first migration of tenants (see ``scripts/first-migrations``)."""

from waybillguard.service.platform.database.row_security import protect

OPERATIONS = (protect("tenancy", before_sign_in=("tenancy_tenant",)),)
