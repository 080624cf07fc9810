"""How a lower application learns something from a higher one without knowing it.

The lower one asks a `Question`, or goes through a `Registry`; the higher one answers, or enters itself, when it
is loaded. What merely happens is a Django signal.
"""

from collections.abc import Callable, Iterator


class Question[**P, R]:
    """Something that exactly one application above answers.

    Args:
        about: what is asked, for the error where nobody answers.
    """

    def __init__(self, about: str) -> None:
        self._about = about
        self._answer: Callable[P, R] | None = None

    def answer(self, function: Callable[P, R]) -> Callable[P, R]:
        """Have ``function`` answer from now on; use as a decorator."""
        self._answer = function
        return function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Ask.

        Raises:
            LookupError: no application has said that it answers.
        """
        if self._answer is None:
            raise LookupError(f"no application answers: {self._about}")
        return self._answer(*args, **kwargs)


class Registry[T]:
    """Entries that applications above add; ``for`` goes through them in the order in which they came."""

    def __init__(self) -> None:
        self._entries: list[T] = []

    def add[E](self: "Registry[E]", entry: E) -> E:
        """Add an entry, once; use as a decorator."""
        if entry not in self._entries:
            self._entries.append(entry)
        return entry

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._entries))
