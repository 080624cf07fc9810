"""The gate checks every request before it runs: the grant it needs and the limit it counts against.

`RULES` lists each request that opens or searches personal data. Requests not listed need no grant, because they return
no personal data; `tests/service/keyd/test_gate.py` checks that every request was considered.

Names are checked first. A tenant must be a slug, as in the database, so that it cannot be confused with another part
of a key's context. Names have a maximum length, so they cannot fill memory, disk or the ledger.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.service.keyd import destroying, export_messages, intake, messages
from waybillguard.service.keyd.actions import action_of
from waybillguard.service.keyd.enrolling import OWNER
from waybillguard.service.keyd.errors import NotGrantedError, RequestRefusedError, StepUpNeededError
from waybillguard.service.keyd.files import SERVICE_OWNED
from waybillguard.service.keyd.grants import CLOCK_SLACK_S, STEP_UP_S, Grant, Kind
from waybillguard.service.keyd.shops import MerchantShops, require_own_shops

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

WORDS: Final = frozenset({"phone", "name", "address"})
"""Fields that search for a person. The last four digits appear in the masked view anyway; numbers name a parcel."""

MAX_NAME: Final = 128
"""Maximum length of a name; the longest names of the service are shops, with 80."""
_SLUG: Final = re.compile(r"[A-Za-z0-9_-]{0,40}")
"""The format of `tenancy.models.Tenant.slug`; empty for the service itself."""
_TEXTS: Final = frozenset({"text", "certificate", "rp_id"})
"""Fields that are not names: a workbook's password, the text of a certificate, a domain."""


def require_names(request: messages.Request) -> None:
    """Refuse a tenant that is not a slug, and a name longer than `MAX_NAME`.

    Raises:
        RequestRefusedError: the request has one; nothing was done.
    """
    context = getattr(request, "context", None)
    tenants = [getattr(request, "tenant", ""), context.tenant if context is not None else ""]
    if isinstance(request, messages.NewDataKey):  # the key of a backup
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
    """Yield the names in a field, including those in contexts, jobs, merchants and tuples of them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, messages.Context | messages.Job | MerchantShops):
        for field in value.__struct_fields__:
            yield from _names(getattr(value, field))
    elif isinstance(value, tuple):
        for one in value:
            yield from _names(one)


class Gate:
    """Checks requests against the grants they carry. It refuses before anything is opened.

    Args:
        ops: provides grants, people and counts.
    """

    def __init__(self, ops: "Operations") -> None:
        self._ops = ops
        self._rules: dict[type[messages.Request], Callable[..., None]] = {
            messages.Reveal: self._look,
            export_messages.BindNumber: self._look,
            messages.Tokens: self._tokens,
            messages.FragmentTokens: self._words,
            messages.MatchFragments: self._match,
            messages.SealBatch: self._sealing,
            intake.SealArrived: self._sealing,
            messages.Shred: partial(destroying.admit, ops),
        }

    def admit(self, request: messages.Request) -> None:
        """Check a request's grant and count the request.

        Raises:
            NotGrantedError: the grant is missing, has ended, or belongs to somebody else.
            LimitReachedError: a limit is reached.
        """
        rule = self._rules.get(type(request))
        if rule is not None:
            rule(request)

    def session(self, context: messages.Context) -> Grant:
        """Return the session of the person named in the context, with that person's current role.

        Raises:
            NotGrantedError: there is none.
        """
        grant = self._ops.grants.read(context.grant, Kind.SESSION, context.tenant)
        if grant.holder != context.actor:
            raise NotGrantedError(
                zh="授权属于另一个人，未打开任何数据。",
                en="this grant is another person's; nothing was opened.",
            )
        person = self._ops.people.find(context.tenant, context.actor)
        return grant if person is None else msgspec.structs.replace(grant, role=person.role)

    def fresh_session(self, context: messages.Context) -> Grant:
        """Return a session whose factor was shown within five minutes.

        Raises:
            NotGrantedError: there is none, or it is older.
        """
        grant = self.session(context)
        if self._ops.now_us() - grant.proved_us > (STEP_UP_S + CLOCK_SLACK_S) * 1_000_000:
            raise NotGrantedError(
                zh="验证码确认已超过 5 分钟，未打开任何数据。请再确认一次。",
                en="your code was confirmed more than five minutes ago; nothing was opened. Confirm again.",
            )
        return grant

    def confirmed_session(
        self, request: messages.Request, context: messages.Context, *, role: str = ""
    ) -> Grant:
        """Return a session whose code was just confirmed for exactly this act, and mark that code durably as used.

        Args:
            request: the act.
            context: in whose name.
            role: the role that may do it; empty: any.

        Raises:
            NotGrantedError: no session, another role, or a young further factor.
            StepUpNeededError: the code was confirmed for another act, already used, or too old.
        """
        grant, action = self.session(context), action_of(request)
        if role and grant.role != role:
            raise NotGrantedError(
                zh="此操作需要负责人确认，未做更改。",
                en="this takes an owner's confirmation; nothing changed.",
            )
        recent = self._ops.now_us() - grant.proved_us <= (STEP_UP_S + CLOCK_SLACK_S) * 1_000_000
        people = self._ops.people
        with people.lock:
            person = people.find(grant.tenant, grant.holder)
            factor = person.factor(grant.factor) if person else None
            if factor is not None and factor.further and self._ops.now_us() < grant.full_us:
                raise NotGrantedError(
                    zh="后添加的验证方式未满三天，不能确认授予权力的操作，未做更改。请用原来的验证方式确认。",
                    en="a factor that was added later confirms no act that gives power before it is three days old; nothing "
                    "changed. Confirm by the one you had before.",
                )
            if person is None or not recent or grant.action != action or grant.uid in person.acted:
                raise StepUpNeededError(
                    zh="请输入验证码确认这一项操作；一个验证码只确认一项操作，未做更改。",
                    en="confirm this very act by a code; one code confirms one act. Nothing changed.",
                    action=action,
                )
            people.put(msgspec.structs.replace(person, acted=(*person.acted, grant.uid)))
        return grant

    def _look(self, request: messages.Reveal | export_messages.BindNumber) -> None:
        grant = self.fresh_session(request.context)
        require_own_shops(self._ops, grant.tenant, grant.holder, grant.role, [request.order])
        self._ops.usage.reveal(grant, request.context.workstation)

    def _tokens(self, request: messages.Tokens) -> None:
        fields = {query.field for query in request.queries}
        if not fields & WORDS:
            return
        if self.by_machine(request.context) and fields <= {"phone", "last4", "order", "waybill"}:
            return
        self.session(request.context)

    def _words(self, request: messages.FragmentTokens) -> None:
        self.session(request.context)

    def _match(self, request: messages.MatchFragments) -> None:
        grant = self.session(request.context)
        require_own_shops(self._ops, grant.tenant, grant.holder, grant.role, request.orders)
        self._ops.usage.test(grant, len(request.orders))

    def _sealing(self, request: messages.SealBatch | intake.SealArrived) -> None:
        self._ops.usage.seal(request.tenant, len(request.rows))

    def by_machine(self, context: messages.Context) -> bool:
        """Return whether the grant is that of a machine key, made by the owner named here, who is still an owner."""
        try:
            grant = self._ops.grants.read(context.grant, Kind.MACHINE, context.tenant)
        except NotGrantedError:
            return False
        maker = self._ops.people.find(context.tenant, grant.agreed_by)
        own = (grant.holder, grant.agreed_by) == (context.session, context.actor)
        return own and maker is not None and maker.role == OWNER
