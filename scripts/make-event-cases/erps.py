"""Operation logs in the manner of ERPs and of courier waybill portals."""

import datetime as dt
import json

from making import at, book, ev, expect, no, raw, table


def erp_free_text() -> None:
    """ERP whose log is sentences."""
    table(
        "erp-details-in-text.csv",
        [
            ["操作日期", "操作时间", "操作人", "操作内容", "电脑名", "IP"],
            ["2026-03-05", "14:03:01", "王小芳(qh02)", "打印快递单【订单号:WG260305000101】", "PRINT-02", "192.168.1.52"],
            ["2026-03-05", "14:03:20", "王小芳(qh02)", "补打快递单【订单号:WG260305000101】原因:卡纸", "PRINT-02", "192.168.1.52"],
            ["2026-03-05", "14:10:00", "李国庆（qh07）", "查询订单 关键词:19900001234", "KF-01", "192.168.1.61"],
            ["2026-03-05", "14:11:30", "李国庆（qh07）", "查看明文【订单号:WG260305000177】", "KF-01", "192.168.1.61"],
            ["2026-03-05", "23:50:00", "qh02", "登录系统", "PRINT-02", "192.168.1.52"],
        ],
        "utf-8-sig",
    )  # fmt: skip
    expect(
        "erp-details-in-text.csv",
        "date and time in two columns; name and id in one cell, in both kinds of brackets; what was done and to "
        "which order in one text; a searched phone number is no order and stays out of every field",
        {
            "ts": ["操作日期", "操作时间"], "account": "操作人", "action": "操作内容", "order_id": "操作内容",
            "workstation": "电脑名", "ip": "IP", "allowed": None,
        },
        [
            ev(1, at("3-05 14:03:01"), "qh02", "print", "WG260305000101", workstation="PRINT-02", person="王小芳"),
            ev(2, at("3-05 14:03:20"), "qh02", "reprint", "WG260305000101", ip="192.168.1.52"),
            ev(3, at("3-05 14:10:00"), "qh07", "search", None, never=["19900001234"]),
            ev(4, at("3-05 14:11:30"), "qh07", "reveal", "WG260305000177", exposed=True, person="李国庆"),
            ev(5, at("3-05 23:50:00"), "qh02", "login", None),
        ],
    )  # fmt: skip


def erp_fifty() -> None:
    """ERP that logs a batch as one row."""
    orders = [f"WG2603050{number:05d}" for number in range(1, 51)]
    book(
        "erp-batch-of-fifty.xlsx",
        {
            "Sheet1": [
                ["操作时间", "操作员", "操作员编号", "操作类型", "单据编号", "数量", "工作站"],
                ["2026-03-05 09:30:00", "赵敏", "qh11", "批量打印", ",".join(orders), 50, "打单台3"],
                ["2026-03-05 09:41:00", "赵敏", "qh11", "补打面单", "、".join(orders[3:6]), 3, "打单台3"],
                ["2026-03-05 09:50:00", "赵敏", "qh11", "批量导出", None, 350, "打单台3"],
            ]
        },
    )
    expect(
        "erp-batch-of-fifty.xlsx",
        "fifty orders in one cell are fifty events at one time; an export that names no order is one event",
        {
            "ts": "操作时间", "account": "操作员编号", "person": "操作员", "action": "操作类型",
            "order_id": "单据编号", "workstation": "工作站", "ip": None,
        },
        [
            *(ev(1, at("3-05 09:30:00"), "qh11", "print", order, workstation="打单台3") for order in orders),
            *(ev(2, at("3-05 09:41:00"), "qh11", "reprint", order, person="赵敏") for order in orders[3:6]),
            ev(3, at("3-05 09:50:00"), "qh11", "export", None),
        ],
    )  # fmt: skip


def erp_lines_in_cell() -> None:
    """ERP that parts orders in every way."""
    table(
        "erp-orders-on-lines.csv",
        [
            ["日志时间", "用户", "功能", "动作", "相关订单", "结果"],
            ["2026-03-05 10:00:00", "ops_a", "打单发货", "打印", "A-1001\nA-1002\nA-1003", "成功"],
            ["2026-03-05 10:02:00", "ops_a", "打单发货", "打印", "A-1004;A-1005；A-1006 A-1007", "成功"],
            ["2026-03-05 10:03:00", "ops_a", "打单发货", "打印", "A-1008，A-1008，A-1009,", "成功"],
            ["2026-03-05 10:04:00", "ops_a", "售后", "查看明文", "A-1008", "驳回"],
        ],
    )
    expect(
        "erp-orders-on-lines.csv",
        "orders parted by line breaks, both semicolons, spaces and commas; named twice is looked at once; "
        "a module's name beside the action",
        {"ts": "日志时间", "account": "用户", "action": "动作", "order_id": "相关订单", "allowed": "结果"},
        [
            *(ev(1, at("3-05 10:00:00"), "ops_a", "print", f"A-{n}") for n in (1001, 1002, 1003)),
            *(ev(2, at("3-05 10:02:00"), "ops_a", "print", f"A-{n}") for n in (1004, 1005, 1006, 1007)),
            *(ev(3, at("3-05 10:03:00"), "ops_a", "print", f"A-{n}") for n in (1008, 1009)),
            ev(4, at("3-05 10:04:00"), "ops_a", "reveal", "A-1008", exposed=False, allowed=False),
        ],
    )


def erp_three_times() -> None:
    """ERP that prints its orders' table."""
    table(
        "erp-three-times.tsv",
        [
            ["内部单号", "平台订单号", "运单号", "下单时间", "付款时间", "操作时间", "操作人", "操作", "店铺"],
            ["N-88001", "260304-900000000000001", "SIM900000000001", "2026-03-04 21:10:00", "2026-03-04 21:11:00", "2026-03-05 08:30:00", "wms06", "打印面单", "青禾旗舰店"],
            ["N-88002", "260304-900000000000002", "SIM900000000002", "2026-03-04 22:10:00", "2026-03-04 22:12:00", "2026-03-05 08:30:02", "wms06", "打印面单", "青禾旗舰店"],
        ],
        delimiter="\t",
    )  # fmt: skip
    expect(
        "erp-three-times.tsv",
        "three times and three numbers a row: the look's time is 操作时间, the order is the platform's",
        {
            "ts": "操作时间", "order_created_at": "下单时间", "account": "操作人", "action": "操作",
            "order_id": "平台订单号",
        },
        [
            ev(1, at("3-05 08:30:00"), "wms06", "print", "260304-900000000000001", order_created_at=at("3-04 21:10:00")),
            ev(2, at("3-05 08:30:02"), "wms06", "print", "260304-900000000000002", order_created_at=at("3-04 22:10:00")),
        ],
    )  # fmt: skip


def erp_unicode_text() -> None:
    """ERP log saved from Excel as Unicode text."""
    table(
        "erp-unicode-text.txt",
        [
            ["时间", "员工工号", "员工姓名", "行为", "订单号", "事由"],
            ["2026/3/5 14:03:01", "0007", "陈立秋", "查看完整地址", "T-500-1", "客户来电改地址"],
            ["2026/3/5 14:09:44", "0007", "陈立秋", "查看完整地址", "T-500-2", ""],
        ],
        "utf-16",
        delimiter="\t",
    )
    expect(
        "erp-unicode-text.txt",
        "Excel's Unicode text, UTF-16 with tabs; a badge number keeps its zeros; a stated reason",
        {
            "ts": "时间", "account": "员工工号", "person": "员工姓名", "action": "行为", "order_id": "订单号",
            "purpose": "事由",
        },
        [
            ev(1, at("3-05 14:03:01"), "0007", "reveal", "T-500-1", purpose="客户来电改地址", exposed=True),
            ev(2, at("3-05 14:09:44"), "0007", "reveal", "T-500-2", purpose=None, exposed=True),
        ],
    )  # fmt: skip


def erp_english() -> None:
    """An ERP with an English interface."""
    rows = [
        {"timestamp": "2026-03-05T14:03:01+08:00", "user": {"id": "u-19", "displayName": "Print desk 2"}, "action": "PRINT_LABEL", "resource": {"type": "order", "id": "SO-10001"}, "client": {"ip": "192.168.1.52", "host": "PRINT-02"}, "outcome": "allowed"},
        {"timestamp": "2026-03-05T14:04:01+08:00", "user": {"id": "u-19", "displayName": "Print desk 2"}, "action": "REPRINT_LABEL", "resource": {"type": "order", "id": "SO-10001"}, "client": {"ip": "192.168.1.52", "host": "PRINT-02"}, "outcome": "allowed"},
        {"timestamp": "2026-03-05T14:05:01+08:00", "user": {"id": "u-20", "displayName": None}, "action": "EXPORT_ORDERS", "resource": None, "client": {"ip": "192.168.1.77", "host": None}, "outcome": "denied"},
    ]  # fmt: skip
    raw("erp-english.json", json.dumps(rows, ensure_ascii=False))
    expect(
        "erp-english.json",
        "a bare list of nested objects, one of them null; action words in capitals with underscores",
        {
            "ts": "timestamp", "account": "user.id", "action": "action", "order_id": "resource.id",
            "ip": "client.ip", "workstation": "client.host", "allowed": "outcome",
        },
        [
            ev(1, at("3-05 14:03:01"), "u-19", "print", "SO-10001", workstation="PRINT-02", allowed=True),
            ev(2, at("3-05 14:04:01"), "u-19", "reprint", "SO-10001", ip="192.168.1.52"),
            ev(3, at("3-05 14:05:01"), "u-20", "export", None, workstation=None, allowed=False, exposed=False),
        ],
    )  # fmt: skip


def repeated_header() -> None:
    """Pages of a log joined by hand."""
    head = ["操作时间", "操作账号", "操作类型", "订单号", "备注"]
    table(
        "pages-joined.csv",
        [
            ["某仓操作日志 第1页"],
            head,
            ["2026-03-05 08:00:01", "dd01", "打印面单", "D1", ""],
            ["2026-03-05 08:00:03", "dd01", "打印面单", "D2", ""],
            ["本页小计：2"],
            [],
            ["某仓操作日志 第2页"],
            head,
            ["2026-03-05 08:00:05", "dd01", "打印面单", "D3", ""],
            ["总计：3", "", "", "", ""],
            ["制表人：dd00  打印日期：2026-03-06"],
        ],
        "gbk",
    )
    expect(
        "pages-joined.csv",
        "two pages in one file: title, header and subtotal come again; only data rows count",
        {"ts": "操作时间", "account": "操作账号", "action": "操作类型", "order_id": "订单号"},
        [ev(n, at(f"3-05 08:00:0{2 * n - 1}"), "dd01", "print", f"D{n}") for n in (1, 2, 3)],
    )


def courier_portal() -> None:
    """Workbook of a courier's waybill portal."""
    day = dt.datetime(2026, 3, 5, 14, 3, 1)  # noqa: DTZ001 - cells of a workbook know no zone
    serial = 46086.58542824074
    book(
        "courier-waybill-portal.xlsx",
        {
            "电子面单操作记录": [
                ["运单号", "操作", "操作人", "网点", "打印机", "操作时间"],
                ["SIM900000000001", "打印面单", "wd-330-01", "余姚示例网点", "热敏-01", serial],
                ["SIM900000000002", "打印面单", "wd-330-01", "余姚示例网点", "热敏-01", serial + 60 / 86400],
                [
                    "SIM900000000002",
                    "补打",
                    "wd-330-01",
                    "余姚示例网点",
                    "热敏-01",
                    day + dt.timedelta(minutes=9),
                ],
                [
                    "SIM900000000003",
                    "查看收件人电话",
                    "wd-330-02",
                    "余姚示例网点",
                    None,
                    "2026-03-05 15:00:00",
                ],
            ]
        },
    )
    expect(
        "courier-waybill-portal.xlsx",
        "only waybill numbers, so they are the order; one column holds Excel serials, dates and text",
        {"ts": "操作时间", "account": "操作人", "action": "操作", "order_id": "运单号", "ip": None},
        [
            ev(1, at("3-05 14:03:01"), "wd-330-01", "print", "SIM900000000001"),
            ev(2, at("3-05 14:04:01"), "wd-330-01", "print", "SIM900000000002"),
            ev(3, at("3-05 14:12:01"), "wd-330-01", "reprint", "SIM900000000002"),
            ev(4, at("3-05 15:00:00"), "wd-330-02", "reveal", "SIM900000000003", exposed=True),
        ],
    )  # fmt: skip


def courier_english() -> None:
    """English export of a courier's portal."""
    table(
        "courier-english.csv",
        [
            ["Time", "Operator", "Action", "Waybill No.", "Terminal", "Status"],
            ["3/25/2026 2:03 PM", "station07", "Print", "SIM900000000011", "T-1", "OK"],
            ["3/25/2026 12:05 AM", "station07", "Reprint", "SIM900000000011", "T-1", "OK"],
            ["3/5/2026 12:30 PM", "station08", "View phone number", "SIM900000000012", "T-2", "Rejected"],
        ],
    )
    expect(
        "courier-english.csv",
        "12-hour clock, month first: the 25th proves it for the whole column; midnight and noon",
        {
            "ts": "Time", "account": "Operator", "action": "Action", "order_id": "Waybill No.",
            "workstation": "Terminal", "allowed": "Status",
        },
        [
            ev(1, at("3-25 14:03"), "station07", "print", "SIM900000000011", workstation="T-1", allowed=True),
            ev(2, at("3-25 00:05"), "station07", "reprint", "SIM900000000011"),
            ev(3, at("3-05 12:30"), "station08", "reveal", "SIM900000000012", allowed=False, exposed=False),
        ],
    )  # fmt: skip


def courier_prints() -> None:
    """Record of prints of a courier's portal."""
    table(
        "courier-print-record.csv",
        [
            ["打印时间", "面单号", "打印电脑", "打印账号", "打印次数"],
            ["2026-03-05 14:03:01", "SIM900000000021", "PRINT-01", "ck01", "1"],
            ["2026-03-05 14:20:00", "SIM900000000021", "PRINT-01", "ck01", "2"],
        ],
    )
    expect(
        "courier-print-record.csv",
        "a record of prints without a column of actions: the person says so; times printed is not judged",
        {
            "ts": "打印时间", "account": "打印账号", "action": None, "order_id": "面单号", "workstation": "打印电脑",
        },
        [
            ev(1, at("3-05 14:03:01"), "ck01", "print", "SIM900000000021", workstation="PRINT-01"),
            ev(2, at("3-05 14:20:00"), "ck01", "print", "SIM900000000021", workstation="PRINT-01"),
        ],
        given={"action": "print"},
    )  # fmt: skip


def results() -> None:
    """Every word for yes and no."""
    words = [
        ("成功", True), ("失败", False), ("拒绝", False), ("通过", True), ("已拒绝", False), ("无权限", False),
        ("success", True), ("FAILED", False), ("Denied", False), ("允许", True), ("禁止", False), ("", True),
    ]  # fmt: skip
    table(
        "words-of-results.csv",
        [
            ["操作时间", "操作账号", "操作类型", "订单号", "处理结果"],
            *(
                [f"2026-03-05 11:00:{n:02d}", "r1", "解密", f"R{n}", word]
                for n, (word, _) in enumerate(words)
            ),
        ],
    )
    expect(
        "words-of-results.csv",
        "what people call yes and no; an empty result is what happened, for a log lists what happened",
        {
            "ts": "操作时间", "account": "操作账号", "action": "操作类型", "order_id": "订单号", "allowed": "处理结果",
        },
        [
            ev(n + 1, at(f"3-05 11:00:{n:02d}"), "r1", "reveal", f"R{n}", allowed=yes, exposed=yes)
            for n, (_, yes) in enumerate(words)
        ],
    )  # fmt: skip


def unknown_result() -> None:
    """A result that is a code."""
    table(
        "result-nobody-knows.csv",
        [
            ["操作时间", "操作账号", "操作类型", "订单号", "结果"],
            ["2026-03-05 11:00:00", "r1", "解密", "R1", "成功"],
            ["2026-03-05 11:00:01", "r1", "解密", "R2", "E-4471"],
        ],
    )
    expect(
        "result-nobody-knows.csv",
        "a result that says neither yes nor no is not taken for either",
        {
            "ts": "操作时间",
            "account": "操作账号",
            "action": "操作类型",
            "order_id": "订单号",
            "allowed": "结果",
        },
        [ev(1, at("3-05 11:00:00"), "r1", "reveal", "R1", allowed=True)],
        [no(2, "unknown_result")],
    )


ALL = (
    erp_free_text, erp_fifty, erp_lines_in_cell, erp_three_times, erp_unicode_text, erp_english, repeated_header,
    courier_portal, courier_english, courier_prints, results, unknown_result,
)  # fmt: skip
