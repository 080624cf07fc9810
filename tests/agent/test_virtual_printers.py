"""Virtual and redirected printers are recognised by name, driver, port and address; label printers pass."""

import csv
import re
from importlib import resources

import pytest

from waybillguard.agent.printers.virtual import why_refused


@pytest.mark.parametrize(
    ("marks", "kind"),
    [
        ({"name": "Microsoft Print to PDF", "port": "PORTPROMPT:"}, "pdf"),
        ({"name": "Adobe PDF"}, "pdf"),
        ({"name": "导出为WPS PDF"}, "pdf"),
        ({"name": "Foxit PDF Reader Printer"}, "pdf"),
        ({"name": "FreePDF"}, "pdf"),
        ({"name": "万兴PDF"}, "pdf"),
        ({"name": "保存为PDF"}, "pdf"),
        ({"driver": "Universal Document Converter"}, "pdf"),
        ({"name": "Microsoft Office Document Image Writer"}, "xps"),
        ({"name": "FinePrint"}, "image"),
        ({"name": "RustDesk Printer"}, "redirected"),
        ({"name": "网易UU远程"}, "redirected"),
        ({"name": "AweSun Printer"}, "redirected"),
        ({"uri": "cups-pdf:/"}, "pdf"),
        ({"name": "面单", "driver": "Generic CUPS-PDF Printer"}, "pdf"),
        ({"name": "Microsoft XPS Document Writer"}, "xps"),
        ({"name": "OneNote (Desktop)"}, "onenote"),
        ({"name": "发送至 OneNote 2016"}, "onenote"),
        ({"name": "Fax"}, "fax"),
        ({"name": "传真"}, "fax"),
        ({"name": "x", "port": "SHRFAX:"}, "fax"),
        ({"name": "label", "port": "FILE:"}, "file"),
        ({"name": "label", "uri": "file:///tmp/label.prn"}, "file"),
        ({"name": "label", "uri": "/tmp/label.prn"}, "file"),
        ({"name": "label", "port": "C:\\out\\label.prn"}, "file"),
        ({"name": "Zebra ZD421 (redirected 2)"}, "redirected"),
        ({"name": "Zebra ZD421（重定向 2）"}, "redirected"),
        ({"name": "Zebra", "port": "TS003"}, "redirected"),
        ({"name": "Zebra", "driver": "Remote Desktop Easy Print"}, "redirected"),
        ({"name": "ToDesk Printer"}, "redirected"),
        ({"name": "向日葵远程打印机"}, "redirected"),
        ({"name": "label", "uri": "https://print.example.net/q"}, "cloud"),
    ],
)
def test_a_printer_that_is_none_is_refused(marks: dict[str, str], kind: str) -> None:
    found = why_refused(**marks)
    assert found is not None
    assert found.kind == kind
    assert found.zh
    assert found.en


@pytest.mark.parametrize(
    "marks",
    [
        {"name": "ZDesigner ZD421-203dpi ZPL", "driver": "ZDesigner ZD421-203dpi ZPL", "port": "USB001"},
        {"name": "TSC TTP-244 Plus", "port": "IP_192.168.8.30"},
        {"name": "Gprinter GP-1524T", "port": "USB002"},
        {"name": "XP-490B", "port": "192.168.1.87"},
        {"name": "HPRT N41", "uri": "raw://192.168.8.30:9100"},
        {"name": "label-1", "uri": "ipp://localhost:631/printers/label"},
        {"name": "QR-588 快麦 KM118", "driver": "KM118", "port": "USB001"},
        {"name": "佳博 打包台3", "driver": "Gprinter GP-3120TU"},
        {"name": "PDF417 标签", "driver": "Zebra ZD621 PDF Direct"},
    ],
)
def test_a_label_printer_passes(marks: dict[str, str]) -> None:
    assert why_refused(**marks) is None


def test_every_row_of_the_table_is_whole() -> None:
    text = resources.files("waybillguard.agent").joinpath("data/virtual_printers.csv").read_text("utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#")))
    assert len(rows) >= 10
    for row in rows:
        assert set(row["fields"].split()) <= {"name", "driver", "port", "uri"}
        assert None not in row
        assert all(row[key] for key in ("kind", "pattern", "zh", "en"))
        re.compile(row["pattern"])
