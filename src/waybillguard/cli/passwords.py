"""Passwords for commands: read from a file, never quoted in an error."""

from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from waybillguard.cli.remote import ServiceError


def password_in(path: Path) -> str:
    """Return the first line of a password file.

    Raises:
        ServiceError: the file cannot be read, or its first line is empty.
    """
    try:
        password = path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        password = ""
    if not password:
        raise ServiceError(
            zh=f"无法读取密码文件 {path}，或其首行为空",
            en=f"the password file {path} cannot be read, or its first line is empty",
        )
    return password


def without_password(url: str) -> tuple[str, str]:
    """Split a database URL into the URL without password and the password (empty if there is none).

    Raises:
        ServiceError: it is not a URL, for example because the password contains an unescaped ``/`` or ``[``.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - is there a password where the port should be?
    except ValueError:  # its message may quote the password
        raise _no_address() from None
    if "@" in f"{parts.path}{parts.query}{parts.fragment}":
        raise _no_address()
    if parts.password is None:
        return url, ""
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{host}")), unquote(parts.password)


def _no_address() -> ServiceError:
    return ServiceError(
        zh="数据库地址无法读取，未做任何更改。地址形如 postgresql://用户@主机/库；密码请用 --password-file 给出；"
        "如已写在命令行中，请更换该密码。",
        en="the database's address cannot be read; nothing was changed. It looks like postgresql://user@host/database; "
        "give the password with --password-file, and change one that stood on the command line.",
    )
