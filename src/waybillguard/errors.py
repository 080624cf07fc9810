"""Base class of all errors that the project raises on purpose.

An error has a Chinese and an English text for the user: what happened, to which row or record, what is unaffected,
and what to do next. It never contains personal data.
"""

import errno
from typing import Final


class WaybillGuardError(Exception):
    """Base of all errors of the packages.

    There is a subclass for each way of handling an error, with a Chinese and an English text. ``code`` is stable, for
    machines; errors that are handled alike share a class and are raised with a ``code`` each.

    >>> error = WaybillGuardError(zh="文件无法读取", en="the file cannot be read")
    >>> error.zh, str(error)
    ('文件无法读取', 'the file cannot be read')
    """

    code = "error"

    def __init__(self, *, zh: str, en: str, code: str = "") -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        if code:
            self.code = code

    def message(self, language: str) -> str:
        """Return the text for a language tag such as ``zh-hans`` or ``en``."""
        return self.zh if language.lower().startswith("zh") else self.en

    def __reduce__(self) -> tuple[object, ...]:
        """Keep both texts and the attributes of subclasses when the error is pickled, for example between processes."""
        return (_rebuild, (type(self), self.zh, self.en), self.__dict__)


def _rebuild(kind: type[WaybillGuardError], zh: str, en: str) -> WaybillGuardError:
    error = kind.__new__(kind)
    WaybillGuardError.__init__(error, zh=zh, en=en)
    return error


_REASONS: Final = {
    errno.ENOENT: "文件或文件夹不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许此操作",
    errno.EISDIR: "是文件夹，应为文件",
    errno.ENOTDIR: "不是文件夹",
    errno.EEXIST: "已存在",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "文件系统只读",
    errno.EIO: "读写出错",
    errno.EBUSY: "正在使用中",
    errno.EFBIG: "文件过大",
    errno.EMFILE: "打开的文件过多",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ELOOP: "符号链接层数过多",
    errno.EADDRINUSE: "地址已被占用",
    errno.EADDRNOTAVAIL: "本机没有此地址",
}


def reason_in_chinese(error: OSError) -> str:
    """Return the operating system's reason for a failure in Chinese; one not listed stays as the system names it."""
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
