"""Recognises printers that must not print labels: they make a file, a fax, a note, a picture or a remote copy."""

from waybillguard.agent.printers.virtual import why_refused


def is_virtual(name: str) -> bool:
    """Return whether a printer's name or driver is that of a virtual or redirected printer.

    >>> is_virtual("Microsoft Print to PDF"), is_virtual("TSC TTP-244 Pro"), is_virtual("HP (重定向 3)")
    (True, False, True)
    """
    return why_refused(name=name, driver=name, port=name) is not None
