"""Check that the database answers, is undamaged, and has the schema of this version."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from waybillguard.service.platform.config import Config
from waybillguard.service.platform.health.check import Check, State

_RESTORE_ZH = "请停止服务，保留整个数据目录，再从备份恢复：waybillguard restore 备份文件 --force"
_RESTORE_EN = "Stop the service, keep the whole data folder, and restore: waybillguard restore FILE --force"


def database(config: Config, *, quick: bool = False) -> list[Check]:
    """Check the embedded database page by page (not if ``quick``), or query the PostgreSQL server."""
    if url := os.environ.get("WAYBILLGUARD_DATABASE_URL"):
        return [_server(url)]
    return [] if quick else [_embedded(config.database)]


def _embedded(path: Path) -> Check:
    if not path.exists():
        return Check("database", State.GOOD, "数据库尚未建立", "there is no database yet")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as opened:
            rows = [row[0] for row in opened.execute("PRAGMA quick_check(5)")]
    except sqlite3.DatabaseError as error:
        return _sqlite_error(path, error)
    if rows != ["ok"]:
        return Check(
            "database", State.DAMAGED, f"数据库文件 {path.name} 有损坏的页（{len(rows)} 处以上）",
            f"pages of the database file {path.name} are damaged ({len(rows)} places or more)", _RESTORE_ZH, _RESTORE_EN,
        )  # fmt: skip
    size = path.stat().st_size / 2**20
    return Check(
        "database", State.GOOD, f"数据库完好（{size:.0f} MiB）", f"the database is whole ({size:.0f} MiB)"
    )


def _sqlite_error(path: Path, error: sqlite3.DatabaseError) -> Check:
    if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return Check(
            "database", State.UNKNOWN, "数据库正忙，未能检查", "the database was busy and was not checked",
            "请稍后重试。", "Try again later.",
        )  # fmt: skip
    if error.sqlite_errorcode & 0xFF in {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }:
        return Check(
            "database", State.UNKNOWN, f"无法打开数据库文件 {path.name}", f"the database file {path.name} cannot be opened",
            "请以运行服务的用户执行。", "Run this as the user of the service.",
        )  # fmt: skip
    return Check(
        "database", State.DAMAGED, f"数据库文件 {path.name} 已损坏，无法读取（{error.sqlite_errorname}）",
        f"the database file {path.name} is damaged and cannot be read ({error.sqlite_errorname})",
        _RESTORE_ZH, _RESTORE_EN,
    )  # fmt: skip


def _server(url: str) -> Check:
    host = urlsplit(url).hostname or "localhost"
    try:
        import psycopg
    except ImportError:
        return Check(
            "database", State.UNKNOWN, "未安装 PostgreSQL 驱动", "the PostgreSQL driver is not installed",
            "请安装 psycopg。", "Install psycopg.",
        )  # fmt: skip
    try:
        with psycopg.connect(url, connect_timeout=10) as opened, opened.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), rolsuper OR rolbypassrls FROM pg_roles "
                           "WHERE rolname = current_user")  # fmt: skip
            row = cursor.fetchone()
    except psycopg.Error as error:
        return Check(
            "database", State.DAMAGED, f"无法连接 {host} 上的 PostgreSQL（{type(error).__name__}）",
            f"PostgreSQL on {host} does not answer ({type(error).__name__})",
            "请检查服务器、地址和密码。", "Check the server, its address and the password.",
        )  # fmt: skip
    if row is None or row[1]:
        return Check(
            "database", State.MISSING, "数据库角色可绕过行级安全", "the database role passes by row-level security",
            "请改用既非超级用户、也没有 BYPASSRLS 的角色。", "Take a role that is neither superuser nor has BYPASSRLS.",
        )  # fmt: skip
    return Check("database", State.GOOD, f"PostgreSQL {row[0]} 正常应答", f"PostgreSQL {row[0]} answers")
