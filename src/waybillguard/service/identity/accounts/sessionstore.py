"""Django's database sessions, read by a raw SQL query (`database.raw_sql`)."""

from typing import Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from waybillguard.service.platform.database.raw_sql import first_row, moment

_LIVING: Final = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """One session; the class has the name of Django's, so that each can read the other's sessions."""

    def _get_session_from_db(self) -> Session | None:
        row = first_row(_LIVING, self.session_key, moment(timezone.now()), before_scope=True)
        if row is None:
            self._session_key = None
            return None
        return Session(session_key=str(self.session_key), session_data=row[0])
