"""Names in requests: one rule, held against every request before anything is done with it.

A tenant is a slug, as the database keeps it: nothing that stands beside it in what a key is bound to can be taken for
a part of it. Names are short, so they fill neither memory nor disk, and the ledger has room for whoever acts.
"""

import re
from collections.abc import Iterator
from typing import Final

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.files import SERVICE_OWNED
from waybillguard.service.keyd.shops import MerchantShops

MAX_NAME: Final = 128
"""Most characters of a name; the longest of the service are shops, with 80."""
_SLUG: Final = re.compile(r"[A-Za-z0-9_-]{0,40}")
"""What `tenancy.models.Tenant.slug` takes; empty: the service itself."""
_TEXTS: Final = frozenset({"text", "certificate", "rp_id"})
"""Fields that hold no name: a workbook's password, the words of a certificate, a domain."""


def require_names(request: messages.Request) -> None:
    """Refuse a tenant that is no slug, and a name of more than `MAX_NAME` characters.

    Raises:
        RequestRefusedError: the request has one; nothing was done.
    """
    context = getattr(request, "context", None)
    tenants = [getattr(request, "tenant", ""), context.tenant if context is not None else ""]
    if isinstance(request, messages.NewDataKey):  # a backup's own
        tenants = [request.tenant.removeprefix(SERVICE_OWNED)]
    if not all(_SLUG.fullmatch(tenant) for tenant in tenants):
        raise RequestRefusedError(
            zh="仓库代号只能是 1 至 40 个字母、数字、“-”或“_”，未做任何操作。",
            en="a warehouse's code has 1 to 40 letters, digits, - or _; nothing was done.",
        )
    fields = [name for name in request.__struct_fields__ if name not in _TEXTS]
    if any(len(name) > MAX_NAME for field in fields for name in _names(getattr(request, field))):
        raise RequestRefusedError(
            zh=f"请求中的名称超过 {MAX_NAME} 个字符，未做任何操作。请缩短名称。",
            en=f"a name in the request has more than {MAX_NAME} characters; nothing was done. Shorten it.",
        )


def _names(value: object) -> Iterator[str]:
    """Yield the names in a field: its own, those of a context, a job or merchants, and those in tuples of them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, messages.Context | messages.Job | MerchantShops):
        for field in value.__struct_fields__:
            yield from _names(getattr(value, field))
    elif isinstance(value, tuple):
        for one in value:
            yield from _names(one)
