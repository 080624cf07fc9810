"""``waybillguard ledger``: prove, verify, audit, check, export and witness the access ledger.

All commands work on files. ``verify`` needs neither service nor network. The others read a ledger folder (``--data``,
else ``$WAYBILLGUARD_HOME``, else the user's data folder). Only ``fsck --repair`` writes to it, and only files that can
be rebuilt.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import batched
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from cryptography import x509

from waybillguard.cli.ledger_files import check_file
from waybillguard.cli.ledger_witness import witness
from waybillguard.cli.output import FOUND, fail, json_out, say
from waybillguard.ledger.audit import Audit, Hasher, audit, audit_static
from waybillguard.ledger.errors import BadNoteError, BadProofError, LedgerError
from waybillguard.ledger.fsck import PUBLISHED, fsck, repair
from waybillguard.ledger.local import LocalStorage
from waybillguard.ledger.note import Verifier, parse_vkey
from waybillguard.ledger.paper import paper_line, read_paper_line
from waybillguard.ledger.policy import Policy, parse_policy
from waybillguard.ledger.timestamps import read_roots
from waybillguard.ledger.view import ShardView, static_files
from waybillguard.service.platform.config import Config, default_data_dir

app = typer.Typer(
    no_args_is_help=True,
    help="查看记录台账：证明、核验、审计、见证 / the tamper-evident record: prove, verify, audit, witness",
)

app.command()(witness)

Data = Annotated[Path | None, typer.Option("--data", help="数据目录或台账目录 / data or ledger folder")]
ShardName = Annotated[
    str, typer.Option("--shard", help="分片名；只有一个时可省略 / shard; may be left out if there is one")
]
PolicyFile = Annotated[Path, typer.Option("--policy", help="信任政策文件（tlog-policy）/ trust policy")]
MaybePolicy = Annotated[
    Path | None,
    typer.Option(
        "--policy", help="信任政策文件；不填则用台账自己的公钥 / trust policy; else the log's own keys"
    ),
]
Roots = Annotated[
    Path | None,
    typer.Option(
        "--tsa",
        metavar="ROOTS.pem",
        help="信任的时间戳机构根证书 / root certificates of timestamp authorities",
    ),
]
Json = Annotated[
    str, typer.Option("--json", metavar="OUT", help="结果 JSON，- 为标准输出 / result, - for standard output")
]


def _storage(data: Path | None) -> LocalStorage:
    folder = data or default_data_dir()
    inner = LocalStorage(Config(folder).ledger_dir)
    return inner if inner.shards() else LocalStorage(folder)


def _names(storage: LocalStorage, shard: str) -> list[str]:
    names = [shard] if shard else storage.shards()
    if not names:
        raise LedgerError(
            zh=f"{storage.folder} 中没有台账；请用 --data 指明数据目录",
            en=f"there is no ledger in {storage.folder}; name the data folder with --data",
        )
    return names


@contextmanager
def _view(data: Path | None, shard: str) -> Iterator[ShardView]:
    storage = _storage(data)
    names = _names(storage, shard)
    if len(names) > 1:
        raise LedgerError(
            zh=f"有多个分片，请用 --shard 选一个：{'、'.join(names)}",
            en=f"there are several shards; choose one with --shard: {', '.join(names)}",
        )
    with closing(storage.shard(names[0], read_only=True)) as store:
        yield ShardView(store)


def _read_policy(path: Path) -> Policy:
    return parse_policy(_bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LedgerError(zh=f"无法读取 {path}", en=f"cannot read {path}") from error


def _write(path: Path, data: bytes) -> None:
    if str(path) == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise LedgerError(zh=f"无法写入 {path}", en=f"cannot write {path}") from error


@app.command()
def prove(
    index: Annotated[int, typer.Argument(help="条目序号（见回执）/ index of the entry, from its receipt")],
    out: Annotated[Path, typer.Option("--out", help="证明文件，- 为标准输出 / proof file")],
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            "--checkpoint", help="以该检查点为准，如辖区中心已签名的 / stand on it, such as a hub's"
        ),
    ] = None,
    shard: ShardName = "",
    data: Data = None,
) -> None:
    """为一条记录生成一个可离线核验的证明文件 / one file that proves one entry, checked offline."""
    try:
        with _view(data, shard) as view:
            kept = _bytes(checkpoint) if checkpoint else view.store.meta("witnessed")
            sure = ShardView(view.store, note=kept)
            covered = kept is not None and (checkpoint is not None or index < sure.size)
            _write(out, (sure if covered else view).prove(index))
    except LedgerError as error:
        fail(error)
    say(f"已写入 {out} / written")
    if not covered:
        say("尚无见证方签名覆盖这一条 / no witness has signed a checkpoint that covers this entry yet")


@app.command()
def verify(
    files: Annotated[
        list[Path], typer.Argument(help="证明、查看清单或检查点 / proofs, lists of looks, checkpoints")
    ],
    policy: PolicyFile,
    leaf: Annotated[
        Path | None, typer.Option(help="证明不含条目时另给条目 / the entry, if the proof lacks it")
    ] = None,
    tsa: Roots = None,
    output: Json = "",
) -> None:
    """离线核验证明、查看清单、检查点或时间戳 / check proofs, looks, checkpoints and timestamps, offline."""
    found, rows = False, []
    try:
        trusted, roots = _read_policy(policy), _read_roots(tsa)
        for path in files:
            data, extra = _bytes(path), _bytes(leaf) if leaf else None
            row: dict[str, Any] = {"file": str(path)}
            try:
                row |= {"valid": True} | check_file(path, data, trusted, roots, extra)
            except (BadProofError, BadNoteError) as error:
                found = True
                row |= {"valid": False, "reason_zh": error.zh, "reason_en": error.en}
            rows.append(row)
            say(f"{path}: {'成立 / holds' if row['valid'] else row['reason_zh'] + ' / ' + row['reason_en']}")
    except LedgerError as error:
        fail(error)
    _json(output, rows)
    if found:
        raise typer.Exit(FOUND)


def _read_roots(path: Path | None) -> list[x509.Certificate]:
    if path is None:
        return []
    try:
        return read_roots(path.read_bytes())
    except OSError as error:
        raise LedgerError(zh=f"无法读取 {path}", en=f"cannot read {path}") from error


@app.command("audit")
def audit_command(
    shard: ShardName = "",
    policy: MaybePolicy = None,
    static: Annotated[
        Path | None,
        typer.Option("--static", help="只凭导出的静态文件审计（须有 --policy）/ exported files alone"),
    ] = None,
    deep: Annotated[
        bool, typer.Option(help="另查记录链、时间和每日索引 / chains, time and day indexes too")
    ] = False,
    tsa: Roots = None,
    data: Data = None,
    output: Json = "",
) -> None:
    """从原始条目重算整个分片，与已签名检查点比较 / recompute shards from raw entries."""
    try:
        if static is not None:
            _report([_audit_static(static, policy)], output)
            return
        storage = _storage(data)
        trusted, roots = list(_read_policy(policy).logs) if policy else None, _read_roots(tsa)
        results = []
        for name in _names(storage, shard):
            with closing(storage.shard(name, read_only=True)) as store:
                keys = trusted or _own_keys(store.meta("vkeys"))
                opener = partial(storage.shard, name, read_only=True)
                results.append(
                    audit(store, keys, deep=deep, roots=roots, opener=opener, workers=os.cpu_count() or 1)
                )
    except LedgerError as error:
        fail(error)
    _report(results, output)


def _audit_static(folder: Path, policy: Path | None) -> Audit:
    if policy is None:
        raise LedgerError(zh="审计导出文件须用 --policy 给出信任政策", en="--static needs --policy")
    try:
        return audit_static(lambda path: (folder / path).read_bytes(), _read_policy(policy))
    except OSError as error:
        raise LedgerError(
            zh=f"{folder} 中没有检查点文件", en=f"there is no checkpoint in {folder}"
        ) from error


def _own_keys(vkeys: bytes | None) -> list[Verifier]:
    """Return the keys stored with a ledger; an empty list if there are none, so that no checkpoint verifies."""
    return [parse_vkey(line) for line in vkeys.decode().split("\n")] if vkeys else []


@app.command("fsck")
def fsck_command(
    shard: ShardName = "",
    fix: Annotated[
        bool, typer.Option("--repair", help="重建可重建的文件（先停服务）/ rebuild (stop the service first)")
    ] = False,
    data: Data = None,
    output: Json = "",
) -> None:
    """检查每一个文件；--repair 重建树文件与索引 / check every file; --repair rebuilds tree and index."""
    try:
        storage = _storage(data)
        names = _names(storage, shard)
        if fix:
            with storage.lock():
                for name in names:
                    with closing(storage.shard(name)) as store:
                        repair(store)
        results = []
        for name in names:
            published = storage.folder / name / "checkpoint"
            with closing(storage.shard(name, read_only=True)) as store:
                for pause in (0.2, 0.5, 1.0, 0.0):
                    note = published.read_bytes() if published.is_file() else None
                    result = fsck(store, note, _own_keys(store.meta("vkeys")))
                    if {problem.place for problem in result.problems} != {PUBLISHED}:
                        break
                    # A log in use may change between the two reads. Read again: only a real difference remains.
                    time.sleep(pause)
                results.append(result)
    except LedgerError as error:
        fail(error)
    _report(results, output)


def _report(results: list[Audit], output: str) -> None:
    rows = []
    for result in results:
        rows.append(
            {
                "origin": result.origin,
                "entries": result.entries,
                "signed": result.signed,
                "root": result.root.hex(),
                "timestamps": [msgspec.to_builtins(stamp) for stamp in result.stamped],
                "problems": [msgspec.to_builtins(problem) for problem in result.problems],
            }
        )
        say(f"{result.origin}: {result.entries} 条 / entries, {len(result.problems)} 个问题 / problems")
        for stamp in result.stamped:
            how = (
                "由机构证明 / proved"
                if stamp.trusted
                else "未核验机构签名，请给 --tsa / as claimed, give --tsa"
            )
            say(f"  {stamp.size} 条早于 / entries by {stamp.time} ({how})")
        for problem in result.problems:
            say(f"  {problem.place}: {problem.zh} / {problem.en}")
    _json(output, rows)
    if any(not result.good for result in results):
        raise typer.Exit(FOUND)


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="输出目录 / folder")],
    shard: ShardName = "",
    data: Data = None,
) -> None:
    """导出为静态 tlog-tiles 文件与政策文件（不含条目内容）/ static tlog-tiles files and policy, no words."""
    try:
        with _view(data, shard) as view:
            for path, content in static_files(view):
                _write(out / path, content())
            for stamp in view.store.stamps():
                name = time.strftime("%Y-%m-%d", time.gmtime(stamp.day * 86_400))
                _write(out / "timestamps" / f"{name}.tsr", stamp.response)
                _write(out / "timestamps" / f"{name}.checkpoint", stamp.note)
            vkeys = (view.store.meta("vkeys") or b"").decode().split("\n")
            lines = "".join(f"log {vkey}\n" for vkey in vkeys if vkey)
            _write(out / "policy.txt", (lines + _witness_policy(data)).encode())
    except LedgerError as error:
        fail(error)
    say(f"已导出到 {out} / exported")


def _witness_policy(data: Path | None) -> str:
    """Return the configured witnesses and quorum of this ledger; ``quorum none`` without witnesses."""
    path = Config(data or default_data_dir()).witness_file
    return path.read_text("utf-8") if path.is_file() else "quorum none\n"


@app.command()
def line(
    check: Annotated[str, typer.Option("--check", help="从纸上抄回的一行 / the line, typed from paper")] = "",
    shard: ShardName = "",
    data: Data = None,
) -> None:
    """打印一行检查点，或与纸上的旧检查点核对 / the checkpoint on one line, or a check against paper."""
    try:
        with _view(data, shard) as view:
            if not check:
                sys.stdout.write(paper_line(view.checkpoint) + "\n")
                return
            old = read_paper_line(check)
            if old.origin == view.origin and old.size <= view.size and _root_of(view, old.size) == old.root:
                say(f"相符：前 {old.size} 条未被改动 / the first {old.size} entries are unchanged")
                return
    except LedgerError as error:
        fail(error)
    say("不符：台账被回滚或改写，请保全整个目录 / differs: rolled back or rewritten; keep the folder")
    raise typer.Exit(FOUND)


def _root_of(view: ShardView, size: int) -> bytes:
    """Recompute the root of the first ``size`` entries, because the stored tree files may be wrong."""
    hasher = Hasher()
    for leaves in batched(view.entries(0, size), 4096):
        hasher.add(leaves)
    return hasher.root()[1]


def _json(output: str, rows: list[dict[str, Any]]) -> None:
    if output:
        with json_out(output) as handle:
            handle.writelines(msgspec.json.encode(row) + b"\n" for row in rows)
