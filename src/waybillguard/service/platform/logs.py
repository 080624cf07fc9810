"""What may stand in the log of the service."""

import logging
import re

_LINK = re.compile(r"/setup/[^/\s]+")


class HideLinks(logging.Filter):
    """Takes the secret out of one-time links: a log must not sign anybody in."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the line if a link stands in it; every line passes."""
        text = record.getMessage()
        if "/setup/" in text:
            record.msg, record.args = _LINK.sub("/setup/…", text), ()
        return True
