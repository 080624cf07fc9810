"""Times in every shape, and files that are damaged or hostile."""

import json

from making import CASES, at, ev, expect, no, raw, table

PLAIN = {"ts": "操作时间", "account": "操作账号", "action": "操作类型", "order_id": "订单号"}
HEAD = ["操作时间", "操作账号", "操作类型", "订单号"]


def shapes_of_time() -> None:
    """Every shape of a time."""
    cells = [
        ("2026/3/5 14:03", at("3-05 14:03")), ("2026-03-05 14:03:01", at("3-05 14:03:01")),
        ("2026-03-05 14:03:01.250", at("3-05 14:03:01.250")), ("2026年3月5日 14:03:01", at("3-05 14:03:01")),
        ("2026年3月5日14时3分", at("3-05 14:03")), ("20260305140301", at("3-05 14:03:01")),
        ("2026/3/5 下午 2:03:11", at("3-05 14:03:11")), ("2026/3/5 上午12:05:00", at("3-05 00:05")),
        ("2026-03-05T06:03:01Z", at("3-05 14:03:01")), ("2026-03-05T14:03:01+0800", at("3-05 14:03:01")),
        ("1772690581", at("3-05 14:03:01")), ("1772690581250", at("3-05 14:03:01.250")),
        ("46086.75", at("3-05 18:00")), ("２０２６－０３－０５　１４：０３", at("3-05 14:03")),
    ]  # fmt: skip
    table(
        "shapes-of-time.csv",
        [HEAD, *([cell, "t1", "打印面单", f"T{n}"] for n, (cell, _) in enumerate(cells))],
    )
    expect(
        "shapes-of-time.csv",
        "one row a shape; naive times are the warehouse's, epoch seconds, milliseconds and Excel serials",
        PLAIN,
        [ev(n + 1, when, "t1", "print", f"T{n}") for n, (_, when) in enumerate(cells)],
    )


def bad_times() -> None:
    """Times that are none."""
    cells = [
        "2026-02-30 10:00:00", "2026-03-05 25:61:00", "0000-00-00 00:00:00", "", "昨天 10:00", "2026-03-05", "14:03:01",
        "########",
    ]  # fmt: skip
    rows = [[cell, "b1", "打印面单", f"B{n}"] for n, cell in enumerate(cells)]
    table("bad-times.csv", [HEAD, ["2026-03-05 09:59:59", "b1", "打印面单", "B"], *rows])
    expect(
        "bad-times.csv",
        "days and hours that do not exist, none, words, a day without an hour, an hour without a day, a cell too narrow",
        PLAIN,
        [ev(1, at("3-05 09:59:59"), "b1", "print", "B")],
        [no(n + 2, "bad_time") for n in range(len(cells))],
    )


def zones() -> None:
    """Times of several zones."""
    rows = [
        {"t": "2026-03-05T14:03:01+08:00", "u": "z1", "op": "reveal", "order": "Z1"},
        {"t": "2026-03-05T06:03:01Z", "u": "z1", "op": "reveal", "order": "Z2"},
        {"t": "2026-03-05T01:03:01-05:00", "u": "z1", "op": "reveal", "order": "Z3"},
        {"t": "2026-03-05T14:03:01", "u": "z1", "op": "reveal", "order": "Z4"},
        {"t": "2026-03-05 00:10:00+08:00", "u": "z1", "op": "reveal", "order": "Z5"},
    ]
    raw("mixed-zones.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    expect(
        "mixed-zones.jsonl",
        "each time by its own offset, a time without one in the warehouse's zone; the first four are one instant",
        {"ts": "t", "account": "u", "action": "op", "order_id": "order"},
        [
            *(ev(n, "2026-03-05T06:03:01Z", "z1", "reveal", f"Z{n}") for n in (1, 2, 3, 4)),
            ev(5, "2026-03-04T16:10:00Z", "z1", "reveal", "Z5"),
        ],
    )
    table(
        "header-says-utc.csv",
        [
            ["操作时间(UTC)", "操作账号", "操作类型", "订单号"],
            ["2026-03-05 06:03:01", "z2", "打印面单", "U1"],
            ["2026-03-05 18:30:00", "z2", "打印面单", "U2"],
        ],
    )
    expect(
        "header-says-utc.csv",
        "the header names the zone of naive times",
        {**PLAIN, "ts": "操作时间(UTC)"},
        [
            ev(1, "2026-03-05T06:03:01Z", "z2", "print", "U1"),
            ev(2, "2026-03-05T18:30:00Z", "z2", "print", "U2"),
        ],
    )


def duplicates() -> None:
    """Rows that come again."""
    one = ["2026-03-05 14:03:01", "d1", "查看明文", "D1"]
    table(
        "duplicate-rows.csv",
        [HEAD, one, one, ["2026-03-05 14:03:02", *one[1:]], [*one[:3], "D2"], one, ["2026-03-05 14:03:01", "d2", *one[2:]]],
    )  # fmt: skip
    expect(
        "duplicate-rows.csv",
        "a row whose every cell equals an earlier row's is a duplicate; one that differs in a cell is none",
        PLAIN,
        [
            ev(1, at("3-05 14:03:01"), "d1", "reveal", "D1"),
            ev(3, at("3-05 14:03:02"), "d1", "reveal", "D1"),
            ev(4, at("3-05 14:03:01"), "d1", "reveal", "D2"),
            ev(6, at("3-05 14:03:01"), "d2", "reveal", "D1"),
        ],
        [no(2, "duplicate"), no(5, "duplicate")],
    )


def accounts() -> None:
    """Rows without an account."""
    table(
        "missing-accounts.csv",
        [
            HEAD,
            ["2026-03-05 14:03:01", "", "查看明文", "M1"],
            ["2026-03-05 14:03:02", "-", "查看明文", "M2"],
            ["2026-03-05 14:03:03", "  m1 ", "查看明文", "M3"],
            ["2026-03-05 14:03:04", "系统", "导出订单", ""],
            ["2026-03-05 14:03:05", "m1", "查看明文", ""],
            ["2026-03-05 14:03:06", "null", "查看明文", "M6"],
        ],
    )
    expect(
        "missing-accounts.csv",
        "no account, or a dash for it, is refused; spaces are trimmed; the system is an account; a reveal that "
        "names no order is still one",
        PLAIN,
        [
            ev(3, at("3-05 14:03:03"), "m1", "reveal", "M3"),
            ev(4, at("3-05 14:03:04"), "系统", "export", None),
            ev(5, at("3-05 14:03:05"), "m1", "reveal", None),
        ],
        [no(1, "no_account"), no(2, "no_account"), no(6, "no_account")],
    )


def hostile() -> None:
    """Formulas, paths and worse."""
    table(
        "formulas.csv",
        [
            [*HEAD, "原因"],
            ["2026-03-05 14:03:01", "=cmd|'/C calc'!A0", "查看明文", "H1", ""],
            ["2026-03-05 14:03:02", "h1", "查看明文", '=HYPERLINK("http://example.invalid";"x")', ""],
            ["2026-03-05 14:03:03", "h1", "查看明文", "H3", "=1+1"],
            ["2026-03-05 14:03:04", "h1", "查看明文", "-H4", "+改地址"],
            ["2026-03-05 14:03:05", "@h1", "查看明文", "H5", "<script>alert(1)</script>"],
        ],
    )
    expect(
        "formulas.csv",
        "a formula where an account or an order should stand is refused; in a free text it is text; a leading "
        "minus or at sign is none",
        {**PLAIN, "purpose": "原因"},
        [
            ev(3, at("3-05 14:03:03"), "h1", "reveal", "H3", purpose="=1+1"),
            ev(4, at("3-05 14:03:04"), "h1", "reveal", "-H4", purpose="+改地址"),
            ev(5, at("3-05 14:03:05"), "@h1", "reveal", "H5", purpose="<script>alert(1)</script>"),
        ],
        [no(1, "formula_in_field"), no(2, "formula_in_field")],
    )
    table(
        "paths-and-controls.csv",
        [
            [*HEAD, "电脑名"],
            ["2026-03-05 14:03:01", "../../etc/passwd", "打印面单", "P1", "..\\..\\CON"],
            ["2026-03-05 14:03:02", "C:\\Users\\p1", "打印面单", "2026/03/P2", "NUL"],
            ["2026-03-05 14:03:03", "p1'; DROP TABLE events;--", "打印面单", "P3%00", "PC\u202e10-TNIRP"],
            ["2026-03-05 14:03:04", "p" * 300, "打印面单", "P4", ""],
        ],
    )
    expect(
        "paths-and-controls.csv",
        "paths, device names, SQL and long names are names like any other; a workstation with a turned-round "
        "script is not judged",
        {**PLAIN, "workstation": "电脑名"},
        [
            ev(1, at("3-05 14:03:01"), "../../etc/passwd", "print", "P1", workstation="..\\..\\CON"),
            ev(2, at("3-05 14:03:02"), "C:\\Users\\p1", "print", "2026/03/P2", workstation="NUL"),
            ev(3, at("3-05 14:03:03"), "p1'; DROP TABLE events;--", "print", "P3%00"),
            ev(4, at("3-05 14:03:04"), "p" * 300, "print", "P4", workstation=None),
        ],
    )


def lost_digits() -> None:
    """Numbers that Excel rounded."""
    table(
        "order-digits-lost.csv",
        [
            HEAD,
            ["2026-03-05 14:03:01", "k1", "打印面单", "3.26031E+18"],
            ["2026-03-05 14:03:02", "k1", "打印面单", "3260305140300012345"],
            ["2026-03-05 14:03:03", "k1", "打印面单", "A1E5"],
        ],
    )
    expect(
        "order-digits-lost.csv",
        "a number that Excel rounded names no order and is not guessed; A1E5 is an order like any other",
        PLAIN,
        [
            ev(2, at("3-05 14:03:02"), "k1", "print", "3260305140300012345"),
            ev(3, at("3-05 14:03:03"), "k1", "print", "A1E5"),
        ],
        [no(1, "order_precision_lost")],
    )


def broken_lines() -> None:
    """Rows that are cut or broken."""
    good = {"time": "2026-03-05 14:03:01", "user": "j1", "action": "打印面单", "order": "J1"}
    lines = [
        json.dumps(good, ensure_ascii=False), '{"time": "2026-03-05 14:03:02", "user": "j1", ', "[1, 2]",
        json.dumps({**good, "time": "2026-03-05 14:03:04", "order": "J4", "extra": {"a": [1]}}, ensure_ascii=False),
        "", json.dumps({"time": "2026-03-05 14:03:05", "action": "打印面单", "order": "J5"}, ensure_ascii=False),
    ]  # fmt: skip
    raw("broken-lines.jsonl", "\n".join(lines) + "\n")
    expect(
        "broken-lines.jsonl",
        "a cut line and a line that is no object are refused and the rest is read; a blank line is no row; a key "
        "may be missing or new",
        {"ts": "time", "account": "user", "action": "action", "order_id": "order"},
        [ev(1, at("3-05 14:03:01"), "j1", "print", "J1"), ev(4, at("3-05 14:03:04"), "j1", "print", "J4")],
        [no(2, "unreadable_row"), no(3, "unreadable_row"), no(5, "no_account")],
    )
    raw(
        "broken-columns.csv",
        "操作时间,操作账号,操作类型,订单号\r\n"
        "2026-03-05 14:03:01,c1,打印面单,C1\r\n"
        "2026-03-05 14:03:02,c1,打印面单,C2,C3,x\r\n"
        "2026-03-05 14:03:03,c1\r\n"
        "2026-03-05 14:03:04,c1,登录\r\n"
        '2026-03-05 14:03:05,c1,打印面单,"C5"\r\n',
    )
    expect(
        "broken-columns.csv",
        "more cells than headers; too few to say what was done; a row short of its last, empty cell is whole",
        PLAIN,
        [
            ev(1, at("3-05 14:03:01"), "c1", "print", "C1"),
            ev(4, at("3-05 14:03:04"), "c1", "login", None),
            ev(5, at("3-05 14:03:05"), "c1", "print", "C5"),
        ],
        [no(2, "column_count"), no(3, "unknown_action|column_count")],
    )


def out_of_order() -> None:
    """Rows in no order."""
    rows = [["2026-03-05 14:03:09", "o1", "打印面单", "O9"], ["2026-03-04 23:59:59", "o1", "打印面单", "O1"]]
    table("newest-first.csv", [HEAD, *rows, ["2026-03-05 00:00:00", "o1", "打印面单", "O5"]])
    expect(
        "newest-first.csv",
        "rows in any order keep their times; days are the warehouse's",
        PLAIN,
        [
            ev(1, at("3-05 14:03:09"), "o1", "print", "O9", day=20517),
            ev(2, at("3-04 23:59:59"), "o1", "print", "O1", day=20516, w10=143),
            ev(3, at("3-05 00:00:00"), "o1", "print", "O5", day=20517, w10=0),
        ],
    )


def unreadable() -> None:
    """Files that are no logs."""
    folder = CASES / "unreadable"
    folder.mkdir(exist_ok=True)
    (folder / "empty.csv").write_bytes(b"")
    (folder / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x02\x03" * 9)
    (folder / "cut.json").write_text('{"data": {"list": [{"time": "2026-03-05', "utf-8")
    (folder / "not-a-workbook.xlsx").write_bytes(b"PK\x03\x04" + b"\x00" * 200)
    (folder / "no-time-no-account.csv").write_text("商品,颜色\r\n卫衣,米白\r\n", "utf-8", newline="")


ALL = (
    shapes_of_time, bad_times, zones, duplicates, accounts, hostile, lost_digits, broken_lines, out_of_order,
    unreadable,
)  # fmt: skip
