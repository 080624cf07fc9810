"""The same orders in every container, encoding and cell type that offices produce."""

import dataclasses
import datetime as dt

import contacts as c
import writers as w
from contacts import DROP, Contact, expect

HEAD: w.Row = ["订单号", "收货人", "手机号码", "收货地址", "商品名称", "数量", "备注"]


def plain(no: str, who: Contact, goods: str = "毛巾", count: w.Cell = "1", note: str = "") -> w.Row:
    """Return an order in the shortest common layout."""
    return [no, who.name, who.phone, who.joined(), goods, count, note]


def encodings() -> None:
    """UTF-16 both ways, the separator hint of Excel, a TSV that calls itself XLS."""
    w.text(
        "unicode-text.csv",
        [HEAD, plain("U1", c.LI), plain("U2", c.XIE)],
        [expect(c.LI, "B", order_no="U1"), expect(c.XIE, "B", order_no="U2")],
        encoding="utf-16",
        sep="\t",
    )
    w.text(
        "utf16-big-endian.csv",
        [HEAD, plain("U3", c.SUN), plain("U4", c.FENG)],
        [expect(c.SUN, "B", order_no="U3"), expect(c.FENG, "B", order_no="U4")],
        encoding="utf-16-be",
        head="\ufeff",
    )
    w.text(
        "separator-hint.csv",
        [HEAD, plain("U5", c.CHEN, note="轻放,谢谢"), plain("U6", c.PENG)],
        [expect(c.CHEN, "B", order_no="U5", remark="轻放,谢谢"), expect(c.PENG, "B", order_no="U6")],
        encoding="gb18030",
        head="sep=,\r\n",
    )
    w.text(
        "tsv-named-xls.xls",
        [HEAD, plain("U7", c.HAN), plain("U8", c.ZHANG, note='9.7"平板'), plain("U9", c.MA)],
        [
            expect(c.HAN, "B", order_no="U7"),
            expect(c.ZHANG, "B", order_no="U8", remark='9.7"平板'),
            expect(c.MA, "B", order_no="U9"),
        ],
        encoding="gb18030",
        sep="\t",
    )


def mixed_line_ends() -> None:
    """Old systems: quotes inside bare fields, line ends of three kinds, no newline at the end."""
    who = (c.GAO, c.ZHU, c.PENG)
    rows = [",".join(str(cell) for cell in plain(f"L{n}", one, '55"电视架')) for n, one in enumerate(who, 1)]
    head = ",".join(str(cell) for cell in HEAD)
    data = f"{head}\r\n{rows[0]}\n{rows[1]}\r\n\r\n{rows[2]}".encode()
    w.raw(
        "mixed-line-ends.csv",
        data,
        [expect(one, "B", order_no=f"L{n}", goods='55"电视架') for n, one in enumerate(who, 1)],
    )


def html_page() -> None:
    """A web page under the ending .xls, in GB2312, numbers forced to text."""
    page = w.html_table(
        [HEAD, plain("H1", c.WANG), plain("H2", c.HUANG, "A&B <蓝>"), plain("H3", c.LIU)], "订单"
    )
    w.raw(
        "page-named-xls.xls",
        page.encode("gb18030"),
        [
            expect(c.WANG, "B", order_no="H1"),
            expect(c.HUANG, "B", order_no="H2", goods="A&B <蓝>"),
            expect(c.LIU, "B", order_no="H3"),
        ],
    )


def wrong_endings() -> None:
    """An XLSX that calls itself XLS, and one that calls itself CSV."""
    data = w.workbook({"Sheet": [HEAD, plain("X1", c.OUYANG), plain("X2", c.ZHOU)]})
    rows = [expect(c.OUYANG, "B", order_no="X1"), expect(c.ZHOU, "B", order_no="X2")]
    w.raw("xlsx-named-xls.xls", data, rows)
    w.raw("xlsx-named-csv.csv", data, rows)


def locked() -> None:
    """A workbook with a password (see passwords.json)."""
    data = w.workbook({"订单": [HEAD, plain("P1", c.SHEN), plain("P2", c.TANG)]})
    w.raw(
        "locked.xlsx",
        w.locked(data, "面单2026!"),
        [expect(c.SHEN, "B", order_no="P1"), expect(c.TANG, "B", order_no="P2")],
    )


def rare_characters() -> None:
    """Names outside GBK, two of them outside the basic plane; emoji; wide digits; odd spaces."""
    smile = dataclasses.replace(c.LIN, name="林🌸朵", phone="13800138011", hide=("705",))
    who = (c.XIE, c.FENG, c.TANG, c.RARE)
    rows = [plain(f"R{n}", one, "茶𠮷壶") for n, one in enumerate(who, 1)]
    expected = [expect(one, "B", order_no=f"R{n}", goods="茶𠮷壶") for n, one in enumerate(who, 1)]
    w.text("rare-names-gb18030.csv", [HEAD, *rows], expected, encoding="gb18030")
    wide = [*plain("R6", c.ZHU)]
    wide[2] = "１８０００１３８０３１"
    odd = [*plain("R7", c.SUN)]
    odd[1], odd[2] = "\u200b孙悦\u3000", "\u202d15800133910\u202c"
    w.text(
        "rare-names-emoji.csv",
        [HEAD, *rows, plain("R5", smile, "🎁礼盒", note="生日🎂"), wide, odd],
        [
            *expected,
            expect(smile, "B", order_no="R5", goods="🎁礼盒", remark="生日🎂"),
            expect(c.ZHU, "B", order_no="R6"),
            expect(c.SUN, "B", order_no="R7"),
        ],
    )
    w.raw("rare-names.xlsx", w.workbook({"订单": [HEAD, *rows]}), expected)


def numbers() -> None:
    """Phones shown as 1.38E+10 but whole in the cell; dates as serials with and without a format."""
    head = ["订单号", "运单号", "下单时间", "收件人", "手机", "地址", "数量"]
    moment = dt.datetime(2026, 11, 11, 9, 30)  # noqa: DTZ001 - Excel knows no zones
    rows: list[w.Row] = [
        head,
        [100200300, 773012345678901, moment, c.WANG.name, 13800131526, c.WANG.joined(), 1],
        [100200301, 773012345678902, 46337.5, c.LI.name, 15900132748.0, c.LI.joined(), 12],
        [100200302, "773012345678903", "2026/11/11 9:30", c.GAO.name, "15200132778.0", c.GAO.joined(), 1.5],
    ]
    formats = {(2, 3): "yyyy/m/d h:mm", (2, 5): "0.00E+00", (3, 5): "0.00E+00", (2, 2): "0.00E+00"}
    name = "numbers-as-cells.xlsx"
    w.raw(
        name,
        w.workbook({"Sheet1": rows}, formats=formats),
        [
            expect(
                c.WANG,
                "B",
                order_no="100200300",
                waybill_no="773012345678901",
                quantity="1",
                created_at="2026-11-11T09:30:00+08:00",
            ),
            expect(
                c.LI,
                "B",
                order_no="100200301",
                waybill_no="773012345678902",
                quantity="12",
                created_at="2026-11-11T12:00:00+08:00",
            ),
            expect(
                c.GAO,
                "B",
                order_no="100200302",
                waybill_no="773012345678903",
                quantity="1.5",
                created_at="2026-11-11T09:30:00+08:00",
            ),
        ],
    )
    stamp = dt.datetime(2026, 11, 11, 0, 0, 5)  # noqa: DTZ001
    w.raw(
        "dates-as-cells.xls",
        w.xls(
            {
                "Sheet1": [
                    head,
                    [1, "", stamp, c.ZHANG.name, 17700134182, c.ZHANG.joined(), 1],
                    [2, "", "2026年11月11日 00:00:05", c.PENG.name, 13200131415, c.PENG.joined(), 1],
                    [3, "", "20261111000005", c.ZHU.name, 18000138031, c.ZHU.joined(), 1],
                ]
            },
            date_format="m/d/yy h:mm",
        ),
        [
            expect(c.ZHANG, "B", order_no="1", created_at="2026-11-11T00:00:05+08:00", waybill_no=""),
            expect(c.PENG, "B", order_no="2", created_at="2026-11-11T00:00:05+08:00"),
            expect(c.ZHU, "B", order_no="3", created_at="2026-11-11T00:00:05+08:00"),
        ],
    )


def pages() -> None:
    """A printout saved as CSV: title, header again on each page, blanks, subtotals, a signature line."""
    blank = [""] * 7
    rows: list[w.Row] = [
        ["南枝旗舰店发货清单 2026-11-19", *blank[1:]],
        blank,
        HEAD,
        plain("T1", c.WANG, count="2"),
        plain("T2", c.LI, "合计时器", "1", "总计发两件，小计别贴外面"),
        ["本页小计", "", "", "", "", "3", ""],
        blank,
        ["　", " ", "\t", "", "", "", ""],
        HEAD,
        plain("T3", c.SUN, count="1"),
        ["订单号 ", "收货人", " 手机号码", "收货地址", "商品名称", "数量", "备注"],
        plain("T4", c.PENG, count="4"),
        ["", "", "", "", "合计：", "8", ""],
        ["总计", "4单", "", "", "", "8", ""],
        ["制表：阿坤", "", "", "审核：", "", "", ""],
        ["打印时间：2026-11-19 18:00:00", *blank[1:]],
    ]
    w.text(
        "pages-with-totals.csv",
        rows,
        [
            expect(c.WANG, "B", order_no="T1", quantity="2"),
            expect(c.LI, "B", order_no="T2", goods="合计时器", quantity="1"),
            expect(c.SUN, "B", order_no="T3"),
            expect(c.PENG, "B", order_no="T4", quantity="4"),
        ],
        encoding="gb18030",
    )


def header_with_breaks() -> None:
    """Headers with line breaks, stars and hints in brackets; merged title; total under the goods column."""
    rows: list[w.Row] = [
        ["2026 年双十二预售订单导出表"],
        ["店铺：南枝旗舰店", "", "", "导出人：小何 13012340000"],
        [
            "序号",
            "平台\n单号",
            "收件人\n姓名（必填）",
            "收件人电话\n(手机/座机*)",
            "收件\n地址",
            "商品",
            "数量（件）",
        ],
        [1, "B2B-1", c.LIU.name, c.LIU.phone, c.LIU.joined(), "杯垫", 10],
        [2, "B2B-2", c.CAO.name, c.CAO.phone, c.CAO.joined(), "杯垫", 5],
        ["", "", "", "", "", "合计", 15],
    ]
    name = "header-with-breaks.xlsx"
    w.raw(
        name,
        w.workbook({"导出": rows}, merge={"导出": ["A1:G1"]}),
        [
            expect(c.LIU, "B", order_no="B2B-1", goods="杯垫", quantity="10"),
            expect(c.CAO, "B", order_no="B2B-2", quantity="5"),
        ],
    )


def breaks_in_cells() -> None:
    """Line breaks, commas and quotes inside quoted cells; a break in the address."""
    rows: list[w.Row] = [
        HEAD,
        plain("N1", c.CHEN, "杯子\n红色\n大号", note='第一行\r\n第二行，含“引号”和"直引号"'),
        [
            "N2",
            c.WANG.name,
            c.WANG.phone,
            "浙江省金华市义乌市\n北苑街道机场路88号\n福田小区3幢2单元501室",
            "杯子",
            "1",
            "",
        ],
        plain("N3", c.GAO, note="\n"),
    ]
    w.text(
        "breaks-in-cells.csv",
        rows,
        [
            expect(c.CHEN, "B", order_no="N1", **{"goods~": "红色", "remark~": "第二行"}),
            expect(c.WANG, "B", order_no="N2"),
            expect(c.GAO, "B", order_no="N3"),
        ],
        encoding="utf-8-sig",
    )


def goods_lines() -> None:
    """Orders of several lines: order cells only on the first line, as CSV; merged downwards, as XLSX."""
    blank = ["", "", "", ""]
    rows: list[w.Row] = [
        HEAD,
        plain("G1", c.ZHANG, "牙刷", "2"),
        [*blank, "牙膏", "1", ""],
        [*blank, "赠品", "1", ""],
        plain("G2", c.YANG, "牙刷", "1"),
        [*blank, "赠品", "1", ""],
        plain("G3", c.LIN, "牙刷", "1"),
    ]
    expected = [
        expect(c.ZHANG, "B", order_no="G1", goods="牙刷", quantity="2"),
        expect(c.ZHANG, "B", order_no="G1", goods="牙膏", quantity="1"),
        expect(c.ZHANG, "B", order_no="G1", goods="赠品", quantity="1"),
        expect(c.YANG, "B", order_no="G2", goods="牙刷", quantity="1"),
        expect(c.YANG, "B", order_no="G2", goods="赠品", quantity="1"),
        expect(c.LIN, "B", order_no="G3", goods="牙刷", quantity="1"),
    ]
    w.text("goods-lines.csv", rows, expected)
    merge = [f"{column}{top}:{column}{end}" for column in "ABCD" for top, end in ((2, 4), (5, 6))]
    w.raw("goods-lines-merged.xlsx", w.workbook({"订单": rows}, merge={"订单": merge}), expected)


def virtual_numbers() -> None:
    """A privacy number with extension and end, in columns of its own or in one cell."""
    head = ["订单号", "收货人", "手机", "收货地址", "虚拟号到期时间", "商品"]
    no_phone = {"masked": {"name": "王**"}}
    rows: list[w.Row] = [
        head,
        ["V1", "王小明", "18877771111-1234", c.WANG.joined(), "2026-12-11 23:59:59", "灯"],
        ["V2", "王小明", "18877771111转1235", c.WANG.joined(), "2026-12-12 00:00:00", "灯"],
        ["V3", "王小明", "0579-85551234-802", c.WANG.joined(), "", "灯"],
        ["V4", "王小明", "13800131526", c.WANG.joined(), "", "灯"],
    ]
    virtual = {"phone": "18877771111", "phones": ["18877771111"]}
    w.text(
        "virtual-numbers.csv",
        rows,
        [
            expect(
                c.WANG,
                "B",
                order_no="V1",
                **{**virtual, **no_phone},
                extension="1234",
                virtual_until="2026-12-11T23:59:59+08:00",
            ),
            expect(
                c.WANG,
                "B",
                order_no="V2",
                **{**virtual, **no_phone},
                extension="1235",
                virtual_until="2026-12-12T00:00:00+08:00",
            ),
            expect(
                c.WANG,
                "B",
                order_no="V3",
                phone="0579-85551234",
                phones=["0579-85551234"],
                extension="802",
                virtual_until="",
                masked={"name": "王**", "phone": "0579-******34-***"},
            ),
            expect(c.WANG, "B", order_no="V4", virtual_until="", goods=DROP),
        ],
    )


ALL = (
    encodings,
    mixed_line_ends,
    html_page,
    wrong_endings,
    locked,
    rare_characters,
    numbers,
    pages,
    header_with_breaks,
    breaks_in_cells,
    goods_lines,
    virtual_numbers,
)
