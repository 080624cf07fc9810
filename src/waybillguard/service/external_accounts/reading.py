"""Read uploaded lists from the encrypted spool in a child process."""

from waybillguard.access.registry_reading import AccountList, MerchantList, PayrollList
from waybillguard.sandbox import SandboxError, ask
from waybillguard.service.external_accounts.child import SECONDS, Answer, Request
from waybillguard.service.external_accounts.errors import RegisterServiceError
from waybillguard.service.external_accounts.merchant_lists import merchants_by_shop
from waybillguard.service.external_accounts.models import StaffOrAccountList
from waybillguard.service.identity.context import context_of
from waybillguard.service.identity.models import User
from waybillguard.service.identity.sites.services import by_words
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import spool_chunks

MOST_BYTES = 16 * 1024 * 1024


type AnyList = AccountList | PayrollList | MerchantList


def read_list(row: StaffOrAccountList, user: User) -> AnyList:
    """Read an uploaded or pasted list. The ledger entry for opening it is written first.

    Raises:
        RegisterServiceError: it has no header row, is no list, is too large, or was deleted from the spool.
    """
    try:
        context = context_of(user, purpose="register")
        content = b"".join(spool_chunks(context, "accounts", row.spool_name, bytes(row.wrapped_key)))
    except FileNotFoundError:
        raise RegisterServiceError(
            zh="名单已过期并被删除，未更改任何内容。请重新上传或粘贴。",
            en="the list has expired and was removed; nothing was changed. Upload or paste it again.",
        ) from None
    return read_bytes(content, kind=row.kind, system=row.system, tenant=row.tenant)


def read_bytes(content: bytes, *, kind: str, system: str, tenant: Tenant) -> AnyList:
    """Read a list's bytes in a child process with resource limits.

    Raises:
        RegisterServiceError: it cannot be read.
    """
    if len(content) > MOST_BYTES:
        raise RegisterServiceError(
            zh="名单超过 16 MB，未读取。请只导出账号列表。",
            en="the list is over 16 MB and was not read. Export the list of accounts alone.",
        )
    kinds = StaffOrAccountList.Kind
    request = Request(
        kind=kind, system=system, zone=tenant.time_zone, content=content,
        sites=list(by_words(tenant)) if kind == kinds.PAYROLL else [],
        taken=merchants_by_shop(tenant) if kind == kinds.MERCHANTS else {},
    )  # fmt: skip
    try:
        answer = ask("waybillguard.service.external_accounts.child", request, Answer, seconds=SECONDS * 2)
    except SandboxError:
        raise RegisterServiceError(
            zh="无法读取该文件，未更改任何内容。请另存为 CSV 或 XLSX 后重试，或直接粘贴表格。",
            en="the file cannot be read; nothing was changed. Save it as CSV or XLSX, or paste the table.",
        ) from None
    found = answer.accounts or answer.payroll or answer.merchants
    if found is None:
        raise RegisterServiceError(zh=answer.zh, en=answer.en)
    return found
