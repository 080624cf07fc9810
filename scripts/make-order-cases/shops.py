"""Exports in the manner of video and content shops, of wholesale and of shop builders."""

import contacts as c
import writers as w
from contacts import DROP, expect, kept

DOUYIN = [
    "主订单编号",
    "子订单编号",
    "选购商品",
    "商品规格",
    "商品数量",
    "商品ID",
    "商家编码",
    "商品单价",
    "订单应付金额",
    "达人ID",
    "达人昵称",
    "收件人",
    "收件人手机号",
    "省",
    "市",
    "区",
    "街道",
    "详细地址",
    "买家留言",
    "订单提交时间",
    "旗帜颜色",
    "商家备注",
    "快递信息",
    "APP渠道",
]


def _douyin_row(
    main: str, sub: str, goods: str, who: c.Contact, name: str, phone: str, detail: str
) -> list[str]:
    tab = "\t"
    return [
        tab + main,
        tab + sub,
        goods,
        "均码",
        "1",
        tab + "3551200773",
        "SKU-01",
        "29.90",
        "29.90",
        tab + "7592255573464597541",
        "小*铺",
        name,
        phone,
        who.province,
        who.city,
        who.district,
        who.town,
        detail,
        "",
        "2026/11/11 9:05:00",
        "灰",
        "放丰巢",
        "",
        "抖音",
    ]


def douyin() -> None:
    """Two goods of one order, a masked anchor's nickname that is nobody's contact, slashed dates."""
    main = "6917926768823643751"
    w.text(
        "douyin-orders.csv",
        [
            DOUYIN,
            _douyin_row(main, main, "玻璃杯(T01)", c.OUYANG, "欧阳文静", "18600133961", c.OUYANG.rest),
            _douyin_row(
                main, "6917926768823643752", "杯刷(T02)", c.OUYANG, "欧阳文静", "18600133961", c.OUYANG.rest
            ),
            _douyin_row(
                "6917926768823643760",
                "6917926768823643760",
                "玻璃杯(T01)",
                c.WEI,
                "韦春兰",
                "18700138415",
                c.WEI.rest,
            ),
        ],
        [
            expect(
                c.OUYANG, "C", order_no=main, created_at="2026-11-11T09:05:00+08:00", **{"goods~": "玻璃杯"}
            ),
            expect(c.OUYANG, "C", order_no=main, **{"goods~": "杯刷"}),
            expect(c.WEI, "C", order_no="6917926768823643760"),
        ],
        encoding="utf-8-sig",
        quote=True,
    )


def douyin_masked() -> None:
    """Masked and encrypted rows beside a plain one in the same sheet."""
    rows = [
        _douyin_row(
            "6917926768823643801", "6917926768823643801", "袜子*5双", c.LI, "李*", "15900132748", c.LI.rest
        ),
        _douyin_row(
            "6917926768823643802", "6917926768823643802", "袜子*5双", c.LI, "李婷", "1**********", c.LI.rest
        ),
        _douyin_row(
            "6917926768823643803",
            "6917926768823643803",
            "袜子*5双",
            c.LI,
            "Enc.Zm9vYmFyMTIzNDU2Nzg5MA==",
            "Enc.MTIzNDU2Nzg5MGFiY2RlZg==",
            "Enc.cXdlcnR5dWlvcGFzZGZnaA==",
        ),
        _douyin_row(
            "6917926768823643804", "6917926768823643804", "袜子*5双", c.LI, "李婷", "15900132748", c.LI.rest
        ),
    ]
    name = "douyin-masked.xlsx"
    w.raw(
        name,
        w.workbook({"销售订单明细": [DOUYIN, *rows]}),
        [
            kept("masked_name", "李*", "15900132748", order_no="6917926768823643801"),
            kept("masked_phone", "李婷", "1**********", order_no="6917926768823643802"),
            kept(
                "ciphertext",
                "Enc.Zm9vYmFyMTIzNDU2Nzg5MA==",
                "Enc.MTIzNDU2Nzg5MGFiY2RlZg==",
                order_no="6917926768823643803",
            ),
            expect(c.LI, "C", order_no="6917926768823643804", goods=DROP),
        ],
    )


def kuaishou() -> None:
    """Phones as numbers, order numbers as text, an outlet column that holds no consignee."""
    head = [
        "订单号",
        "订单创建时间",
        "订单支付时间",
        "订单状态",
        "实付款",
        "商品名称",
        "商品ID",
        "商品规格",
        "成交数量",
        "CPS达人ID",
        "快赚客ID",
        "团长昵称",
        "收货人姓名",
        "收货人电话",
        "收货地址",
        "买家留言",
        "订单备注",
        "快递公司",
        "快递单号",
    ]
    name = "kuaishou-orders.xlsx"

    def row(no: str, who: c.Contact) -> w.Row:
        return [
            no,
            "2026-11-12 19:22:10",
            "2026-11-12 19:22:41",
            "待发货",
            39.9,
            "苹果脆",
            "9912",
            "5斤",
            2,
            "",
            "",
            "阿强优选",
            who.name,
            int(who.phone),
            who.joined(),
            "",
            "",
            "",
            "",
        ]

    w.raw(
        name,
        w.workbook({"Sheet1": [head, row("2631600112233001", c.YANG), row("2631600112233002", c.ZHAO)]}),
        [
            expect(
                c.YANG,
                "C",
                order_no="2631600112233001",
                goods="苹果脆",
                quantity="2",
                created_at="2026-11-12T19:22:10+08:00",
            ),
            expect(c.ZHAO, "C", order_no="2631600112233002"),
        ],
    )


def xiaohongshu() -> None:
    """Header on the third row, package numbers beside order numbers."""
    head = [
        "包裹号",
        "订单号",
        "订单状态",
        "SKU名称",
        "规格",
        "SKU件数",
        "收件人姓名",
        "收件人电话",
        "收件人省",
        "收件人市",
        "收件人区/县",
        "收件人地址",
        "用户备注",
        "订单创建时间",
        "小红书昵称",
    ]
    name = "xiaohongshu-packages.xlsx"

    def row(no: str, who: c.Contact, address: str) -> w.Row:
        return [
            "PKG" + no[1:],
            no,
            "待发货",
            "香薰蜡烛",
            "白茶",
            1,
            who.name,
            who.phone,
            who.province,
            who.city,
            who.district,
            address,
            "",
            "2026-11-13 07:00:30",
            "薯条***8",
        ]

    rows: list[w.Row] = [
        ["千帆 · 待发货包裹"],
        ["导出时间：2026-11-13 10:00:00　共 3 条"],
        head,
        row("P720331190018273641", c.LIN, c.LIN.detail),
        row("P720331190018273642", c.SUN, c.SUN.joined(" ")),
        row("P720331190018273643", c.SIMA, c.SIMA.detail),
    ]
    w.raw(
        name,
        w.workbook({"包裹": rows}),
        [
            expect(c.LIN, "C", order_no="P720331190018273641"),
            expect(c.SUN, "C", order_no="P720331190018273642"),
            expect(c.SIMA, "C", order_no="P720331190018273643"),
        ],
    )


def wechat_store() -> None:
    """Receivers hidden by default, one row opened by hand, the one who ordered is somebody else."""
    head = [
        "订单编号",
        "订单下单时间",
        "订单状态",
        "商品名称",
        "商品数量",
        "下单人昵称",
        "下单人手机号",
        "收件人姓名",
        "收件人手机",
        "收件人省份",
        "收件人城市",
        "收件人区县",
        "收件人详细地址",
        "视频号昵称",
        "微信支付单号",
    ]
    buyer = ["刘先森", "13377776666"]

    def row(no: str, name: str, phone: str, who: c.Contact, detail: str) -> w.Row:
        return [
            f"`{no}",
            "2026-11-14 12:00:00",
            "待发货",
            "陈皮",
            "1",
            *buyer,
            name,
            phone,
            who.province,
            who.city,
            who.district,
            detail,
            "",
            "",
        ]

    w.text(
        "wechat-store.csv",
        [
            head,
            row("3724000112233440001", "王小明", "138****1526", c.WANG, c.WANG.detail),
            row("3724000112233440002", "林淑芬", "17800139536", c.LIN, c.LIN.detail),
        ],
        [
            kept(
                "masked_phone", "王小明", "138****1526", province="浙江省", city="金华市", district="义乌市"
            ),
            expect(c.LIN, "C", phones=["17800139536"]),
        ],
        encoding="utf-8-sig",
    )


def alibaba1688() -> None:
    """BIFF8; an order with three goods whose order cells are merged downwards."""
    head = [
        "订单编号",
        "买家公司名",
        "买家会员名",
        "实付款(元)",
        "订单状态",
        "订单创建时间",
        "收货人姓名",
        "收货地址",
        "邮编",
        "联系电话",
        "联系手机",
        "货品标题",
        "单价(元)",
        "数量",
        "物流公司运单号",
    ]
    first: list[w.Cell] = [
        "4012233445566778899",
        "义乌市某某百货商行",
        "buyer_yw88",
        318.5,
        "等待卖家发货",
        "2026-11-10 09:30:15",
        c.HE.name,
        c.HE.joined(" "),
        "410006",
        "0731-88123456",
        c.HE.phone,
    ]
    empty: list[w.Cell] = [""] * 11
    rows: list[w.Row] = [
        head,
        [*first, "塑料收纳盒", 5.5, 20, ""],
        [*empty, "铁艺挂钩", 1.2, 100, ""],
        [*empty, "赠品贴纸", 0, 1, ""],
        [
            "4012233445566778900",
            "",
            "buyer_yw89",
            88,
            "等待卖家发货",
            "2026-11-10 09:31:00",
            c.HAN.name,
            c.HAN.joined(" "),
            "030006",
            "",
            c.HAN.phone,
            "赠品贴纸",
            0,
            1,
            "",
        ],
    ]
    merge = [(1, 3, column, column) for column in range(11)]
    both = {"phones": [c.HE.phone, "0731-88123456"], "order_no": "4012233445566778899"}
    name = "1688-orders.xls"
    w.raw(
        name,
        w.xls({"订单": rows}, merge=merge),
        [
            expect(
                c.HE, "B", goods="塑料收纳盒", quantity="20", created_at="2026-11-10T09:30:15+08:00", **both
            ),
            expect(c.HE, "B", goods="铁艺挂钩", quantity="100", **both),
            expect(c.HE, "B", goods="赠品贴纸", quantity="1", **both),
            expect(c.HAN, "B", order_no="4012233445566778900", goods="赠品贴纸", quantity="1"),
        ],
    )


def youzan() -> None:
    """Buyer's name and phone stand before the consignee's, whose headers offer two words."""
    head = [
        "订单号",
        "订单类型",
        "订单状态",
        "买家姓名",
        "买家手机号",
        "收货人/提货人",
        "收货人手机号/提货人手机号",
        "收货人省份",
        "收货人城市",
        "收货人地区",
        "详细收货地址/提货地址",
        "全部商品名称",
        "商品件数合计",
        "订单创建时间",
        "买家备注",
        "商家订单备注",
        "归属店铺",
    ]

    def row(no: str, who: c.Contact) -> w.Row:
        return [
            no,
            "普通订单",
            "待发货",
            "柳如烟",
            "13911112222",
            who.name,
            who.phone,
            who.province,
            who.city,
            who.district,
            who.detail,
            "手工牛轧糖",
            "3",
            "2026-11-15 15:45:00",
            "",
            "",
            "甜小铺",
        ]

    w.text(
        "youzan-orders.csv",
        [head, row("E20261115154500001200031", c.CAO), row("E20261115154500001200032", c.MA)],
        [
            expect(
                c.CAO,
                "B",
                order_no="E20261115154500001200031",
                shop="甜小铺",
                goods="手工牛轧糖",
                quantity="3",
            ),
            expect(c.MA, "B", order_no="E20261115154500001200032"),
        ],
        encoding="utf-8-sig",
    )


ALL = (douyin, douyin_masked, kuaishou, xiaohongshu, wechat_store, alibaba1688, youzan)
