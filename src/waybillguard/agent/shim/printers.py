"""Printers that no label goes to: they make a file, a fax, a note, a picture or a copy elsewhere."""

import re

#: Words in names and drivers of printers that give out what they are sent. Names as Windows and CUPS show them.
_VIRTUAL = re.compile(
    r"pdf|xps|one\s?note|fax|传真|image writer|document writer|document converter|snagit|virtual|虚拟|"
    r"print to file|打印到文件|导出为|redirected|重定向|\(session \d+\)|teamviewer|anydesk|向日葵|todesk|"
    r"cutepdf|bullzip|foxit|福昕|wps|universal document|send to|发送至|microsoft print|cups-pdf|file:|nul:|portprompt",
    re.IGNORECASE,
)


def is_virtual(name: str) -> bool:
    """Say whether a printer's name or driver is that of one which makes no paper here.

    >>> is_virtual("Microsoft Print to PDF"), is_virtual("TSC TTP-244 Pro"), is_virtual("HP (重定向 3)")
    (True, False, True)
    """
    return bool(_VIRTUAL.search(name))
