"""``waybillguard scam``: check whether a message is a scam, and whether its claims about the order are true.

Works only on files; nothing is stored. The result quotes the message, so ``--json OUT`` is a file that only its owner may
read. Output on standard error never quotes a message.
"""

import codecs
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
import yaml

from waybillguard.cli.output import FOUND, USAGE, json_out, say
from waybillguard.errors import reason_in_chinese
from waybillguard.scam import Assessment, Message, OrderFacts, Registry, Verdict
from waybillguard.scam import check as check_message

if TYPE_CHECKING:
    from waybillguard.documents import Document

app = typer.Typer(
    help="识别冒充快递、客服的诈骗消息 · Recognise scam messages about parcels and orders.",
    no_args_is_help=True,
)

_ENCODER = msgspec.json.Encoder()


@app.callback()
def scam() -> None:
    """识别冒充快递、客服的诈骗消息 · Recognise scam messages about parcels and orders."""


@app.command()
def check(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.jsonl",
            help='每行一条：{"id","text","channel","sender","order"} · One message a line.',
        ),
    ],
    registry: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="官方号码与域名：YAML {senders: […], domains: […]} · Official numbers and domains.",
        ),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option(
            "--json",
            metavar="OUT",
            help="每行一个 JSON；- 为标准输出 · One JSON line each; - for standard output.",
        ),
    ] = None,
) -> None:
    """逐条检查消息，写出判断、理由和下一步 · Check messages: verdict, reasons, and what to do."""
    known = _registry(registry)
    lines = _lines(file)
    counts: Counter[str] = Counter()
    results: list[bytes] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _row(line, known)
        if row is None:
            say(
                f'{file.name}: 第 {number} 行不是 {{"id","text",…}}，未检查'
                f" · line {number} is not a message and was not checked"
            )
            counts["REJECTED"] += 1
            row = _refused(line)
        else:
            counts[row.verdict.value] += 1
        results.append(_ENCODER.encode(row) + b"\n")
    if json is not None:
        with json_out(json) as sink:
            sink.writelines(results)
    say(", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "没有消息 · no messages")
    if counts[Verdict.SCAM] or counts[Verdict.LIKELY_SCAM] or counts["REJECTED"]:
        raise typer.Exit(FOUND)


@app.command()
def report(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.jsonl", help="收到的消息，格式同 check · The messages, as for check."),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="报送表：.pdf .docx .html · The report, by its ending.")
    ],
    unit: Annotated[str, typer.Option(metavar="NAME", help="报送单位 · Who reports.")] = "",
    case: Annotated[str, typer.Option(metavar="NO", help="案件编号 · Number of the case.")] = "",
    registry: Annotated[
        Path | None, typer.Option(metavar="FILE", help="官方号码与域名 · Official numbers and domains.")
    ] = None,
) -> None:
    """把诈骗消息整理成报送 96110 和公安的线索表 · Put fraud messages into a report of clues for the police."""
    from waybillguard.scam.clues import Reporter, clue_report

    write = _writer(out)
    known = _registry(registry)
    messages, refused = _messages(file)
    document = clue_report(messages, Reporter(unit=unit, case=case), datetime.now().astimezone(), known)
    with json_out(str(out)) as sink:
        sink.write(write(document))
    say(
        f"{out.name}: {len(messages)} 条消息，{refused} 行未读 · {len(messages)} messages, {refused} lines not read"
    )
    if refused:
        raise typer.Exit(FOUND)


def _writer(out: Path) -> "Callable[[Document], bytes]":
    from waybillguard.documents import to_html, to_pdf, to_word

    writers: dict[str, Callable[[Document], bytes]] = {
        ".pdf": to_pdf,
        ".docx": to_word,
        ".html": lambda document: to_html(document).encode(),
    }
    found = writers.get(out.suffix.lower())
    if found is None:
        say(f"{out.name}: 只能写 .pdf、.docx 或 .html · only .pdf, .docx or .html")
        raise typer.Exit(USAGE)
    return found


def _messages(file: Path) -> tuple[list[Message], int]:
    """Return the messages of a file, and the number of lines that are not messages."""
    messages, refused = [], 0
    for line in filter(bytes.strip, _lines(file)):
        try:
            messages.append(read_message(msgspec.json.decode(line.decode("utf-8", "replace"))))
        except (msgspec.MsgspecError, RecursionError):
            refused += 1
    return messages, refused


def _lines(file: Path) -> list[bytes]:
    """Return the lines of a file in UTF-8, also if it is in UTF-16 with a byte order mark or in GBK."""
    try:
        content = file.read_bytes()
    except OSError as error:
        say(f"{file.name}: 无法打开（{reason_in_chinese(error)}） · cannot be opened ({error.strerror})")
        raise typer.Exit(USAGE) from error
    return _in_utf8(content).removeprefix(b"\xef\xbb\xbf").split(b"\n")


def _in_utf8(content: bytes) -> bytes:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    text = content.decode("utf-8", "replace")
    if text.count("\ufffd") > sum("\u4e00" <= character <= "\u9fff" for character in text):
        # Damaged UTF-8 has more Chinese than replacement characters; GBK decoded as UTF-8 has almost only the latter.
        with suppress(UnicodeDecodeError):
            return content.decode("gb18030").encode("utf-8")
    return content


def _row(line: bytes, registry: Registry) -> Assessment | None:
    """Check one line; return None if it is not a message."""
    try:
        # Of damaged text the readable part is checked, because damage must not make a fraud look safe.
        raw = msgspec.json.decode(line.decode("utf-8", "replace"))
        message = read_message(raw)
    except (msgspec.MsgspecError, RecursionError):
        return None
    return check_message(message, registry)


def read_message(raw: Any) -> Message:  # noqa: ANN401 - what a line of JSON holds
    """Return the message of a decoded line. Unsupported values (an order's state, a channel) count as unknown.

    Raises:
        msgspec.ValidationError: the line has no text.
    """
    return msgspec.convert(_tidy(raw), Message, strict=False)


def _refused(line: bytes) -> Assessment:
    """Return the result for a line that is not a message: verdict unknown, with its id if it has one."""
    try:
        raw = msgspec.json.decode(line)
    except (msgspec.MsgspecError, RecursionError):
        raw = None
    name = raw.get("id", "") if isinstance(raw, dict) else ""
    return msgspec.structs.replace(
        check_message(Message(text="")), id=name if isinstance(name, str) else str(name)
    )


def _tidy(raw: Any) -> Any:  # noqa: ANN401 - what a line of JSON holds
    """Replace unsupported values (an order's state, a channel) with unknown."""
    if not isinstance(raw, dict):
        return raw
    row = {key: value for key, value in raw.items() if value is not None and key in Message.__struct_fields__}
    if "id" in row:
        row["id"] = str(row["id"])
    if row.get("channel") not in {"sms", "chat", "call"}:
        row.pop("channel", None)
    if not isinstance(row.get("sender", ""), str):
        row["sender"] = str(row["sender"])
    order = row.pop("order", None)
    if isinstance(order, dict):
        row["order"] = {key: value for key, value in order.items() if _fits(key, value)}
    return row


def _fits(key: str, value: Any) -> bool:  # noqa: ANN401 - what a line of JSON holds
    try:
        msgspec.convert({key: value}, OrderFacts, strict=False)
    except msgspec.ValidationError:
        return False
    return True


def _registry(file: Path | None) -> Registry:
    if file is None:
        return Registry()
    try:
        data = yaml.safe_load(file.read_text("utf-8")) or {}
        return msgspec.convert(data, Registry, strict=False)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        say(
            f"{file.name}: 登记表无法读取，应为 YAML {{senders: […], domains: […]}}（{type(error).__name__}）"
            f" · the registry must be YAML {{senders: […], domains: […]}}"
        )
        raise typer.Exit(USAGE) from error
