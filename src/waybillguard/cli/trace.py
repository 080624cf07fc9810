"""``waybillguard trace``: find the source of a leak from files; ``trace nodes`` works without access logs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from waybillguard.cli.output import DONE, FAULT, FOUND, USAGE, fail, json_out, say
from waybillguard.cli.trace_match import app as match
from waybillguard.errors import WaybillGuardError, reason_in_chinese

if TYPE_CHECKING:
    from typer._click.core import Context

    from waybillguard.cli.remote import Service
    from waybillguard.trace import VictimTable


class _EventsOrCommand(TyperGroup):
    """Command group in which ``trace EVENTS …`` runs the trace, besides ``trace nodes …`` and ``trace answer …``."""

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Insert the name of the hidden command before a path."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["events", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_EventsOrCommand,
    no_args_is_help=True,
    help="泄露溯源：trace EVENTS --victims V --json OUT（参数见 trace events --help）；或以下命令 / "
    "where a leak came from: trace EVENTS --victims V --json OUT (its options: trace events --help), or a command below",
)

app.add_typer(match, name="match")

_Victims = Annotated[
    Path, typer.Option("--victims", help="受害人名单（CSV 或 Excel）/ list of victims, CSV or Excel")
]
_Json = Annotated[
    str,
    typer.Option(
        "--json", help="结果 JSON，- 为标准输出 / where the result goes as JSON, - for standard output"
    ),
]


@app.command("events", hidden=True)
def events(
    path: Annotated[
        Path, typer.Argument(metavar="EVENTS", help="事件文件或文件夹 / file or folder of events")
    ],
    *,
    victims: _Victims,
    output: _Json,
    orders: Annotated[Path | None, typer.Option("--orders", help="订单 Parquet / orders, Parquet")] = None,
    roster: Annotated[Path | None, typer.Option("--roster", help="排班表 CSV / who works when, CSV")] = None,
    counts: Annotated[
        Path | None,
        typer.Option("--counts", help="保存基数的文件夹，再次溯源时直接使用 / folder that keeps base counts"),
    ] = None,
) -> None:
    """由访问日志找出泄露来源 / find the source of a leak in a log of looks."""
    import msgspec

    from waybillguard.events import CHINA, event_files
    from waybillguard.events.engines import DuckEngine
    from waybillguard.events.engines.counts import CountingEngine
    from waybillguard.trace import Shifts, trace

    words = {"read": "读取事件 / reading events", "search": "查找来源 / searching", "guards": "校验 / guards"}
    try:
        listed = _victims(victims)
        shifts = Shifts([]) if roster is None else Shifts.read(_bytes(roster))
        with DuckEngine() if counts is None else CountingEngine(counts) as engine:
            engine.load(event_files(path), CHINA)
            engine.join_accounts(shifts.renamed, shifts.until)
            engine.orders(None if orders is None else _there(orders))
            answer = trace(engine, listed, shifts, progress=lambda step: say(words[step] + " …"))
    except WaybillGuardError as error:
        fail(error)
    with json_out(output) as handle:
        handle.write(msgspec.json.format(msgspec.json.encode(answer), indent=1) + b"\n")
    leads = sum(source.priority_lead for source in answer.sources)
    say(
        f"{len(answer.sources)} 个来源，其中重点线索 {leads} 个（线索不是证据） / "
        f"{len(answer.sources)} sources, {leads} priority leads (a lead is not proof)"
    )
    for zh, en in zip(answer.checks.notes_zh, answer.checks.notes_en, strict=True):
        say(f"{zh} / {en}")
    raise typer.Exit(FOUND if answer.sources or listed.refused else DONE)


@app.command("nodes")
def nodes(
    *,
    victims: _Victims,
    shipments: Annotated[Path, typer.Option("--shipments", help="运单 CSV 或 Parquet / shipments")],
    output: _Json,
) -> None:
    """受害人的共同环节，以及向谁调取哪份日志 / what victims have in common, and which log to ask of whom."""
    import msgspec

    from waybillguard.events.engines import DuckEngine
    from waybillguard.trace.nodes import common_nodes

    try:
        listed = _victims(victims)
        with DuckEngine() as engine:
            engine.shipments(_there(shipments))
            answer = common_nodes(engine, listed)
    except WaybillGuardError as error:
        fail(error)
    with json_out(output) as handle:
        handle.write(msgspec.json.format(msgspec.json.encode(answer), indent=1) + b"\n")
    say(f"{answer.note_zh} / {answer.note_en}")
    raise typer.Exit(FOUND if answer.nodes or listed.refused else DONE)


@app.command("answer")
def answer(
    notice: Annotated[Path, typer.Argument(help="通知书 JSON 或 YAML / the notice")],
    victims: Annotated[
        Path, typer.Argument(help="受害人名单（CSV 或 Excel）/ list of victims, CSV or Excel")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", help="材料文件夹 / folder for the files")],
    wait: Annotated[bool, typer.Option(help="等待两人确认 / wait for both people")] = True,
    data: Annotated[Path | None, typer.Option(help="数据文件夹 / data folder")] = None,
) -> None:
    """答复调取证据通知：经两人确认后取得访问记录、证明和哈希清单 / answer a notice once two people confirmed it."""
    import msgspec

    from waybillguard.cli.remote import Service, config_for
    from waybillguard.trace import read_victims
    from waybillguard.trace.notice import read_notice
    from waybillguard.trace.victims import text_of

    try:
        asked = read_notice(_bytes(notice))
        content = _bytes(victims)
        listed = read_victims(content)
        if out.exists() and any(out.iterdir()):
            say(f"{out.name} 不为空，未改动 / {out.name} is not empty; nothing was touched")
            raise typer.Exit(USAGE)
        body = {"notice": msgspec.to_builtins(asked), "victims": text_of(content)}
        _say_left_out(listed)
        with Service(config_for(data)) as service:
            row = service.call("POST", "/notice-answers", json=body)
            say(f"请两位负责人在控制台确认 / two people confirm it in the console: {row['address']}")
            row = _confirmed(service, row) if wait else row
            if row["state"] != "agreed":
                say(f"尚未确认或已被拒绝（{row['state']}） / not confirmed, or refused ({row['state']})")
                raise typer.Exit(FOUND)
            _unpacked(service, row["id"], out)
    except WaybillGuardError as error:
        fail(error)
    say(f"材料已写入 {out} / the files are in {out}: sha256sum -c SHA256SUMS")


@app.command("check")
def check_folder(
    folder: Annotated[Path, typer.Argument(help="调取证据材料文件夹 / folder that was handed over")],
    *,
    policy: Annotated[
        Path | None, typer.Option(help="另行取得的台账公钥 / the ledger's keys, known from elsewhere")
    ] = None,
    output: Annotated[
        str,
        typer.Option(
            "--json", help="结果 JSON，- 为标准输出 / where the result goes as JSON, - for standard output"
        ),
    ] = "",
) -> None:
    """第三方离线核验材料：哈希清单、记录数、台账证明 / check handed-over evidence offline, as a third party."""
    import msgspec

    from waybillguard.trace.verification import verify

    try:
        found = verify(_folder(folder), None if policy is None else _bytes(policy))
    except WaybillGuardError as error:
        fail(error)
    for name in found.wrong:
        say(f"与哈希清单不符：{name} / not as the hash list says: {name}")
    for proof in found.proofs:
        if proof.reason_en:
            say(f"{proof.file}：{proof.reason_zh} / {proof.reason_en}")
    say(
        f"{found.files} 个文件，{found.records} 条记录，{found.orders} 个订单，{len(found.proofs)} 份台账证明："
        f"{'全部成立' if found.holds else '有不符'} / {found.files} files, {found.records} records, {found.orders} "
        f"orders, {len(found.proofs)} ledger proofs: {'all hold' if found.holds else 'not all hold'}"
    )
    if found.unproved:
        say(
            f"其中 {found.unproved} 个订单没有台账证明，不能排除记录被删：请与签字的材料清单核对条数，或要求补交证明 / "
            f"{found.unproved} of the orders have no ledger proof, so that rows may be missing: compare the count with the "
            "signed document, or ask for the proofs"
        )
    if found.own_policy and found.proofs:
        say(
            "公钥取自材料本身，请与见证方登记的公钥比对（--policy） / "
            "the keys came with the folder: compare them with those a witness holds (--policy)"
        )
    if output:
        with json_out(output) as handle:
            handle.write(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    raise typer.Exit(DONE if found.holds else FOUND)


def _folder(folder: Path) -> dict[str, bytes]:
    """Return the content of all files below a folder by name; links are not followed."""
    return {
        path.relative_to(folder).as_posix(): _bytes(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _confirmed(service: "Service", row: dict[str, Any]) -> dict[str, Any]:
    """Wait until two people have confirmed or somebody has refused."""
    import time

    said = row["state"]
    while row["state"] in {"asked", "confirmed"}:
        time.sleep(2)
        row = service.call("GET", f"/notice-answers/{row['id']}")
        if row["state"] != said:
            said = row["state"]
            say(f"{said} …")
    return row


def _unpacked(service: "Service", number: int, out: Path) -> None:
    """Download the files and write them to a folder after checking their hashes."""
    import tempfile
    import zipfile

    from waybillguard.trace.handover import check

    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "answer.zip"
        service.download(f"/notice-answers/{number}/files", packed)
        with zipfile.ZipFile(packed) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    if wrong := check(files):
        say(f"校验不符，未写入：{', '.join(wrong)} / hashes differ, nothing was written: {', '.join(wrong)}")
        raise typer.Exit(FAULT)
    for name, content in files.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.write_bytes(content)
        target.chmod(0o600)


def _victims(path: Path) -> "VictimTable":
    from waybillguard.trace import read_victims

    table = read_victims(_bytes(path))
    _say_left_out(table)
    if phones := sum(
        not (one.report.order_id or one.report.waybill_no or one.report.phone_token) for one in table.rows
    ):
        say(
            f"{phones} 行只有手机号：日志和运单文件不含手机号，无法对上，请补订单号、运单号，或在控制台溯源 / "
            f"{phones} rows have a phone alone, which no log or shipment holds: give orders or waybills, or use the console"
        )
    return table


def _say_left_out(table: "VictimTable") -> None:
    if table.refused:
        rows = ", ".join(map(str, table.refused))
        say(f"名单中未采用的行：{rows} / rows of the list that were left out: {rows}")


def _there(path: Path) -> Path:
    if not path.is_file():
        say(f"找不到文件 {path.name} / no such file: {path.name}")
        raise typer.Exit(USAGE)
    return path


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        say(f"无法读取 {path.name}：{reason_in_chinese(error)} / cannot read {path.name}: {error.strerror}")
        raise typer.Exit(USAGE) from None
