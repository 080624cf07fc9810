"""Django's SQLite backend with a queue of writers (`turns`) instead of SQLite's polling.

A transaction takes its turn before ``BEGIN IMMEDIATE`` and releases it at the end; a writing statement outside a
transaction takes a turn of its own. Reads never wait: the journal is a WAL.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.db.backends.sqlite3 import base as django_base
from django.db.utils import OperationalError

from waybillguard.service.platform.database.sqlite.turns import Turns, turns_of

_WRITES: Final = ("INSERT", "UPDATE", "DELETE", "REPLAC")
_HEAD: Final = 6


class DatabaseWrapper(django_base.DatabaseWrapper):
    """The connection of one thread."""

    _turns: Turns | None = None
    _mine = False

    def get_new_connection(self, conn_params: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """Open the file; create its folder, private to this user, if it is missing."""
        if Path(str(conn_params["database"])).is_absolute():
            Path(conn_params["database"]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return super().get_new_connection(conn_params)

    def take_turn(self) -> None:
        """Wait until this connection may write.

        Raises:
            OperationalError: another writer did not end within the time-out; the error is the one SQLite raises.
        """
        if self._turns is None:
            self._turns = turns_of(str(self.settings_dict["NAME"]))
        if not self._turns.take(float(self.settings_dict["OPTIONS"].get("timeout", 5.0))):
            raise OperationalError("database is locked")
        self._mine = True

    def give_turn(self) -> None:
        """Release the turn if this connection holds it."""
        if self._mine and self._turns is not None:
            self._mine = False
            self._turns.give()

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ANN401 - Django's own signature
        """Return a cursor that takes a turn for writes outside a transaction."""
        del name
        cursor = self.connection.cursor(factory=_Cursor)
        cursor.wrapper = self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self.give_turn()
            raise

    def _commit(self) -> Any:  # noqa: ANN401
        try:
            return super()._commit()  # type: ignore[misc]  # the stubs leave it out
        finally:
            # A failed commit is rolled back next; SQLite's own lock blocks other writers until then.
            self.give_turn()

    def _rollback(self) -> Any:  # noqa: ANN401
        try:
            return super()._rollback()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self.give_turn()

    def _close(self) -> Any:  # noqa: ANN401
        try:
            return super()._close()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self.give_turn()


class _Cursor(django_base.SQLiteCursorWrapper):
    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:  # noqa: ANN401
        return self._alone(super().execute, query, params)

    def executemany(self, query: str, param_list: Any) -> Any:  # noqa: ANN401
        return self._alone(super().executemany, query, param_list)

    def _alone(self, run: Callable[..., Any], query: str, params: Any) -> Any:  # noqa: ANN401
        if self.connection.in_transaction or query[:_HEAD].upper() not in _WRITES:
            return run(query, params)
        self.wrapper.take_turn()
        try:
            return run(query, params)
        finally:
            self.wrapper.give_turn()
