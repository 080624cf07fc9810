"""Printers that no label goes to: they make a file, a fax, a note, a picture or a copy elsewhere."""

from waybillguard.agent.printers.virtual import why_refused


def is_virtual(name: str) -> bool:
    """Say whether a printer's name or driver is that of one which makes no paper here.

    >>> is_virtual("Microsoft Print to PDF"), is_virtual("TSC TTP-244 Pro"), is_virtual("HP (重定向 3)")
    (True, False, True)
    """
    return why_refused(name=name, driver=name, port=name) is not None
