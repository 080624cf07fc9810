"""Parses rows in any layout: delimited, in aligned columns, or one property per line. A row maps columns to cells.

Column names are normalized, to Windows' CIM property names where these exist. A meaning is therefore written once for
PowerShell, ``wmic``, NirSoft, Sysinternals, forensic tools, osquery and the Chinese forms of each.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import chain, pairwise

type Row = dict[str, str]
"""Values by column; names are lower case without spaces and punctuation, nested names are joined."""
MAX_ROWS = 500_000
_END = "end of the table"
"""Sentinel line after the last one; it is recognised only if no quote is open."""
_SAME = {
    "executablepath": "processpath imagepath applicationpath imagefile exepath exe 进程路径 程序路径 可执行文件 可执行文件路径 映像路径 应用程序路径",
    "commandline": "cmdline 命令行 进程命令行 commandlinearguments launchcommand",
    "processname": "imagename process 映像名称 进程名 进程名称 进程 processimage",
    "processid": "pid 进程id 进程标识 owningprocess",
    "remoteaddress": "remoteip foreignaddress raddrip 远程地址 外部地址 远程ip 目的地址 目的ip 目标ip 目标地址 destinationip destinationaddress dstip dstaddr dst 对端地址",
    "remoteport": "raddrport foreignport 远程端口 目的端口 目标端口 destinationport dstport dport",
    "remotehostname": "destinationhostname remotehost 远程主机名 远程主机 域名 domain hostname dnsname queryname",
    "localaddress": "laddrip 本地地址 本地ip",
    "localport": "laddrport 本地端口 监听端口",
    "url": "网址 链接 weburl urls 访问网址 下载地址 downloadurl sourceurl",
    "keypath": "registrykey registrypath 注册表项 注册表路径 key hivekey",
    "valuename": "registryvalue 值名称 值名",
    "valuedata": "data datavalue 数据 数值数据 值数据",
    "taskname": "任务名 任务名称",
    "tasktorun": "要运行的任务 taskcommand",
    "username": "user useraccount 用户名 用户 运行用户",
    "pathname": "binarypath binarypathname 二进制路径名 servicepath",
    "displayname": "显示名称 软件名称 programname productname",
    "printerhostaddress": "deviceuri",
    "message": "description 描述 说明 消息 详细信息",
    "eventid": "事件id 事件编号",
    "providername": "provider 来源 sourcename",
    "timecreated": "日期和时间 dateandtime eventtime 时间",
    "logname": "channel 日志名称 log",
    "state": "status 状态",
    "publisher": "company manufacturer 发布者 公司 厂商 供应商",
}  # fmt: skip
_SPELLINGS = {each: name for name, others in _SAME.items() for each in others.split()}


def column(name: str) -> str:
    """Return a column's normalized name."""
    low = re.sub(r"[\W_]+", "", name.lower())
    return _SPELLINGS.get(low, low)


def csv_rows(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a CSV with a header; unquoted commas from ``wmic`` are taken as part of the command line.

    Raises:
        csv.Error: a quote is never closed, a cell is too long, or there are more than ``MAX_ROWS`` rows. The rows
            before the error were yielded.
    """
    source = (line + "\n" for _, line in lines if line.strip())
    first = next(source, "").lstrip("\ufeff")
    mark = max(",\t;", key=first.count)
    head = [column(name) for name in next(csv.reader([first], delimiter=mark), [])]
    long = next((head.index(name) for name in ("commandline", "pathname") if name in head), None)
    cells: list[str] = []
    for number, cells in enumerate(csv.reader(chain(source, [_END]), delimiter=mark), start=1):
        if cells == [_END]:
            continue
        if number > MAX_ROWS:
            break
        extra = len(cells) - len(head)
        if extra > 0 and long is not None:
            cells[long : long + extra + 1] = [mark.join(cells[long : long + extra + 1])]
        elif (
            extra > 0 and "eventid" in head
        ):  # the event viewer omits the header of the last column, the message
            head = [*head, "message"]
        yield number, {name: cell for name, cell in zip(head, cells, strict=False) if cell}
    if cells != [_END]:
        raise csv.Error


_RULE = re.compile(r"^\s*[-=]{2,}(?:\s+[-=]{2,})+\s*$")


def column_rows(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of tables in aligned columns: below a dashed line, or a header separated by spaces (``wmic``)."""
    head, starts, before = [""], [0], ""
    for number, line in lines:
        wide = _in_columns(line)
        if _RULE.match(line):
            at = [each.start() for each in re.finditer(r"[-=]+", wide)]
            head, starts = [column(each) for each in _cut(_in_columns(before), at)], at
        elif not line.strip():
            before = ""
            continue
        elif before == "" and len(names := re.findall(r"\S+(?: \S+)*", line)) > 1 and is_head(names):
            head, starts = (
                [column(each) for each in names],
                [each.start() for each in re.finditer(r"\S+(?: \S+)*", wide)],
            )
        elif len(head) > 1:
            cells = re.split(r"\s{2,}", line.strip())
            cells = cells if len(cells) == len(head) else _cut(wide, starts)
            yield number, {name: cell for name, cell in zip(head, cells, strict=False) if cell}
        before = line


def _in_columns(line: str) -> str:
    """Pad every double-width character to two positions, as consoles do."""
    return "".join(f"{each}\0" if unicodedata.east_asian_width(each) in "WF" else each for each in line)


def _cut(wide: str, starts: list[int]) -> list[str]:
    return [wide[start:end].replace("\0", "").strip() for start, end in pairwise([*starts, len(wide) + 1])]


_CELL = re.compile(r"<t[hd]\b[^<>]*>(.*?)(?=</?t[hdr]\b|</table|$)", re.IGNORECASE | re.DOTALL)


def html_rows(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of the tables in an HTML page, as saved by NirSoft's tools."""
    head: list[str] = []
    parts = re.split(r"<tr\b[^<>]*>", "\n".join(line for _, line in lines), flags=re.IGNORECASE)
    for number, part in enumerate(parts[1:], start=1):
        cells = [unescape(re.sub(r"<[^<>]*>", "", text)).strip() for text in _CELL.findall(part)]
        if is_head(cells):
            head = [column(each) for each in cells]
        elif head:
            yield number, {name: cell for name, cell in zip(head, cells, strict=False) if cell}


_PROPERTY = re.compile(r"^\s{0,8}([^\s:=：][^:=：\\/]{0,45}?)\s*(?:[:：]\s*(?=\S|$)|=)(.*)$")
_MAX_VALUE = 64_000
_CONTINUED = re.compile(r"^\s{9,}\S")


def block_rows(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
    """Yield rows with one property per line (``Format-List``, ``wmic /format:list``, NirSoft's texts, ``netsh``)."""
    held: Row = {}
    start, last = 1, ""
    for number, line in lines:
        if re.match(r"^\s*-{5,}\s*$", line):
            continue
        row = None if _CONTINUED.match(line) and last else _PROPERTY.match(line)
        name = column(row[1]) if row else ""
        if (row and name in held) or re.match(r"^\s*[=*]{5,}\s*$", line) or (not line.strip() and last == ""):
            if held:
                yield start, held
            held, last, start = {}, "", number
        if row:
            held[name], last = row[2].strip(), name
            start = start if len(held) > 1 else number
        elif last and line.strip() and len(held[last]) < _MAX_VALUE:
            # A long value is wrapped at the console's width; a message has several lines.
            held[last] += ("\n" if name == "message" or last == "message" else "") + line.strip()
        elif not line.strip() and last != "message":
            last = ""
    if held:
        yield start, held


_KNOWN = frozenset(
    ["executablepath", "commandline", "processname", "remoteaddress", "localport", "url", "keypath", "tasktorun", "pathname", "drivername", "portname", "printerhostaddress", "eventid", "commandlinetemplate", "scripttext", "printprocessor", "taskname", "fullpath", "filename", "filepath", "filefullpath", "filecreatedtime", "sid", "passwordlastset", "exclusionpath", "disablerealtimemonitoring", "程序", "规则名称", "rulename", "文件名", "文件路径", "进程", "servicename", "connectaddress", "startname", "caption"]
)  # fmt: skip


def is_head(names: Iterable[str]) -> bool:
    """Return whether these are known column names."""
    found = {column(each) for each in names}
    return not _KNOWN.isdisjoint(found)


def shape_of(text: str) -> str:
    """Return the layout of a text's rows: ``marked``, ``columns`` or ``blocks``; empty for any other text."""
    kept = [line for line in text.lstrip("\ufeff").splitlines()[:60] if line.strip()]
    if not kept:
        return ""
    mark = max(",\t;", key=kept[0].count)
    if kept[0].count(mark) > 0 and is_head(next(csv.reader([kept[0]], delimiter=mark), [])):
        return "marked"
    for before, line in pairwise(kept):
        wide = _in_columns(line)
        if _RULE.match(line) and (
            is_head(
                cells := _cut(_in_columns(before), [each.start() for each in re.finditer(r"[-=]+", wide)])
            )
            or "path" in map(column, cells)
        ):
            return "columns"
    names = re.findall(r"\S+(?: \S+)*", kept[0])
    if (
        len(names) > 1
        and re.search(r"\S\s{2,}\S", kept[0])
        and is_head(names)
        and "=" not in kept[0]
        and not re.search(r"[:：]\s", kept[0])
    ):
        return "columns"
    told = [row[1] for line in kept if (row := _PROPERTY.match(line))]
    return "blocks" if len(told) * 2 > len(kept) and len(told) > 2 and is_head(told) else ""  # noqa: PLR2004 - fewer lines are chance


def has_head(text: str) -> bool:
    """Return whether a CSV begins with column names, not with a row of values."""
    head = text.lstrip("\ufeff \r\n").partition("\n")[0]
    cells = [cell.strip() for cell in re.split(r"[,\t;]", head.replace('"', ""))]
    return len(cells) > 1 and all(re.fullmatch(r"[^\d\\/:]{1,40}|\w{1,20}", cell) for cell in cells if cell)
