"""Exports of the order systems that stand behind several shops."""

import contacts as c
import writers as w
from contacts import DROP, expect, kept


def jushuitan() -> None:
    """An internal number before the platform's; three platforms in one sheet; a total below."""
    head = [
        "内部订单号",
        "线上订单号",
        "平台",
        "店铺",
        "买家账号",
        "订单日期",
        "付款日期",
        "状态",
        "收货人",
        "手机",
        "省",
        "市",
        "区县",
        "街道",
        "地址",
        "快递公司",
        "快递单号",
        "商品信息",
        "数量",
        "应付金额",
        "卖家备注",
    ]

    def row(inner: int, no: str, platform: str, who: c.Contact, waybill: str, count: int) -> w.Row:
        return [
            inner,
            no,
            platform,
            platform + "一店",
            "t***1",
            "2026-11-16 08:08:08",
            "2026-11-16 08:09:00",
            "待发货",
            who.name,
            who.phone,
            who.province,
            who.city,
            who.district,
            who.town,
            who.rest,
            "中通快递",
            waybill,
            "帆布包 米色",
            count,
            45.5,
            "",
        ]

    rows: list[w.Row] = [
        head,
        row(48213377, "261116-118822334455667", "拼多多", c.MA, "", 1),
        row(48213378, "6917926768823649001", "抖音", c.CUI, "75312345678901", 2),
        row(48213379, "XX20261116-77", "线下", c.SHEN, "75312345678902", 3),
        ["合计", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", 6, 136.5, ""],
    ]
    name = "jushuitan.xlsx"
    w.raw(
        name,
        w.workbook({"订单": rows}),
        [
            expect(c.MA, "C", order_no="261116-118822334455667", shop="拼多多一店", waybill_no=""),
            expect(
                c.CUI,
                "C",
                order_no="6917926768823649001",
                waybill_no="75312345678901",
                **{"carrier~": "中通"},
            ),
            expect(c.SHEN, "B", order_no="XX20261116-77", waybill_no="75312345678902", quantity="3"),
        ],
    )


def wangdiantong() -> None:
    """GB18030, the customer's screen name first, region in one column, the rest in another."""
    head = [
        "店铺名称",
        "订单编号",
        "原始单号",
        "客户网名",
        "收件人",
        "省市县",
        "收货地址",
        "手机",
        "电话",
        "邮编",
        "客服备注",
        "买家备注",
        "物流公司",
        "物流单号",
        "货品摘要",
        "货品数量",
        "下单时间",
    ]

    def row(inner: str, no: str, who: c.Contact, region: str, address: str, tel: str) -> w.Row:
        return [
            "仓配一号店",
            inner,
            no,
            "海边的猫",
            who.name,
            region,
            address,
            who.phone,
            tel,
            "000000",
            "加急",
            "",
            "圆通速递",
            "YT8812345670123",
            "棉拖鞋 38码",
            "1.0000",
            "2026-11-17 10:00:00",
        ]

    w.text(
        "wangdiantong.csv",
        [
            head,
            row(
                "JY202611170001",
                "2760013340112349901",
                c.ZHAXI,
                "西藏自治区 拉萨市 城关区",
                c.ZHAXI.joined(),
                "",
            ),
            row(
                "JY202611170002",
                "2760013340112349902",
                c.FENG,
                "安徽省 合肥市 蜀山区",
                c.FENG.detail,
                "0551-65551234",
            ),
            row("JY202611170003", "2760013340112349903", c.WU, "海南省 文昌市", c.WU.detail, ""),
        ],
        [
            expect(c.ZHAXI, order_no="2760013340112349901", waybill_no="YT8812345670123"),
            expect(c.FENG, order_no="2760013340112349902", phones=["13400136031", "0551-65551234"]),
            expect(c.WU, order_no="2760013340112349903"),
        ],
        encoding="gb18030",
    )


def kuaimai() -> None:
    """System and platform numbers, a note column that asks for another phone, sort codes."""
    head = [
        "系统订单号",
        "平台订单号",
        "店铺名称",
        "收件人",
        "收件手机",
        "收件固话",
        "收件省",
        "收件市",
        "收件区",
        "收件地址",
        "快递模板",
        "快递单号",
        "三段码",
        "商品标题",
        "宝贝数量",
        "卖家备注",
        "买家留言",
    ]

    def row(inner: int, no: str, who: c.Contact, code: str, note: str) -> w.Row:
        return [
            inner,
            no,
            "快麦直营",
            who.name,
            who.phone,
            "",
            who.province,
            who.city,
            who.district,
            who.detail,
            "申通",
            "776612345670" + str(inner)[-2:],
            code,
            "桌布",
            1,
            note,
            "",
        ]

    name = "kuaimai.xlsx"
    rows: list[w.Row] = [
        head,
        row(990011, "KM-A-1", c.ZHU, "951-02 018", ""),
        row(990012, "KM-A-2", c.GAO, "539-11 20A", "收货前联系张三13422223333"),
    ]
    w.raw(
        name,
        w.workbook({"sheet": rows}),
        [
            expect(c.ZHU, order_no="KM-A-1", sort_code="951-02 018", waybill_no="77661234567011"),
            expect(
                c.GAO,
                order_no="KM-A-2",
                phones=["15200132778"],
                masked={"name": "高**", "remark!": ["13422223333", "1342222", "张三"]},
            ),
        ],
    )


def wanliniu() -> None:
    """BIFF8 with a two-row header: the group above, the field below."""
    rows: list[w.Row] = [
        ["单据", "", "买家", "", "收货信息", "", "", "", "", "", "商品", ""],
        [
            "系统单号",
            "线上单号",
            "昵称",
            "电话",
            "收货人",
            "电话",
            "省",
            "市",
            "区/县",
            "地址",
            "名称",
            "数量",
        ],
        [
            "XD261118000001",
            "OL-7731",
            "云淡风轻",
            "13500001111",
            c.TANG.name,
            c.TANG.phone,
            "江西",
            "南昌",
            "西湖",
            c.TANG.detail,
            "竹篮",
            4,
        ],
        [
            "XD261118000002",
            "OL-7732",
            "m**n",
            "13500002222",
            c.RARE.name,
            c.RARE.phone,
            "河北",
            "石家庄",
            "长安区",
            c.RARE.detail,
            "竹篮",
            1,
        ],
    ]
    merge = [(0, 0, 0, 1), (0, 0, 2, 3), (0, 0, 4, 9), (0, 0, 10, 11)]
    name = "wanliniu.xls"
    w.raw(
        name,
        w.xls({"订单查询": rows}, merge=merge),
        [
            expect(c.TANG, order_no="OL-7731", quantity="4"),
            expect(c.RARE, order_no="OL-7732"),
        ],
    )


def own_system() -> None:
    """A small shop system: times with their offset, bare line feeds."""
    head = [
        "订单号",
        "下单时间",
        "收货人",
        "手机号",
        "省份",
        "城市",
        "区县",
        "详细地址",
        "商品名称",
        "数量",
        "备注",
        "运单号",
    ]
    w.text(
        "own-system.csv",
        [
            head,
            [
                "W10001",
                "2026-11-18T09:00:00+08:00",
                c.LIU.name,
                c.LIU.phone,
                c.LIU.province,
                c.LIU.city,
                c.LIU.district,
                c.LIU.detail,
                "台灯",
                "1",
                "",
                "",
            ],
            [
                "W10002",
                "2026-11-18T01:00:00Z",
                c.XIE.name,
                c.XIE.phone,
                c.XIE.province,
                c.XIE.city,
                c.XIE.district,
                c.XIE.detail,
                "台灯",
                "1",
                "",
                "",
            ],
        ],
        [
            expect(c.LIU, "B", order_no="W10001", created_at="2026-11-18T09:00:00+08:00"),
            expect(c.XIE, "B", order_no="W10002", created_at="2026-11-18T09:00:00+08:00"),
        ],
        end="\n",
    )


def masked_by_erp() -> None:
    """An order system that shows stars; next to them goods, nicknames and notes with stars of their own."""
    head = ["订单号", "买家昵称", "收货人", "联系方式", "收货地址", "商品", "备注"]
    w.text(
        "stars-that-mean-nothing.csv",
        [
            head,
            ["S1", "t**6", c.WANG.name, c.WANG.phone, c.WANG.joined(), "矿泉水500ml*24瓶", "***加急***"],
            ["S2", "小**", "王*", c.WANG.phone, c.WANG.joined(), "矿泉水500ml*24瓶", ""],
            ["S3", "海边", "王小明", "1380013****", c.WANG.joined(), "矿泉水500ml*24瓶", ""],
            [
                "S4",
                "海边",
                "王小明",
                c.WANG.phone,
                "浙江省金华市义乌市北苑街道机场路**号***",
                "矿泉水*24瓶",
                "",
            ],
            ["S5", "云**朵", c.CAO.name, c.CAO.phone, c.CAO.joined(), "***清仓***", "1*2"],
        ],
        [
            expect(c.WANG, "B", order_no="S1", goods="矿泉水500ml*24瓶"),
            kept("masked_name", "王*", c.WANG.phone, order_no="S2"),
            kept("masked_phone", "王小明", "1380013****", order_no="S3"),
            kept("masked_address", "王小明", c.WANG.phone, order_no="S4", **{"detail~": "**"}),
            expect(c.CAO, "B", order_no="S5", goods=DROP),
        ],
    )


ALL = (jushuitan, wangdiantong, kuaimai, wanliniu, own_system, masked_by_erp)
