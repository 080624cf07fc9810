"""Operation logs in the manner of shop platforms."""

import datetime as dt
import json

from making import at, book, ev, expect, no, raw, table


def taobao() -> None:
    """Sub-account log of a Taobao-like shop."""
    shop = "青禾旗舰店"
    table(
        "taobao-subaccounts.csv",
        [
            ["操作时间", "子账号", "操作类型", "订单编号", "IP地址", "操作结果"],
            ["2026/3/5 14:03", f"{shop}:小芳", "查询订单", "", "203.0.113.24", "成功"],
            ["2026/3/5 14:04", f"{shop}:小芳", "查看明文", "\t3260305140300012345", "203.0.113.24", "成功"],
            ["2026/3/5 9:00", f"{shop}:阿强", "登录", "", "198.51.100.7", "成功"],
            ["2026/3/5 23:59", f"{shop}:阿强", "批量导出", "", "198.51.100.7", "拒绝"],
            ["2026/3/6 0:01", f"{shop}", "打印面单", "\t3260305140300012346", "198.51.100.7", "成功"],
        ],
        "gbk",
        before=f"{shop} 子账号操作日志\r\n导出时间：2026-03-06 08:00:00  导出人：{shop}\r\n",
    )
    expect(
        "taobao-subaccounts.csv",
        "GBK with two title lines; order numbers behind a tab; minutes only; sub-accounts with a colon",
        {
            "ts": "操作时间", "account": "子账号", "action": "操作类型", "order_id": "订单编号", "ip": "IP地址",
            "workstation": None, "purpose": None, "allowed": "操作结果",
        },
        [
            ev(1, at("3-05 14:03"), f"{shop}:小芳", "search", ip="203.0.113.24", allowed=True, workstation=None),
            ev(2, at("3-05 14:04"), f"{shop}:小芳", "reveal", "3260305140300012345", exposed=True, allowed=True),
            ev(3, at("3-05 09:00"), f"{shop}:阿强", "login", exposed=False, allowed=True, ip="198.51.100.7"),
            ev(4, at("3-05 23:59"), f"{shop}:阿强", "export", exposed=False, allowed=False),
            ev(5, at("3-06 00:01"), shop, "print", "3260305140300012346", allowed=True),
        ],
    )  # fmt: skip


def taobao_decrypt() -> None:
    """Record of decryptions, without a column of actions."""
    when = dt.datetime(2026, 3, 5, 14, 3, 1)  # noqa: DTZ001 - cells of a workbook know no zone
    book(
        "taobao-decrypt-record.xlsx",
        {
            "解密记录": [
                ["订单解密记录（近30天）"],
                ["解密时间", "操作人", "解密场景", "交易订单号", "来源IP", "解密结果", "失败原因"],
                [when, "青禾旗舰店:小芳", "售后联系买家", "3260305140300012345", "203.0.113.24", "成功", None],
                [when + dt.timedelta(minutes=2), "青禾旗舰店:小芳", "手工打单", "3260305140300012346", "203.0.113.24", "失败", "额度已用完"],
                [when + dt.timedelta(hours=11), "青禾旗舰店:仓库", "手工打单", "3260305140300012347", "-", "成功", None],
            ]
        },
        merge="A1:G1",
    )  # fmt: skip
    expect(
        "taobao-decrypt-record.xlsx",
        "no column says what was done: the person who maps the file says that every row is a reveal",
        {
            "ts": "解密时间", "account": "操作人", "action": None, "order_id": "交易订单号", "ip": "来源IP",
            "workstation": None, "purpose": "解密场景", "allowed": "解密结果",
        },
        [
            ev(1, at("3-05 14:03:01"), "青禾旗舰店:小芳", "reveal", "3260305140300012345", purpose="售后联系买家", exposed=True, allowed=True),
            ev(2, at("3-05 14:05:01"), "青禾旗舰店:小芳", "reveal", "3260305140300012346", purpose="手工打单", exposed=False, allowed=False),
            ev(3, at("3-06 01:03:01"), "青禾旗舰店:仓库", "reveal", "3260305140300012347", exposed=True, allowed=True, ip=None),
        ],
        given={"action": "reveal"},
    )  # fmt: skip


def pinduoduo() -> None:
    """Operation log of a Pinduoduo-like shop."""
    table(
        "pinduoduo-operations.csv",
        [
            ["时间", "账号", "操作", "订单号", "登录IP", "是否成功"],
            ["2026-03-05 14:03:01", "pdd8812-kf1", "查看收件人信息", '="260305-100000000000001"', "203.0.113.9", "是"],
            ["2026-03-05 14:03:08", "pdd8812-kf1", "查看收件人信息", '="260305-100000000000002"', "203.0.113.9", "否"],
            ["2026-03-05 14:05:00", "pdd8812-kf1", "导出订单", "", "203.0.113.9", "是"],
            ["2026-03-05 14:06:00", "pdd8812-dy", "打印快递单", '="260305-100000000000003"', "203.0.113.10", "是"],
            ["2026-03-05 14:06:30", "pdd8812-dy", "重打快递单", '="260305-100000000000003"', "203.0.113.10", "是"],
        ],
        "utf-8-sig",
    )  # fmt: skip
    expect(
        "pinduoduo-operations.csv",
        'byte-order mark; order numbers as ="…", which is how exports keep Excel from rounding: text, no formula',
        {
            "ts": "时间", "account": "账号", "action": "操作", "order_id": "订单号", "ip": "登录IP",
            "workstation": None, "purpose": None, "allowed": "是否成功",
        },
        [
            ev(1, at("3-05 14:03:01"), "pdd8812-kf1", "reveal", "260305-100000000000001", exposed=True, allowed=True),
            ev(2, at("3-05 14:03:08"), "pdd8812-kf1", "reveal", "260305-100000000000002", exposed=False, allowed=False),
            ev(3, at("3-05 14:05:00"), "pdd8812-kf1", "export", allowed=True, ip="203.0.113.9"),
            ev(4, at("3-05 14:06:00"), "pdd8812-dy", "print", "260305-100000000000003", allowed=True),
            ev(5, at("3-05 14:06:30"), "pdd8812-dy", "reprint", "260305-100000000000003", allowed=True),
        ],
    )  # fmt: skip


def douyin() -> None:
    """Privacy centre of a Douyin-like shop."""
    book(
        "douyin-privacy-centre.xlsx",
        {
            "敏感信息操作日志": [
                ["商家隐私中心 - 敏感信息操作日志", None, None, None, None, None, None],
                ["统计周期：2026-03-01 至 2026-03-05", None, None, None, None, None, None],
                ["操作\n时间", "操作人\n账号", "操作人姓名", "操作\n行为", "订单编号", "终端", "操作\n结果"],
                ["2026-03-05 14:03:01", "dy_5518_02", "周晓晴", "解密", "6920260305140301001", "PC-打单01", "成功"],
                ["2026-03-05 14:03:05", "dy_5518_02", "周晓晴", "批量解密", "6920260305140301002,6920260305140301003", "PC-打单01", "成功"],
                [None, None, None, None, None, None, None],
                ["2026-03-05 20:10:00", "dy_5518_03", "林秋", "解密", "6920260305140301004", "手机", "无权限"],
                ["共 3 条", None, None, None, None, None, None],
            ]
        },
        merge="A1:G1",
    )  # fmt: skip
    expect(
        "douyin-privacy-centre.xlsx",
        "titles, headers broken over lines, a blank row, a footer that counts; two orders in one cell",
        {
            "ts": "操作时间", "account": "操作人账号", "person": "操作人姓名", "action": "操作行为",
            "order_id": "订单编号", "ip": None, "workstation": "终端", "purpose": None, "allowed": "操作结果",
        },
        [
            ev(1, at("3-05 14:03:01"), "dy_5518_02", "reveal", "6920260305140301001", workstation="PC-打单01", person="周晓晴", exposed=True, allowed=True),
            ev(2, at("3-05 14:03:05"), "dy_5518_02", "reveal", "6920260305140301002", workstation="PC-打单01", exposed=True),
            ev(2, at("3-05 14:03:05"), "dy_5518_02", "reveal", "6920260305140301003", workstation="PC-打单01", exposed=True),
            ev(3, at("3-05 20:10:00"), "dy_5518_03", "reveal", "6920260305140301004", exposed=False, allowed=False),
        ],
    )  # fmt: skip


def kuaishou() -> None:
    """Order log of a Kuaishou-like shop."""
    rows = [
        {"userId": "ks-70021", "operateTime": 1772690581000, "operation": "订单详情查看", "orderIds": ["2606400000001"], "userIp": "203.0.113.40", "success": True},
        {"userId": "ks-70021", "operateTime": 1772690582250, "operation": "批量打印", "orderIds": ["2606400000002", "2606400000003", "2606400000004"], "userIp": "203.0.113.40", "success": True},
        {"userId": "ks-70022", "operateTime": 1772690700000, "operation": "订单导出", "orderIds": [], "userIp": "2001:db8::17", "success": False},
    ]  # fmt: skip
    raw("kuaishou-order-log.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    expect(
        "kuaishou-order-log.jsonl",
        "JSON lines, epoch milliseconds, orders as a list, an empty list, an IPv6 address",
        {
            "ts": "operateTime", "account": "userId", "action": "operation", "order_id": "orderIds",
            "ip": "userIp", "workstation": None, "purpose": None, "allowed": "success",
        },
        [
            ev(1, at("3-05 14:03:01"), "ks-70021", "view", "2606400000001", allowed=True),
            ev(2, at("3-05 14:03:02.250"), "ks-70021", "print", "2606400000002"),
            ev(2, at("3-05 14:03:02.250"), "ks-70021", "print", "2606400000003"),
            ev(2, at("3-05 14:03:02.250"), "ks-70021", "print", "2606400000004"),
            ev(3, at("3-05 14:05:00"), "ks-70022", "export", exposed=False, allowed=False, ip="2001:db8::17"),
        ],
    )  # fmt: skip


def jd() -> None:
    """Security log of a JD-like shop."""
    body = {
        "code": "0",
        "msg": "success",
        "data": {
            "total": 3,
            "list": [
                {"time": "2026-03-05T06:03:01Z", "operator": {"pin": "qinghe-kf", "name": "何安宁"}, "event": "登录", "orderId": None, "clientIp": "203.0.113.60", "result": "SUCCESS"},
                {"time": "2026-03-05T06:04:01.5Z", "operator": {"pin": "qinghe-kf", "name": "何安宁"}, "event": "查询订单收货人明文", "orderId": 290312345678901234, "clientIp": "203.0.113.60", "result": "SUCCESS"},
                {"time": "2026-03-05T16:30:00Z", "operator": {"pin": "qinghe-ck", "name": None}, "event": "登录失败", "orderId": None, "clientIp": "203.0.113.61", "result": "FAIL"},
            ],
        },
    }  # fmt: skip
    raw("jd-security-log.json", json.dumps(body, ensure_ascii=False, indent=2))
    expect(
        "jd-security-log.json",
        "rows inside an envelope; operator as an object; a number beyond 2^53 keeps its digits; times end in Z",
        {
            "ts": "time", "account": "operator.pin", "person": "operator.name", "action": "event",
            "order_id": "orderId", "ip": "clientIp", "workstation": None, "purpose": None, "allowed": "result",
        },
        [
            ev(1, "2026-03-05T06:03:01Z", "qinghe-kf", "login", allowed=True, exposed=False, person="何安宁"),
            ev(2, "2026-03-05T06:04:01.500000Z", "qinghe-kf", "reveal", "290312345678901234", exposed=True),
            ev(3, "2026-03-05T16:30:00Z", "qinghe-ck", "login_failed", allowed=False, exposed=False, person=None),
        ],
    )  # fmt: skip


def logins() -> None:
    """Log of sign-ins."""
    table(
        "login-log.csv",
        [
            ["序号", "登录账号", "登录时间", "登录IP", "登录设备", "动作", "状态", "备注"],
            ["1", "kf01", "2026-03-05 08:58:11", "203.0.113.24(浙江省金华市)", "DESKTOP-KF01", "登录", "成功", ""],
            ["2", "kf02", "2026-03-05 09:00:40", "203.0.113.24(浙江省金华市)", "DESKTOP-KF02", "登录", "失败", "密码错误"],
            ["3", "kf02", "2026-03-05 09:00:52", "203.0.113.24(浙江省金华市)", "DESKTOP-KF02", "登录失败", "", "密码错误"],
            ["4", "kf01", "2026-03-05 18:02:00", "内网 192.168.1.31", "DESKTOP-KF01", "退出登录", "成功", ""],
            ["5", "kf01", "2026-03-06 02:41:09", "未知", "", "异地登录", "成功", "新设备"],
            ["合计", "", "5 次", "", "", "", "", ""],
        ],
        "gb18030",
    )  # fmt: skip
    expect(
        "login-log.csv",
        "a running number, addresses with a place or a word beside them, a login that failed by its status, a total",
        {
            "ts": "登录时间", "account": "登录账号", "action": "动作", "order_id": None, "ip": "登录IP",
            "workstation": "登录设备", "allowed": "状态",
        },
        [
            ev(1, at("3-05 08:58:11"), "kf01", "login", ip="203.0.113.24", workstation="DESKTOP-KF01", allowed=True),
            ev(2, at("3-05 09:00:40"), "kf02", "login_failed", ip="203.0.113.24", allowed=False),
            ev(3, at("3-05 09:00:52"), "kf02", "login_failed", allowed=False),
            ev(4, at("3-05 18:02:00"), "kf01", "logout", ip="192.168.1.31"),
            ev(5, at("3-06 02:41:09"), "kf01", "login", ip=None, workstation=None, allowed=True),
        ],
    )  # fmt: skip


def one_sheet_of_two() -> None:
    """A workbook that opens with notes."""
    book(
        "notes-then-log.xlsx",
        {
            "说明": [["本表由系统导出"], ["如有疑问请联系客服"]],
            "操作日志": [
                ["操作时间", "操作账号", "操作名称", "订单号"],
                ["2026.03.05 14:03:01", "xhs-qinghe-1", "查看收件人明文", "P772001"],
                ["2026.03.05 14:03:41", "xhs-qinghe-1", "脱敏查看", "P772002"],
            ],
        },
    )
    expect(
        "notes-then-log.xlsx",
        "the first sheet holds notes; dates with dots; a masked look is a view and shows nothing",
        {
            "ts": "操作时间",
            "account": "操作账号",
            "action": "操作名称",
            "order_id": "订单号",
            "allowed": None,
        },
        [
            ev(1, at("3-05 14:03:01"), "xhs-qinghe-1", "reveal", "P772001", exposed=True, allowed=True),
            ev(2, at("3-05 14:03:41"), "xhs-qinghe-1", "view", "P772002", exposed=False, allowed=True),
        ],
    )


def nothing_to_do() -> None:
    """A log without rows, and a log of every word."""
    table("header-only.csv", [["操作时间", "操作账号", "操作类型", "订单号"]])
    expect(
        "header-only.csv",
        "a month without a row is a table, not an error",
        {"ts": "操作时间", "account": "操作账号", "action": "操作类型", "order_id": "订单号"},
        [],
    )
    table(
        "words-of-actions.csv",
        [
            ["time", "user", "operation", "order"],
            *([f"2026-03-05 10:00:{second:02d}", "u1", word, f"W{second}"] for second, (word, _) in enumerate(WORDS)),
        ],
    )  # fmt: skip
    events = [
        ev(second + 1, at(f"3-05 10:00:{second:02d}"), "u1", action, f"W{second}")
        for second, (_, action) in enumerate(WORDS)
        if action
    ]
    expect(
        "words-of-actions.csv",
        "what people call the ten actions, and what is no look at an order",
        {"ts": "time", "account": "user", "action": "operation", "order_id": "order"},
        events,
        [no(second + 1, "unknown_action") for second, (_, action) in enumerate(WORDS) if not action],
    )


WORDS = [
    ("查询订单", "search"), ("订单搜索", "search"), ("Search orders", "search"), ("订单列表查询", "search"),
    ("查看订单", "view"), ("订单详情", "view"), ("查看详情", "view"), ("view order", "view"),
    ("查看明文", "reveal"), ("解密", "reveal"), ("查看完整手机号", "reveal"), ("显示收件人信息", "reveal"),
    ("Decrypt", "reveal"), ("View plaintext", "reveal"), ("小眼睛查看手机号", "reveal"),
    ("批量导入", "import"), ("导入订单", "import"), ("Import", "import"),
    ("打印面单", "print"), ("打印电子面单", "print"), ("批量打印快递单", "print"), ("Print waybill", "print"),
    ("补打", "reprint"), ("重新打印", "reprint"), ("补打面单", "reprint"), ("Reprint", "reprint"),
    ("导出", "export"), ("下载订单报表", "export"), ("批量导出", "export"), ("Export CSV", "export"),
    ("登录", "login"), ("用户登陆", "login"), ("Login", "login"), ("登录失败", "login_failed"),
    ("登出", "logout"), ("退出", "logout"), ("Logout", "logout"), ("Login failed", "login_failed"),
    ("修改备注", ""), ("商品上架", ""), ("发货", ""), ("", ""), ("XK-17", ""),
]  # fmt: skip

ALL = (
    taobao, taobao_decrypt, pinduoduo, douyin, kuaishou, jd, logins, one_sheet_of_two, nothing_to_do,
)  # fmt: skip
