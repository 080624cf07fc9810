"""Background task of calls: end bindings at the provider."""

import logging

from django.tasks import task
from django_scopes import scopes_disabled

from waybillguard.service.keyd import export_messages, messages
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.lookups.models import Call
from waybillguard.service.tenancy.key_process import keyd

logger = logging.getLogger(__name__)


@task()
def release_numbers(call_ids: list[int]) -> None:
    """End bindings at the provider. A failed one expires within 15 minutes. Safe to repeat."""
    with scopes_disabled():
        rows = list(Call.objects.filter(pk__in=call_ids).select_related("tenant"))
    for row in rows:
        context = messages.Context(tenant=row.tenant.slug, actor="service")
        try:
            keyd().call(
                export_messages.ReleaseNumber(context, row.provider, f"call-{row.pk}"),
                export_messages.Released,
            )
        except KeydError as error:
            logger.warning("a virtual number was not released: %s", error.code)
