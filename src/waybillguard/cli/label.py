"""``label print``: write labels of sealed orders to a file. ``label check``: check photos of any labels."""

import os
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from waybillguard.cli import label_check
from waybillguard.cli.output import FOUND, USAGE, fail, say
from waybillguard.cli.remote import Service, ServiceError, config_for
from waybillguard.errors import WaybillGuardError, reason_in_chinese

app = typer.Typer(no_args_is_help=True, help="面单 / parcel labels")

app.command("check")(label_check.check)

ENDINGS = {".pdf": "pdf", ".png": "png", ".zpl": "zpl", ".tspl": "tspl", ".cpcl": "cpcl", ".escpos": "escpos"}


class Size(StrEnum):
    """Paper sizes, millimetres."""

    S76X130 = "76x130"
    S100X150 = "100x150"
    S100X180 = "100x180"


class Dpi(StrEnum):
    """Resolutions of label printers."""

    D203 = "203"
    D300 = "300"


@app.command("print")
def print_labels(
    *,
    out: Annotated[Path, typer.Option("--out", help=" ".join(ENDINGS))],
    order: Annotated[
        list[str] | None, typer.Option("--order", help="订单号或运单号 / order or waybill number")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="所有未打印的 B、C 类订单 / every sealed order not yet printed")
    ] = False,
    size: Annotated[Size, typer.Option(help="毫米 / mm")] = Size.S76X130,
    dpi: Annotated[Dpi, typer.Option(help="打印头 / print head")] = Dpi.D203,
    full_page: Annotated[
        bool, typer.Option("--full-page", help="ZPL：整页图形 / ZPL as one graphic")
    ] = False,
    carrier: Annotated[
        str, typer.Option(help="缺运单号时的快递接口 / carrier interface for orders without numbers")
    ] = "",
    data: Annotated[Path | None, typer.Option("--data", help="数据目录 / data folder")] = None,
) -> None:
    """为已密封的订单打印隐私面单 / print privacy waybills of sealed orders."""
    kind = ENDINGS.get(out.suffix.lower())
    if kind is None:
        endings = " ".join(ENDINGS)
        say(f"不支持的文件类型 {out.suffix}：请用 {endings} / unknown ending: use {endings}")
        raise typer.Exit(USAGE)
    if everything == bool(order):
        say("请用 --order 指定订单，或用 --all 打印全部未打印订单 / name orders with --order, or use --all")
        raise typer.Exit(USAGE)
    if kind == "zpl" and full_page:
        kind = "zpl-full"
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        say(f"无法写入 {out.parent} / cannot write to {out.parent}")
        raise typer.Exit(USAGE)
    try:
        with Service(config_for(data)) as service:
            body = {
                "orders": order or None,
                "all": everything,
                "size": size.value,
                "dpi": int(dpi.value),
                "file_kind": kind,
                "carrier": carrier,
            }
            run = _run(service, body)
            not_found = run["not_found"]
            refused = service.call("GET", f"/label-runs/{run['id']}/refused") if run["refused"] else []
            if run["done"]:
                _fetch(service, run, out, kind)
    except WaybillGuardError as error:
        fail(error)
    say(
        f"已打印 {run['done']} 张，拒绝 {run['refused']} 张 / {run['done']} labels, {run['refused']} refused: {out}"
    )
    for number in not_found:
        say(f"  {number}: 没有这个订单 / no such order")
    for row in refused:
        say(f"  {row['order_no'] or row['waybill_no'] or '?'}: {row['reason_zh']} / {row['reason_en']}")
    if not_found or refused:
        raise typer.Exit(FOUND)


def _run(service: Service, body: dict[str, Any]) -> dict[str, Any]:
    from rich.console import Console

    started = service.call("POST", "/label-runs", json=body)
    with Console(stderr=True).status("") as status:
        run = service.wait(
            f"/label-runs/{started['id']}",
            {"waiting", "drawing"},
            lambda answer: status.update(f"{answer['done']} / {answer['wanted']}"),
        )
    if run["state"] != "ready":
        raise ServiceError(zh=run["error_zh"], en=run["error_en"])
    return {**run, "not_found": started["not_found"]}


def _fetch(service: Service, run: dict[str, Any], out: Path, kind: str) -> None:
    try:
        if kind != "png":
            service.download(f"/label-runs/{run['id']}/file", out)
            return
        # Pictures arrive as one archive and are written as OUT-0001.png and so on.
        archive = out.with_name(f".{out.stem}.zip")
        try:
            service.download(f"/label-runs/{run['id']}/file", archive)
            with zipfile.ZipFile(archive) as pictures:
                for number, name in enumerate(sorted(pictures.namelist()), start=1):
                    picture = out.with_name(f"{out.stem}-{number:04d}.png")
                    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
                    with os.fdopen(os.open(picture, flags, 0o600), "wb") as handle:
                        handle.write(pictures.read(name))
        finally:
            archive.unlink(missing_ok=True)
    except OSError as error:
        raise ServiceError(
            zh=f"无法写入 {out}：{reason_in_chinese(error)}", en=f"cannot write {out}: {error.strerror}"
        ) from None
