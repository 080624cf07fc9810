"""One description, three renderings."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waybillguard.documents import (
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Signatures,
    Table,
    to_html,
    to_pdf,
    to_word,
)

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20"><rect width="60" height="10" fill="#344054"/></svg>'
WHOLE = Document(
    title="现场检查记录",
    subtitle="测试仓库",
    blocks=(
        Heading("一、基本情况"),
        Facts((("编号", "WG-2026-001"), ("日期", "2026年11月28日"))),
        Paragraph("抽查面单二十张。"),
        Paragraph("以下为线索，不是证据。", "warning"),
        Heading("发现", 2),
        Bullets(("姓名未脱敏", "电话只隐藏四位"), numbered=True),
        Table(("项目", "结论"), (("姓名", "不符合 GB/T 41833"), ("地址", "符合"))),
        Picture(SVG, "时间轴"),
        Signatures(("检查人", "被检查人")),
    ),
    foot="本记录由面单卫士生成",
)


def text_of(pdf: bytes, tmp_path: Path) -> str:
    (tmp_path / "d.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "d.pdf", "-"], check=True, capture_output=True)
    return done.stdout.decode()


def test_a_pdf_holds_every_text(tmp_path: Path) -> None:
    text = text_of(to_pdf(WHOLE), tmp_path).replace("1 / 1", "1/1")
    for part in (
        "现场检查记录",
        "WG-2026-001",
        "姓名未脱敏",
        "不符合 GB/T 41833",
        "时间轴",
        "检查人",
        "1/1",
    ):
        assert part in text


def test_a_path_or_digest_without_blanks_stays_on_the_page_and_is_copied_whole(tmp_path: Path) -> None:
    digest, path = "1a9d7042" * 8, "C:\\Windows\\System32\\spool\\" + "x" * 70
    table = Table(("文件", "SHA-256"), ((path, digest),), widths=(1, 2))
    pdf = to_pdf(Document(title="清单", blocks=(table, Paragraph(path * 2), Facts((("位置", path * 2),)))))
    (tmp_path / "d.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", tmp_path / "d.pdf", "-"], check=True, capture_output=True)
    text = "".join(done.stdout.decode().split())  # what runs off the page is not told
    assert digest in text
    assert text.count(path) == 5


def test_a_word_file_holds_every_text() -> None:
    word = docx.Document(io.BytesIO(to_word(WHOLE)))
    said = [p.text for p in word.paragraphs] + [
        c.text for t in word.tables for row in t.rows for c in row.cells
    ]
    for part in ("现场检查记录", "抽查面单二十张。", "电话只隐藏四位", "不符合 GB/T 41833", "WG-2026-001"):
        assert any(part in text for text in said), part
    assert len(word.inline_shapes) == 1


def test_a_page_holds_every_text() -> None:
    page = to_html(WHOLE)
    assert all(part in page for part in ("现场检查记录", "姓名未脱敏", "<svg", "被检查人"))
    assert "<script" not in page


def test_the_same_description_gives_the_same_bytes() -> None:
    assert to_pdf(WHOLE) == to_pdf(WHOLE)
    assert to_word(WHOLE) == to_word(WHOLE)


def test_text_from_outside_is_never_markup(tmp_path: Path) -> None:
    hostile = '#panic("x") *b* $ a $ <b>&lt; \\ @ref [x](y) {{ }} =SUM(1)'
    document = Document(title=hostile, blocks=(Table(("a",), ((hostile,),)), Bullets((hostile,))))
    assert '#panic("x") *b* $ a $' in text_of(to_pdf(document), tmp_path)
    assert "<b>" not in to_html(document)


@given(st.text(max_size=30))
@settings(max_examples=20, deadline=None)
def test_any_text_can_be_set(text: str) -> None:
    document = Document(title="x", blocks=(Paragraph(text), Facts(((text, text),))))
    assert to_pdf(document).startswith(b"%PDF")
    assert zipfile.is_zipfile(io.BytesIO(to_word(document)))


def test_a_picture_that_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="picture"):
        to_pdf(Document(title="x", blocks=(Picture("<svg", "broken"),)))


def test_the_first_documents_of_several_threads_are_all_set_in_the_faces() -> None:
    code = (
        "import threading; from waybillguard.documents import Document, Paragraph, to_pdf\n"
        "made, at, paper = [], threading.Barrier(6), Document(title='面单卫士', blocks=(Paragraph('中文'),))\n"
        "def one(): at.wait(); made.append(to_pdf(paper))\n"
        "every = [threading.Thread(target=one) for _ in range(6)]\n"
        "[one.start() for one in every]; [one.join() for one in every]; print(len(made), len(set(made)))\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["6", "1"]


def in_word(document: Document) -> str:
    return zipfile.ZipFile(io.BytesIO(to_word(document))).read("word/document.xml").decode()


def test_what_turns_the_writing_round_is_named_by_its_code(tmp_path: Path) -> None:
    document = Document(title="x", blocks=(Table(("文件",), (("invoice\u202efdp.exe 已删除",),)),))
    told = "invoice〔U+202E〕fdp.exe 已删除"
    assert told in to_html(document)
    assert told in in_word(document)
    assert told in text_of(to_pdf(document), tmp_path)


def test_half_characters_and_controls_of_foreign_file_names_are_named_and_not_lost(tmp_path: Path) -> None:
    document = Document(title="x", blocks=(Paragraph("a\udcffb\x01c"),))
    told = "a〔U+DCFF〕b〔U+0001〕c"
    assert told in to_html(document).encode().decode()
    assert told in in_word(document)
    assert told in text_of(to_pdf(document), tmp_path)


def test_a_rare_character_that_no_face_draws_is_printed_as_its_code(tmp_path: Path) -> None:
    document = Document(title="检查人：𠮷田、𫖯、😀")
    assert "〔U+20BB7〕田、𫖯、〔U+1F600〕" in text_of(to_pdf(document), tmp_path)
    assert "𠮷田" in in_word(document), "the reader's own fonts draw it"


def test_a_title_of_any_length_is_a_word_file() -> None:
    title = "检查记录" * 100
    word = docx.Document(io.BytesIO(to_word(Document(title=title))))
    assert word.paragraphs[0].text == title
    assert title.startswith(word.core_properties.title)
