"""The name and special values of the tenant setting used by PostgreSQL's row security (`row_security`).

A separate module, so that it can be imported without Django.
"""

from typing import Final

SETTING: Final = "waybillguard.tenant"
ALL: Final = "*"
