"""``waybillguard trace match``: find the victims that passed a warehouse, without disclosing either side's list.

Files are exchanged by hand. The warehouse makes a setup and a key, the police a request and their own key, the
warehouse a response, which the police open. Lists are text or CSV: waybill numbers, order numbers or keyed tokens.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from waybillguard.cli.output import DONE, FOUND, USAGE, fail, json_out, say
from waybillguard.errors import WaybillGuardError, reason_in_chinese

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(
    no_args_is_help=True,
    help="跨仓匹配，双方都不出示名单 / matching across warehouses; neither side shows its list",
)

_Key = Annotated[Path, typer.Option("--key", help="本方密钥文件，不要交给对方 / own key; hand it to nobody")]
_Out = Annotated[Path, typer.Option("--out", help="写入的文件 / file to write")]
_List = Annotated[Path, typer.Argument(metavar="LIST", help="名单，每行一个号码 / list, one number a line")]


@app.command("setup")
def setup(elements: _List, *, key: _Key, out: _Out) -> None:
    """仓库：由本仓运单生成底表文件和密钥 / warehouse: make the setup from its waybills, and a key."""
    from waybillguard.trace.matching import Warehouse

    try:
        warehouse = Warehouse(_bytes(key) if key.exists() else None)
        content = warehouse.setup(_elements(elements))
    except WaybillGuardError as error:
        fail(error)
    _write(key, warehouse.key)
    _write(out, content)
    say(f"底表已写入 {out.name}，交给警方；密钥留在本仓 / hand {out.name} to the police and keep the key")


@app.command("request")
def request(victims: _List, *, key: _Key, out: _Out) -> None:
    """警方：由受害人名单生成查询文件 / police: make the request from a list of victims."""
    from waybillguard.trace.matching import Police

    try:
        police = Police(_elements(victims), _bytes(key) if key.exists() else None)
        content = police.request()
    except WaybillGuardError as error:
        fail(error)
    _write(key, police.key)
    _write(out, content)
    say(f"查询已写入 {out.name}，交给仓库；密钥留存 / hand {out.name} to the warehouse and keep the key")


@app.command("respond")
def respond(
    asked: Annotated[Path, typer.Argument(metavar="REQUEST", help="警方的查询文件 / request of the police")],
    *,
    key: _Key,
    out: _Out,
) -> None:
    """仓库：对查询作出应答，看不到查询内容 / warehouse: answer a request without seeing what it asks."""
    from waybillguard.trace.matching import Warehouse

    try:
        content = Warehouse(_bytes(key)).respond(_bytes(asked))
    except WaybillGuardError as error:
        fail(error)
    _write(out, content)
    say(f"应答已写入 {out.name}，交给警方 / hand {out.name} to the police")


@app.command("open")
def open_(
    victims: _List,
    setup_file: Annotated[Path, typer.Option("--setup", help="仓库的底表 / the warehouse's setup")],
    response: Annotated[Path, typer.Option("--response", help="仓库的应答 / the warehouse's response")],
    *,
    key: _Key,
    output: Annotated[str, typer.Option("--json", help="结果 JSON，- 为标准输出 / result")],
) -> None:
    """警方：得到经过该仓的受害人 / police: learn which victims passed that warehouse."""
    import msgspec

    from waybillguard.trace.matching import Police

    try:
        listed = _elements(victims)
        common = Police(listed, _bytes(key)).intersection(_bytes(setup_file), _bytes(response))
    except WaybillGuardError as error:
        fail(error)
    with json_out(output) as handle:
        handle.write(msgspec.json.encode({"asked": len(listed), "common": common}) + b"\n")
    say(f"名单 {len(listed)} 个，经过该仓 {len(common)} 个 / {len(listed)} asked, {len(common)} passed there")
    raise typer.Exit(FOUND if common else DONE)


def _elements(path: Path) -> "Sequence[str]":
    from waybillguard.trace.matching import read_elements

    found, refused = read_elements(_bytes(path))
    if refused:
        rows = ", ".join(map(str, refused))
        say(f"未采用的行（号码无法读取）：{rows} / rows left out, whose numbers cannot be read: {rows}")
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        say(f"无法读取 {path.name}：{reason_in_chinese(error)} / cannot read {path.name}: {error.strerror}")
        raise typer.Exit(USAGE) from None


def _write(path: Path, content: bytes) -> None:
    try:
        path.touch(mode=0o600)
        path.write_bytes(content)
    except OSError as error:
        say(f"无法写入 {path.name}：{reason_in_chinese(error)} / cannot write {path.name}: {error.strerror}")
        raise typer.Exit(USAGE) from None
