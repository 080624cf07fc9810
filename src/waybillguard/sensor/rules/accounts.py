"""Rules for accounts of the PC: created, made administrator, hidden."""

from collections.abc import Iterator
from datetime import timedelta

from waybillguard.events.shared import Finding
from waybillguard.sensor.case import Case, capped, fact, near


def accounts(case: Case) -> Iterator[Finding]:
    """Yield new accounts: hidden, made administrator, or deleted soon after."""
    for seen in case.of("account_created"):
        facts = [fact(seen, "account_created")]
        raised = [
            each
            for each in case.of("account_raised")
            if (each.session and each.session == seen.session) or each.name.lower() == seen.name.lower()
        ]
        gone = [
            each
            for each in case.of("account_deleted")
            if each.name.lower() == seen.name.lower()
            and each.time
            and seen.time
            and timedelta(0) <= each.time - seen.time < timedelta(hours=24)
        ]
        hidden = seen.name.endswith("$") and not seen.account.endswith("$")
        facts += [fact(each, "made_administrator") for each in raised] + [
            fact(each, "account_deleted") for each in gone
        ]
        night = case.out_of_shift(seen.time)
        severity = "low"
        if hidden or gone or (raised and night):
            severity = "medium"
        if (
            (hidden and raised)
            or (raised and gone and night)
            or (raised and night and near(case.of("log_cleared", "session_start"), seen))
        ):
            severity = "high"
        parts_zh = [
            text
            for is_so, text in (
                (hidden, "名字以 $ 结尾，不易看到"),
                (raised, "被加入管理员组"),
                (gone, "很快又被删除"),
                (night, "在班次外"),
            )
            if is_so
        ]
        parts_en = [
            text
            for is_so, text in (
                (hidden, "its name ends in $, so it hardly shows"),
                (raised, "it was made an administrator"),
                (gone, "it was deleted soon after"),
                (night, "outside the shift"),
            )
            if is_so
        ]
        yield Finding(
            kind="hidden_account" if hidden else "account_created",
            tool="",
            severity=capped(severity, facts),
            confidence=0.85,
            time=seen.time,
            account=seen.account,
            detail_zh=f"新建了账号“{seen.name}”{'：' + '，'.join(parts_zh) if parts_zh else ''}。",
            detail_en=f"Account “{seen.name}” was made{': ' + ', '.join(parts_en) if parts_en else ''}.",
            facts=tuple(facts),
        )


def hidden_accounts(case: Case) -> Iterator[Finding]:
    """Yield existing accounts and administrators whose name ends in $, if no record shows their creation."""
    made = {seen.name.lower() for seen in case.of("account_created")}
    computer = {each.partition(".")[0].lower() + "$" for each in case.computers}
    for seen in case.of("account_raised", "account_listed"):
        name = seen.name.rpartition("\\")[2]
        if not name.endswith("$") or name.lower() in made | computer:
            continue
        yield Finding(
            kind="hidden_account",
            tool="",
            severity="medium",
            confidence=0.8,
            time=seen.time,
            account=seen.account,
            detail_zh=f"账号“{name}”以 $ 结尾，不易看到{'，而且是管理员' if seen.command else ''}。",
            detail_en=f"Account “{name}” ends in $, so it hardly shows{', and it is an administrator' if seen.command else ''}.",
            facts=(fact(seen, seen.kind),),
        )
