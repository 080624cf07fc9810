"""Hand over evidence under a notice: records as written, proofs, hashes and lists to be signed.

A third party can check everything without this software. The figures of the document can be recounted from
``records.csv``. ``viewers.csv`` summarises it with people's names and order numbers. ``sha256sum -c`` checks
``SHA256SUMS``, and ``waybillguard trace check`` checks the whole folder. No consignee appears in the clear.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Final

import msgspec

from waybillguard.documents import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Signatures,
    Table,
    to_pdf,
)
from waybillguard.events.engines.answers import HandoverRow, StationOrderRow
from waybillguard.events.engines.queries import HANDOVER, STATION_EXPOSURE
from waybillguard.orders.rows_cells import neutralise
from waybillguard.trace.joining import Asking
from waybillguard.trace.notice import Notice, Scope

_EPOCH: Final = date(1970, 1, 1)
_SHOWN: Final = 40
_CHINA: Final = timezone(timedelta(hours=8))
_LIMITS: Final = (
    "records.csv 每行是一次操作：时间、账号、工位、地址、动作、订单、是否显示明文（exposed）、是否放行（allowed）、由何种工作解释（explained_by）。",
    "viewers.csv 按订单、账号、工位汇总 records.csv，并写出账号对应的人员和订单号；人员姓名、订单号取自固定时的登记。",
    "有访问记录只说明该账号、该工位打开或打印过该订单，不说明是谁操作，也不说明数据由此流出。",
    "没有访问记录不说明没有接触：拍照、快递环节、店铺后台、平台一侧的接触不在本系统记录之内。",
    "名单中没有访问记录的订单，可能不属于本单位，也可能超出期间或记录的保存期限。",
)
NOT_PROOF: Final = "重点线索仅供侦查参考，不是证据；不得仅凭本材料对任何人作出处理。"


class Custody(msgspec.Struct, frozen=True, kw_only=True):
    """Who hands over the records, who approved it, and the ledger proofs.

    Attributes:
        unit: the warehouse's name.
        prepared_at: time of preparation, aware.
        approved_by: names of the two people whose grants allowed it.
        ledger: proofs and checkpoints to lay beside the records, by file name.
        note: what is missing, in words (a proof that could not be made, a day without records).
        names: maps an account or order as the records write it to the person's name or the order number.
    """

    unit: str
    prepared_at: datetime
    approved_by: tuple[str, ...]
    ledger: dict[str, bytes] = {}
    note: str = ""
    names: dict[str, str] = {}


def hand_over(
    engine: Asking,
    tenant: str,
    notice: Notice,
    orders: Sequence[str],
    custody: Custody,
    scope: Scope | None = None,
) -> dict[str, bytes]:
    """Return the files to hand over, by name.

    Args:
        engine: with ``events`` loaded.
        tenant: the warehouse.
        notice: the notice that asks for the records.
        orders: the victims' orders that this warehouse has.
        custody: who hands over, and the ledger proofs.
        scope: the notice's accounts and stations as written in the records; None uses the notice's own scope.
    """
    scope = notice.scope if scope is None else scope
    engine.table("victims", [(one,) for one in sorted(set(orders))])
    engine.table("scope_accounts", [(one,) for one in scope.accounts])
    engine.table("scope_stations", [(one,) for one in scope.workstations])
    rows = engine.ask(
        HANDOVER,
        tenant=tenant,
        first_day=(notice.start - _EPOCH).days,
        last_day=(notice.end - _EPOCH).days,
        victims_only=scope.victims_only,
        accounts_only=bool(scope.accounts),
        stations_only=bool(scope.workstations),
    )
    files: dict[str, bytes] = {
        "records.csv": records(rows),
        "viewers.csv": viewers(rows, custody.names),
        "notice.json": msgspec.json.encode(notice),
    }
    files |= {f"ledger/{name}": content for name, content in sorted(custody.ledger.items())}
    files["fixed-evidence-list.csv"] = _fixed(files, custody)
    files["handover.pdf"] = to_pdf(_document(notice, rows, files, custody, set(orders)))
    files["SHA256SUMS"] = checksums(files)
    return files


def records(rows: Sequence[HandoverRow]) -> bytes:
    """Return access records as CSV, one line each, sorted by time; times carry China's offset."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    names = [name for name in HandoverRow.__struct_fields__ if name not in {"ts_us", "day", "w10"}]
    writer.writerow(["time", *names])
    for row in rows:
        writer.writerow([_when(row.ts_us), *(_cell(getattr(row, name)) for name in names)])
    return ("\ufeff" + out.getvalue()).encode()


def viewers(rows: Sequence[HandoverRow], names: Mapping[str, str]) -> bytes:
    """Return who touched which order as CSV: one line for each order, account and workstation, sorted by first time."""
    found: dict[tuple[str, str, str], list[HandoverRow]] = {}
    for row in rows:
        if row.order_id:
            found.setdefault((row.order_id, row.account or "", row.workstation or ""), []).append(row)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(
        ["订单号", "人员", "工位", "操作次数", "其中显示明文", "最早", "最晚", "account", "order_id"]
    )
    for (order, account, station), some in found.items():
        text = (names.get(order, order), names.get(account, account), station)
        plain = sum(bool(row.exposed and row.allowed) for row in some)
        times = (_when(some[0].ts_us), _when(some[-1].ts_us))
        writer.writerow([*map(_cell, text), len(some), plain, *times, _cell(account), _cell(order)])
    return ("\ufeff" + out.getvalue()).encode()


def _cell(value: object) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return neutralise(text)  # an account or a purpose must not run as a formula in a spreadsheet


def _when(us: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
    return moment.astimezone(_CHINA).isoformat(timespec="milliseconds")


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Return the hash list in the form that ``sha256sum -c`` reads."""
    return "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def check(files: Mapping[str, bytes]) -> list[str]:
    """Return the names of files that are missing, added, or do not match the hash list."""
    listed: dict[str, str] = {}
    for line in files.get("SHA256SUMS", b"").decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    wrong = {name for name in listed if name not in files or sha256(files[name]).hexdigest() != listed[name]}
    return sorted(wrong | (files.keys() - listed.keys() - {"SHA256SUMS"}))


def _fixed(files: Mapping[str, bytes], custody: Custody) -> bytes:
    """Return the list of fixed evidence (固定电子数据清单): the fields of the form, one line a file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["序号", "名称", "类别", "来源", "大小（字节）", "SHA-256", "固定时间", "备注"])
    for number, (name, content) in enumerate(sorted(files.items()), 1):
        kind = "台账证明" if name.startswith("ledger/") else "电子数据"
        writer.writerow(
            [
                number,
                name,
                kind,
                custody.unit,
                len(content),
                sha256(content).hexdigest(),
                _china(custody.prepared_at),
                "",
            ]
        )
    return ("\ufeff" + out.getvalue()).encode()


def _china(moment: datetime) -> str:
    return moment.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _document(
    notice: Notice,
    rows: Sequence[HandoverRow],
    files: Mapping[str, bytes],
    custody: Custody,
    victims: set[str],
) -> Document:
    by_account = Counter(_named(row.account, custody.names) or "（无账号）" for row in rows)
    by_station = Counter(row.workstation or "（无工位）" for row in rows)
    blocks: list[Block] = [
        Facts(
            (
                ("通知机关", notice.authority),
                ("文书号", notice.number),
                ("文书日期", notice.date.isoformat()),
                ("调取期间", f"{notice.start.isoformat()} 至 {notice.end.isoformat()}"),
                ("提供单位", custody.unit),
                ("批准人", "、".join(custody.approved_by)),
                ("固定时间", _china(custody.prepared_at)),
            )
        ),
        Heading("访问记录概况"),
        Paragraph(
            f"名单中的订单 {len(victims)} 个，其中 {len(victims & {row.order_id for row in rows})} 个在期间内有访问记录；"
            f"期间内符合范围的访问记录 {len(rows)} 条，涉及订单 {len({row.order_id for row in rows if row.order_id})} 个。"
            "记录按原样导出，不含收件人姓名、电话、地址；时间为北京时间。"
        ),
        _top("账号", by_account),
        _top("工位", by_station),
        Heading("哈希清单"),
        Table(
            ("文件", "字节", "SHA-256"),
            tuple(
                (name, str(len(content)), sha256(content).hexdigest())
                for name, content in sorted(files.items())
            ),
            (4, 2, 10),
        ),
        Paragraph(
            "核对方法：在材料文件夹内运行 sha256sum -c SHA256SUMS；或运行 waybillguard trace check 文件夹，一并核对哈希、记录数和台账证明。"
        ),
    ]
    blocks += [Heading("本材料说明什么、不说明什么"), Bullets(_LIMITS)]
    if custody.note:
        blocks.append(Paragraph(custody.note, "warning"))
    blocks += [
        Paragraph(NOT_PROOF, "note"),
        Paragraph("取证前应先封存原始存储介质；本材料为服务所存记录的导出，不代替对原始介质的检验。", "note"),
        Signatures(("提供人", "办案人员", "见证人")),
    ]
    return Document(
        title="调取证据材料清单",
        subtitle=f"{notice.authority} {notice.number}",
        blocks=tuple(blocks),
        foot=notice.number,
    )


def _named(account: str | None, names: Mapping[str, str]) -> str:
    name = names.get(account or "", "")
    return f"{name}（{account}）" if name and name != account else account or ""


def _top(name: str, counts: Counter[str]) -> Table:
    return Table(
        (name, "记录数"), tuple((one, str(count)) for one, count in counts.most_common(_SHOWN)), (6, 2)
    )


class StationExposure(msgspec.Struct, frozen=True, kw_only=True):
    """The upper bound of what a program could have copied from a station between its installation and its removal."""

    workstation: str
    orders: tuple[StationOrderRow, ...]

    @property
    def printed(self) -> int:
        """Number of orders printed there."""
        return sum(row.prints > 0 for row in self.orders)

    @property
    def read(self) -> int:
        """Number of orders viewed there."""
        return sum(row.reads > 0 for row in self.orders)

    @property
    def plain(self) -> int:
        """Number of orders of which something was shown in plain."""
        return sum(row.exposed for row in self.orders)

    def by_day(self) -> dict[str, int]:
        """Return orders by the day (China) on which they were first printed or viewed."""
        days = Counter((row.first_us // 1_000_000 + 8 * 3600) // 86_400 for row in self.orders)
        return {(_EPOCH + timedelta(days=day)).isoformat(): count for day, count in sorted(days.items())}

    def __repr__(self) -> str:
        """Show the number of orders only."""
        return f"StationExposure({len(self.orders)} orders)"


def station_exposure(
    engine: Asking, tenant: str, workstation: str, installed: datetime, removed: datetime
) -> StationExposure:
    """Return every order printed or viewed on a station from installation to removal (aware times)."""
    rows = engine.ask(
        STATION_EXPOSURE,
        tenant=tenant,
        workstation=workstation,
        from_us=int(installed.timestamp() * 1_000_000),
        to_us=int(removed.timestamp() * 1_000_000),
    )
    return StationExposure(workstation=workstation, orders=tuple(rows))
