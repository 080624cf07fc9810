"""The root of every error the project raises on purpose.

An error speaks to the person who meets it, in Chinese and English: what happened, to which row or
record, what is safe, what to do next. It never carries personal data.
"""

from typing import ClassVar


class WaybillGuardError(Exception):
    """Base of all errors of the rooms.

    Subclasses set ``code`` (stable, for machines) and are raised with a Chinese and an English text.

    >>> error = WaybillGuardError(zh="文件无法读取", en="the file cannot be read")
    >>> error.zh, str(error)
    ('文件无法读取', 'the file cannot be read')
    """

    code: ClassVar[str] = "error"

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def message(self, language: str) -> str:
        """Return the text for a language tag such as ``zh-hans`` or ``en``."""
        return self.zh if language.lower().startswith("zh") else self.en

    def __reduce__(self) -> tuple[object, ...]:
        """Keep both texts, and what a subclass adds to them, when the error crosses a process border."""
        return (_rebuild, (type(self), self.zh, self.en), self.__dict__)


def _rebuild(kind: type[WaybillGuardError], zh: str, en: str) -> WaybillGuardError:
    error = kind.__new__(kind)
    WaybillGuardError.__init__(error, zh=zh, en=en)
    return error
