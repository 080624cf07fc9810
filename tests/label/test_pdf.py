"""PDF: one page per label, exact paper size, the checked raster, and constant memory."""

import re
import shutil
import subprocess
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.missing import missing

from waybillguard.label.codes import decode
from waybillguard.label.model import LabelContent, LabelSize
from waybillguard.label.pdf import PdfWriter
from waybillguard.label.raster import draw


@pytest.fixture(scope="module")
def poppler() -> str:
    """The pdftoppm of this machine."""
    found = shutil.which("pdftoppm")
    if found is None:
        missing("pdftoppm", "install the package poppler-utils")
    return str(found)


def written(*contents: LabelContent, size: LabelSize = LabelSize.S76X130, dpi: int = 203) -> bytes:
    chunks: list[bytes] = []
    with PdfWriter(chunks.append) as pdf:
        for content in contents:
            pdf.add(draw(content, size, dpi))
    return b"".join(chunks)


def rendered(poppler: str, pdf: bytes, folder: Path, *arguments: str) -> list[Path]:
    (folder / "in.pdf").write_bytes(pdf)
    done = subprocess.run(
        [poppler, *arguments, str(folder / "in.pdf"), str(folder / "page")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return sorted(folder.glob("page*"))


@pytest.mark.parametrize("size", list(LabelSize))
def test_codes_read_from_a_rendered_page(
    poppler: str, tmp_path: Path, long_content: LabelContent, size: LabelSize
) -> None:
    (page,) = rendered(poppler, written(long_content, size=size), tmp_path, "-r", "203.2", "-gray")
    with Image.open(page) as picture:
        found = decode(np.asarray(picture))
    assert [box.text for box in found] == [long_content.waybill_no, long_content.reference]


def test_a_page_rendered_at_the_heads_resolution_is_the_raster(
    poppler: str, tmp_path: Path, content: LabelContent
) -> None:
    drawn = draw(content, LabelSize.S76X130, 203)
    (page,) = rendered(poppler, written(content), tmp_path, "-r", "203.2", "-gray")
    with Image.open(page) as picture:
        dots = np.asarray(picture) < 128
    assert dots.shape == drawn.bitmap.shape
    assert (dots != drawn.bitmap).mean() < 0.001


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", list(LabelSize))
def test_pages_have_exactly_the_papers_size(content: LabelContent, size: LabelSize, dpi: int) -> None:
    box = re.search(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", written(content, size=size, dpi=dpi))
    assert box is not None
    assert tuple(float(value) / 72 * 25.4 for value in box.groups()) == pytest.approx(
        size.millimetres, abs=0.001
    )


def test_every_label_gets_its_own_page_in_order(
    poppler: str, tmp_path: Path, make_content: Callable[..., LabelContent]
) -> None:
    contents = [make_content(waybill_no=f"SX{number:014d}") for number in range(3)]
    pages = rendered(poppler, written(*contents), tmp_path, "-r", "203.2", "-gray")
    numbers = []
    for page in pages:
        with Image.open(page) as picture:
            numbers.append(decode(np.asarray(picture))[0].text)
    assert numbers == [content.waybill_no for content in contents]


def test_the_cross_reference_table_points_at_every_object(content: LabelContent) -> None:
    pdf = written(content, content)
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    lines = pdf[start:].split(b"\n")
    count = int(lines[1].split()[1])
    for number, line in enumerate(lines[3 : 2 + count], start=1):
        assert pdf[int(line[:10]) :].startswith(b"%d 0 obj\n" % number)
    assert count == 1 + 2 + 2 * 3


def test_a_run_of_no_labels_is_still_a_document() -> None:
    pdf = written()
    assert b"/Count 0" in pdf
    assert pdf.endswith(b"%%EOF\n")


def test_a_run_that_fails_leaves_no_readable_file(content: LabelContent) -> None:
    chunks: list[bytes] = []

    def run() -> None:
        with PdfWriter(chunks.append) as pdf:
            pdf.add(draw(content, LabelSize.S76X130, 203))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        run()
    assert b"%%EOF" not in b"".join(chunks)


def test_no_text_of_the_label_stands_in_the_file_as_text(content: LabelContent) -> None:
    pdf = written(content)
    for text in (content.waybill_no, content.reference, content.ticket, "5678"):
        assert text.encode() not in pdf


def test_memory_does_not_grow_with_the_number_of_pages(content: LabelContent) -> None:
    drawn = draw(content, LabelSize.S76X130, 203)
    pdf = PdfWriter(lambda _: None)
    pdf.add(drawn)
    tracemalloc.start()
    try:
        for _ in range(400):
            pdf.add(drawn)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 100_000
