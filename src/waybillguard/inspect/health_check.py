"""Health check without integration (零对接体检): takes half an hour, needs no connection, gives three things to do."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from operator import ge, gt
from typing import Final, Literal

import msgspec

from waybillguard.documents import Block, Bullets, Document, Facts, Heading, Paragraph, Table
from waybillguard.inspect.catalogue import read_yaml

_MAX_ADVICE: Final = 3
_TESTS: Final = {"ge": ge, "gt": gt}
_WHO_EN: Final = {"负责人": "Owner", "主管": "Supervisor", "打单员": "Label clerk"}


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the five steps; ``facts`` are the facts it measures."""

    id: str
    minutes: int
    zh: str
    en: str
    facts: tuple[str, ...]


class When(msgspec.Struct, frozen=True, array_like=True):
    """A threshold at which an advice is given."""

    fact: str
    operator: Literal["ge", "gt"]
    value: float


class Advice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do, and who does it."""

    rank: int
    step: str
    when: When = msgspec.field(name="if")
    zh: str = ""
    en: str = ""
    who_zh: str = ""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All steps and all advice."""

    steps: tuple[Step, ...]
    advice: tuple[Advice, ...]


class HealthCheck(msgspec.Struct, frozen=True):
    """Measured facts of the completed steps; shares are 0–1."""

    subject: str
    at: datetime
    facts: Mapping[str, float]

    def done(self) -> tuple[Step, ...]:
        """Return the completed steps: those with all facts measured."""
        return tuple(step for step in plan().steps if all(fact in self.facts for fact in step.facts))

    def missing(self) -> tuple[Step, ...]:
        """Return the steps that are still to be done."""
        done = self.done()
        return tuple(step for step in plan().steps if step not in done)

    def this_week(self) -> tuple[tuple[str, str], ...]:
        """Return at most three things to do in Chinese and English, most urgent first, missing steps last."""
        found = [
            (f"{advice.who_zh}：{advice.zh}", f"{_WHO_EN[advice.who_zh]}: {advice.en}")
            for advice in sorted(plan().advice, key=lambda one: one.rank)
            if (value := self.facts.get(advice.when.fact)) is not None
            and _TESTS[advice.when.operator](value, advice.when.value)
        ]
        found += [
            (
                f"补做体检：{step.zh}（{step.minutes} 分钟）",
                f"Missing step: {step.en} ({step.minutes} minutes)",
            )
            for step in self.missing()
        ]
        return tuple(found[:_MAX_ADVICE])


@cache
def plan() -> Plan:
    """Return the steps and advice of this version."""
    return read_yaml("health_check.yaml", Plan)


FACT_WORDS: Final = {
    "accounts_total": ("子账号总数", "sub-accounts"),
    "accounts_of_leavers": ("离职人员仍可用的子账号", "leavers' sub-accounts that still work"),
    "accounts_nobody": ("找不到使用人的子账号", "sub-accounts of nobody"),
    "labels_checked": ("抽查面单", "labels checked"),
    "labels_failing": ("不符合 GB/T 41833 的面单", "labels that fail GB/T 41833"),
    "log_exports": ("上月导出次数", "exports last month"),
    "log_out_of_hours": ("上月非工作时间操作", "acts out of hours last month"),
    "log_top_share": ("最忙账号的操作占比", "share of the busiest account"),
    "orders_total": ("样本订单", "orders in the sample"),
    "share_plaintext": ("明文订单占比", "share in plaintext"),
    "remote_tools": ("未批准的远程控制程序", "remote-control programs without approval"),
    "hardening_open": ("未完成的加固项", "hardening items open"),
}


def health_document(check: HealthCheck) -> Document:
    """Return the one printable report."""
    done = check.done()
    rows = tuple(
        (step.zh, "已完成" if step in done else "未做", "；".join(_said(check, fact) for fact in step.facts))
        for step in plan().steps
    )
    things = tuple(zh for zh, _ in check.this_week())
    todo = Bullets(things, numbered=True) if things else Paragraph("本次未发现需要立即处理的问题。")
    parts: list[Block] = [
        Facts((("单位", check.subject), ("日期", check.at.strftime("%Y-%m-%d")))),
        Heading("本周要做的三件事"),
        todo,
        Heading("体检结果"),
        Table(("步骤", "状态", "结果"), rows, (5, 2, 9)),
    ]
    if check.missing():
        parts.append(Paragraph("未做的步骤没有结论，不代表没有问题。", "warning"))
    return Document(
        title="零对接体检报告",
        subtitle=check.subject,
        blocks=tuple(parts),
        foot="体检只看当天的五项，不替代全面检查。",
    )


def _said(check: HealthCheck, fact: str) -> str:
    value = check.facts.get(fact)
    return f"{FACT_WORDS[fact][0]}：{'—' if value is None else in_words(fact, value)}"


def in_words(fact: str, value: float) -> str:
    """Format the value of a fact; shares in per cent."""
    return f"{value:.0%}" if fact in {"share_plaintext", "log_top_share"} else f"{value:g}"
