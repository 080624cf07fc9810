"""Batch-import templates of couriers, lists of group buying, sheets made by hand."""

import contacts as c
import writers as w
from contacts import DROP, expect, reject

SENDER = c.Contact(
    "仓小二", "13057918888", "浙江省", "金华市", "义乌市", "后宅街道", "城北路K88号5号仓库", "仓**"
)
SENT = {
    "name": "仓小二",
    "phone": "13057918888",
    "province": "浙江省",
    "city": "金华市",
    "district": "义乌市",
    "detail": "后宅街道城北路K88号5号仓库",
}


def sender_first() -> None:
    """Notes in the first row, groups in the second, the same three headers twice in the third."""
    rows: list[w.Row] = [
        ["填写须知：1.带*为必填项；2.手机与固话至少填一项；3.请勿修改表头；4.单次最多导入1000条"],
        ["订单编号", "寄件人信息", "", "", "收件人信息", "", "", "物品信息", "", "备注"],
        ["", "*姓名", "*电话", "*详细地址", "*姓名", "*电话", "*详细地址", "*物品名称", "数量", ""],
        [
            "ZX0001",
            SENDER.name,
            SENDER.phone,
            SENDER.joined(),
            c.XU.name,
            c.XU.phone,
            c.XU.joined(),
            "服饰",
            1,
            "",
        ],
        [
            "ZX0002",
            SENDER.name,
            SENDER.phone,
            SENDER.joined(),
            c.LIN.name,
            c.LIN.phone,
            c.LIN.joined(),
            "服饰",
            2,
            "轻放",
        ],
    ]
    merge = ["A1:J1", "A2:A3", "B2:D2", "E2:G2", "H2:I2", "J2:J3"]
    name = "courier-sender-first.xlsx"
    w.raw(
        name,
        w.workbook({"批量下单": rows}, merge={"批量下单": merge}),
        [
            expect(c.XU, "B", order_no="ZX0001", sender=SENT, goods="服饰", quantity="1"),
            expect(c.LIN, "B", order_no="ZX0002", sender=SENT, quantity="2"),
        ],
    )


def one_row_groups() -> None:
    """Consignee first, the prefix of each header tells the party; phone of the sender a landline."""
    head = [
        "用户订单号",
        "收方姓名*",
        "收方手机/固话*",
        "收方省",
        "收方市",
        "收方区",
        "收方详细地址*",
        "寄方姓名*",
        "寄方手机/固话*",
        "寄方详细地址*",
        "托寄物内容",
        "托寄物数量",
        "付款方式",
        "备注",
    ]
    rows: list[w.Row] = [
        head,
        [
            "SF-TPL-1",
            c.CHEN.name,
            c.CHEN.phone,
            "北京",
            "北京",
            "朝阳区",
            c.CHEN.detail,
            "仓小二",
            "0579-85551234",
            SENDER.joined(),
            "茶叶",
            1,
            "寄付",
            "放前台",
        ],
        [
            "SF-TPL-2",
            c.ZHAO.name,
            c.ZHAO.phone,
            "重庆",
            "重庆市",
            "渝北区",
            c.ZHAO.detail,
            "仓小二",
            "0579-85551234",
            SENDER.joined(),
            "茶叶",
            1,
            "寄付",
            "",
        ],
    ]
    name = "courier-prefixes.xls"
    sent = {**SENT, "phone": "0579-85551234"}
    w.raw(
        name,
        w.xls({"模板": rows}),
        [
            expect(c.CHEN, "B", order_no="SF-TPL-1", sender=sent, goods="茶叶", remark="放前台"),
            expect(c.ZHAO, "B", order_no="SF-TPL-2", sender=sent),
        ],
    )


def one_cell() -> None:
    """Name, phone and address share a cell, each person in another order and with other separators."""
    rows: list[w.Row] = [
        ["序号", "收件人信息", "物品", "件数", "备注"],
        ["1", f"{c.WANG.name} {c.WANG.phone} {c.WANG.joined()}", "玩具", "1", ""],
        ["2", f"{c.YANG.joined()}，{c.YANG.name}，{c.YANG.phone}", "玩具", "1", ""],
        ["3", f"收货人:{c.SIMA.name}\n手机:{c.SIMA.phone}\n地址:{c.SIMA.joined()}", "玩具", "2", ""],
        ["4", f"{c.HE.phone}/{c.HE.name}/{c.HE.joined()}", "玩具", "1", ""],
        ["5", f"{c.CUI.joined(' ')} {c.CUI.phone} {c.CUI.name}(收)", "玩具", "1", ""],
        ["6", f"{c.TANG.name} {c.TANG.joined()}", "玩具", "1", "没留电话"],
    ]
    w.text(
        "one-cell-contact.csv",
        rows,
        [
            expect(c.WANG, "B"),
            expect(c.YANG, "B"),
            expect(c.SIMA, "B", quantity="2"),
            expect(c.HE, "B"),
            expect(c.CUI, "B", name=DROP, masked={"phone": "*******3657"}),
            reject("no_phone"),
        ],
    )


def several_sheets() -> None:
    """Instructions first, two sheets of orders with other column orders, goods list, hidden divisions."""
    sheets: dict[str, list[w.Row]] = {
        "使用说明": [
            ["1. 请在“1号仓”“2号仓”中填写"],
            ["2. 客服电话 95338，姓名必须真实"],
            ["3. 手机号为 11 位"],
        ],
        "1号仓": [
            ["收件人", "手机", "省", "市", "区", "地址", "订单号"],
            [c.LI.name, c.LI.phone, c.LI.province, c.LI.city, c.LI.district, c.LI.detail, "M1"],
            [c.XIE.name, c.XIE.phone, c.XIE.province, c.XIE.city, c.XIE.district, c.XIE.detail, "M2"],
        ],
        "空表": [],
        "2号仓": [
            ["二号仓 11 月 20 日"],
            ["订单号", "地址", "电话", "收件人"],
            ["M3", c.ZHU.joined(), c.ZHU.phone, c.ZHU.name],
        ],
        "商品档案": [["商品编码", "商品名称", "单价"], ["T01", "玻璃杯", 9.9], ["T02", "杯刷", 3.5]],
        "省市区": [["省", "市", "区"], ["浙江省", "金华市", "义乌市"], ["浙江省", "金华市", "永康市"]],
    }
    name = "several-sheets.xlsx"
    rows = [
        expect(c.LI, "B", order_no="M1", sheet="1号仓", row=1),
        expect(c.XIE, "B", order_no="M2", sheet="1号仓", row=2),
        expect(c.ZHU, "B", order_no="M3", sheet="2号仓"),
    ]
    (w.READ / name).write_bytes(w.workbook(sheets, hidden=["省市区"]))
    w.lines(name, rows, number=False)


def group_buying() -> None:
    """A chain list of a chat group as TSV: leader's and screen names, several goods in a cell."""
    head = [
        "跟团号",
        "下单人",
        "团员备注",
        "收货人",
        "联系电话",
        "详细地址",
        "商品",
        "份数",
        "团长",
        "自提点",
    ]
    rows: list[w.Row] = [
        head,
        [
            "1",
            "静静～",
            "要熟一点的",
            c.CAO.name,
            c.CAO.phone,
            c.CAO.joined(),
            "芒果5斤+1，火龙果3斤+2",
            "3",
            "阿美",
            "",
        ],
        ["2", "大勇哥", "", c.HE.name, c.HE.phone, c.HE.joined(), "芒果5斤+1", "1", "阿美", ""],
        ["3", "王姐13300001111", "", c.WEI.name, c.WEI.phone, c.WEI.joined(), "芒果5斤+1", "1", "阿美", ""],
    ]
    w.text(
        "group-buying.tsv",
        rows,
        [
            expect(c.CAO, "B", remark="要熟一点的"),
            expect(c.HE, "B"),
            expect(c.WEI, "B"),
        ],
        sep="\t",
        end="\n",
    )


def by_hand() -> None:
    """A sheet made by hand: short regions, old districts, numbers glued or spaced, two phones."""
    rows: list[w.Row] = [
        ["", "", "", ""],
        ["11月21日 代发（阿坤）", "", "", ""],
        ["", "", "", ""],
        ["姓名", "电话", "地址", "东西"],
        ["王小明", "138 0013 1526", "义乌北苑街道机场路88号福田小区3幢2单元501室", "灯"],
        ["赵国栋", "139-0013-7415", "重庆渝北龙溪街道松牌路133号11幢7-4", "灯"],
        ["马晓东", "+86 189 0013 4031", "陕西西安户县甘亭街道人民路29号4号楼西户", "灯"],
        ["高平", "0539-8123456 15200132778", "山东省临沂兰山区兰山街道沂州路118号", "灯"],
        ["梁咏", "18300133899、0760-88123456", "广东中山小榄镇新华中路95号2幢1梯602", "灯"],
        ["周建平", "18200139657", "河南济源沁园街道文昌路71号2号楼3单元902", "灯"],
        ["孙悦", "015800133910", "江苏南京下关区建宁路12号2幢302", "灯"],
    ]
    name = "by-hand.xlsx"
    w.raw(
        name,
        w.workbook({"Sheet1": rows}),
        [
            expect(c.WANG, "B"),
            expect(c.ZHAO, "B"),
            expect(c.MA, "B"),
            expect(c.GAO, "B", phones=["15200132778", "0539-8123456"]),
            expect(c.LIANG, "B", phones=["18300133899", "0760-88123456"]),
            expect(c.ZHOU, "B"),
            {
                "name": "孙悦",
                "province": "江苏省",
                "city": "南京市",
                "district": "鼓楼区",
                "detail": "建宁路12号2幢302",
            },
        ],
    )


ALL = (sender_first, one_row_groups, one_cell, several_sheets, group_buying, by_hand)
