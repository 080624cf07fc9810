"""Base class of all errors that the project raises on purpose.

An error has a Chinese and an English text for the user: what happened, to which row or record, what is unaffected,
and what to do next. It never contains personal data.
"""


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
