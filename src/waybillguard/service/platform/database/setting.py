"""The setting by which a statement tells PostgreSQL's row security whose rows it is about (`row_security`).

Here alone, so that whoever asks without Django need not load it.
"""

from typing import Final

SETTING: Final = "waybillguard.tenant"
ALL: Final = "*"
