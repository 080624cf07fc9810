"""Hooks that let a lower application call a higher one without importing it.

The lower one defines a `Question` or a `Registry`; the higher one registers its function or entry when it is loaded.
For events, use a Django signal.
"""

from collections.abc import Callable, Iterator


class Question[**P, R]:
    """A function that exactly one higher application implements.

    Args:
        about: description for the error if no implementation is registered.
    """

    def __init__(self, about: str) -> None:
        self._about = about
        self._answer: Callable[P, R] | None = None

    def answer(self, function: Callable[P, R]) -> Callable[P, R]:
        """Register ``function`` as the implementation; use as a decorator."""
        self._answer = function
        return function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the implementation.

        Raises:
            LookupError: no implementation is registered.
        """
        if self._answer is None:
            raise LookupError(f"no application answers: {self._about}")
        return self._answer(*args, **kwargs)


class Registry[T]:
    """Entries added by higher applications; iterable in the order they were added."""

    def __init__(self) -> None:
        self._entries: list[T] = []

    def add[E](self: "Registry[E]", entry: E) -> E:
        """Add an entry, once; use as a decorator."""
        if entry not in self._entries:
            self._entries.append(entry)
        return entry

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._entries))
