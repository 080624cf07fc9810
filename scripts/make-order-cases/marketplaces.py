"""Exports in the manner of Taobao, JD and Pinduoduo."""

import contacts as c
import writers as w
from contacts import expect, kept


def taobao() -> None:
    """GB18030, armoured numbers, the address in one cell with gaps and a postcode, a buyer's account."""
    head = [
        "订单编号",
        "买家会员名",
        "买家支付宝账号",
        "支付单号",
        "买家应付货款",
        "买家应付邮费",
        "总金额",
        "订单状态",
        "买家留言",
        "收货人姓名",
        "收货地址 ",
        "运送方式",
        "联系电话 ",
        "联系手机",
        "订单创建时间",
        "订单付款时间 ",
        "宝贝标题 ",
        "宝贝种类",
        "物流单号 ",
        "物流公司",
        "订单备注",
        "宝贝总数量",
        "店铺名称",
        "修改后的收货地址",
    ]

    def row(no: str, who: c.Contact, tel: str, mobile: str, post: str, title: str, note: str) -> w.Row:
        return [
            f'="{no}"',
            "tb_88214906",
            "17012340987",
            f'="{no[::-1]}"',
            "59.00",
            "0.00",
            "59.00",
            "买家已付款，等待卖家发货",
            "麻烦尽快",
            who.name,
            f"{who.joined(' ')}({post})",
            "快递",
            tel,
            mobile,
            "2026-11-11 00:03:21",
            "2026-11-11 00:04:02",
            title,
            "1",
            "",
            "",
            note,
            "1",
            "南枝旗舰店",
            "",
        ]

    made = "2026-11-11T00:03:21+08:00"
    w.text(
        "taobao-orders.csv",
        [
            head,
            row("2760013340112345678", c.WANG, "", "'13800131526", "322000", "加绒卫衣女", "'"),
            row("2760013340112345679", c.ZHANG, "'021-58881234", "'17700134182", "201203", "保温杯*2", ""),
            row("2760013340112345680", c.GAO, "'0539-8123456", "'", "276000", "收纳箱", "合计3件一起发"),
            row("2760013340112345681", c.PENG, "", "'13200131415", "000000", "围巾", ""),
        ],
        [
            expect(
                c.WANG,
                "C",
                order_no="2760013340112345678",
                created_at=made,
                goods="加绒卫衣女",
                quantity="1",
                shop="南枝旗舰店",
                sender=None,
                sheet="",
                file="taobao-orders.csv",
            ),
            expect(
                c.ZHANG,
                "C",
                order_no="2760013340112345679",
                created_at=made,
                goods="保温杯*2",
                phones=["17700134182", "021-58881234"],
            ),
            expect(
                c.GAO,
                "C",
                order_no="2760013340112345680",
                phone="0539-8123456",
                phones=["0539-8123456"],
                masked={"name": "高**", "phone": "0539-******6"},
            ),
            expect(c.PENG, "C", order_no="2760013340112345681"),
        ],
        encoding="gb18030",
        quote=True,
    )


def taobao_masked() -> None:
    """What a shop gets since contacts are hidden: one field masked, two, or all."""
    head = ["订单编号", "OAID", "收货人姓名", "收货地址", "联系手机", "宝贝标题", "订单创建时间"]
    oaid = "1yGicKjFxq0ib9ZJ8r3"
    rows: list[w.Row] = [
        [
            "2760013340112345690",
            oaid,
            "王**",
            c.WANG.joined(" "),
            "13800131526",
            "卫衣",
            "2026-11-11 08:00:00",
        ],
        ["2760013340112345691", oaid, "李婷", c.LI.joined(" "), "159****2748", "围巾", "2026-11-11 08:00:01"],
        [
            "2760013340112345692",
            oaid,
            "欧阳文静",
            "江苏省 苏州市 昆山市 玉山镇 ******",
            "18600133961",
            "手套",
            "2026-11-11 08:00:02",
        ],
        [
            "2760013340112345693",
            oaid,
            "张*强",
            "上海 上海市 浦东新区 张**镇 碧**",
            "*******4182",
            "帽子",
            "2026-11-11 08:00:03",
        ],
    ]
    name = "taobao-masked.xlsx"
    data = w.workbook({"ExportOrderList": [head, *rows]})
    w.raw(
        name,
        data,
        [
            kept(
                "masked_name",
                "王**",
                "13800131526",
                order_no="2760013340112345690",
                goods="卫衣",
                sheet="ExportOrderList",
            ),
            kept("masked_phone", "李婷", "159****2748", order_no="2760013340112345691"),
            kept("masked_address", "欧阳文静", "18600133961", order_no="2760013340112345692"),
            kept("", "张*强", "*******4182", order_no="2760013340112345693"),
        ],
    )


def jd() -> None:
    """UTF-8 with BOM, armour on every number and date, provinces without their ending."""
    head = [
        "订单号",
        "商品ID",
        "商品名称",
        "订购数量",
        "支付方式",
        "下单时间",
        "京东价",
        "订单金额",
        "应付金额",
        "订单状态",
        "订单类型",
        "下单帐号",
        "客户姓名",
        "客户地址",
        "联系电话",
        "订单备注",
        "发票抬头",
        "商家备注",
        "运费金额",
    ]

    def row(no: str, who: c.Contact, address: str, count: int) -> w.Row:
        return [
            f'="{no}"',
            '="100048217733"',
            "电热水壶 1.7L*1",
            count,
            "在线支付",
            '="2026-11-10 23:59:59"',
            "99.00",
            "99.00",
            "99.00",
            "等待出库",
            "SOP",
            "jd_13988887777",
            who.name,
            address,
            f'="{who.phone}"',
            "",
            "个人",
            "",
            "0.00",
        ]

    w.text(
        "jd-orders.csv",
        [
            head,
            row("312004418273", c.WANG, "浙江金华市义乌市北苑街道机场路88号福田小区3幢2单元501室", 1),
            row("312004418274", c.CHEN, "北京朝阳区望京街道阜通东大街6号院3号楼1509", 2),
            row("312004418275", c.HUGE, "内蒙古锡林郭勒盟锡林浩特市希日塔拉街道额尔敦路112号4号楼503", 1),
            row("312004418276", c.HUANG, "广东东莞市虎门镇连升路58号3栋402", 10),
            row("312004418277", c.MAIMAITI, "新疆喀什地区喀什市恰萨街道诺尔贝希路60号2号楼301室", 1),
        ],
        [
            expect(
                c.WANG, "C", order_no="312004418273", created_at="2026-11-10T23:59:59+08:00", quantity="1"
            ),
            expect(c.CHEN, "C", order_no="312004418274", quantity="2"),
            expect(c.HUGE, "C", order_no="312004418275"),
            expect(c.HUANG, "C", order_no="312004418276", quantity="10"),
            expect(c.MAIMAITI, "C", order_no="312004418277"),
        ],
        encoding="utf-8-sig",
        quote=True,
    )


PDD = [
    "商品",
    "订单号",
    "订单状态",
    "商品总价(元)",
    "用户实付金额(元)",
    "商品数量(件)",
    "身份证姓名",
    "身份证号码",
    "收货人",
    "手机",
    "国家",
    "省",
    "市",
    "区",
    "街道",
    "详细地址",
    "拼单成功时间",
    "样式ID",
    "商品规格",
    "快递单号",
    "快递公司",
    "售后状态",
    "商家备注",
    "买家留言",
]


def _pdd_row(no: str, name: str, phone: str, who: c.Contact, detail: str, town: str = "") -> list[str]:
    tab = "\t"
    return [
        "洗脸巾一次性100抽",
        no + tab,
        "待发货",
        "19.9",
        "15.9",
        "1" + tab,
        tab,
        tab,
        name,
        phone + tab,
        "中国",
        who.province,
        who.city,
        who.district,
        town,
        detail,
        "2026-11-11 20:15:08" + tab,
        "51200773" + tab,
        "100抽*3包",
        tab,
        tab,
        "无售后或售后取消",
        "",
        "",
    ]


def pinduoduo() -> None:
    """Tabs after numbers, a street column repeated in the detail, virtual numbers with a mark in brackets."""
    beijing = ["北京市", "市辖区", "朝阳区"]
    chen = _pdd_row("261111-003344556677891", "陈海燕", "19900135273", c.CHEN, c.CHEN.rest, "望京街道")
    chen[11:14] = beijing
    w.text(
        "pdd-orders.csv",
        [
            PDD,
            _pdd_row("261111-003344556677890", "王小明", "13800131526", c.WANG, c.WANG.rest, "北苑街道"),
            chen,
            _pdd_row("261111-003344556677892", "李婷", "15900132748", c.LI, c.LI.detail, "粤海街道"),
            _pdd_row(
                "261111-003344556677893", "徐志远[4417]", "18466012345-4417", c.XU, c.XU.detail + "[4417]"
            ),
            _pdd_row("261111-003344556677894", "孙悦", "13800131526\t\t", c.SUN, c.SUN.joined()),
        ],
        [
            expect(c.WANG, "C", order_no="261111-003344556677890", quantity="1", waybill_no=""),
            expect(c.CHEN, "C", order_no="261111-003344556677891"),
            expect(c.LI, "C", order_no="261111-003344556677892"),
            {
                "status": "ok",
                "lane": "C",
                "order_no": "261111-003344556677893",
                "phone": "18466012345",
                "extension": "4417",
                "province": "湖北省",
                "city": "武汉市",
                "district": "武昌区",
            },
            expect(
                c.SUN,
                "C",
                order_no="261111-003344556677894",
                phone="13800131526",
                phones=["13800131526"],
                masked={"name": "孙**", "phone": "*******1526", "address!": ["8楼"]},
            ),
        ],
        end="\n",
    )


def pinduoduo_cipher() -> None:
    """Contact fields as the open interface hands them out: tildes, base64, a key version."""
    cipher = {
        "name": "~AgAAAAJwfG0FtPpZmAFb5nyXkwjA8IHp9gS1xQ5oV0c=~4fNk~0~",
        "phone": "$186$AgAAAAJwfG0Dq1vRlS8hZ2mK0t6Hkg==$0$",
        "detail": "~AgAAAAJwfG0GsYwRkXo2T3b9c7e0mQzXJfU5vLdI8aE=~9cQz~0~",
    }
    w.text(
        "pdd-cipher.csv",
        [
            PDD,
            _pdd_row("261112-113344556677890", cipher["name"], cipher["phone"], c.OUYANG, cipher["detail"]),
            _pdd_row("261112-113344556677891", cipher["name"], cipher["phone"], c.LIU, cipher["detail"]),
        ],
        [
            kept("ciphertext", cipher["name"], cipher["phone"], order_no="261112-113344556677890"),
            kept("ciphertext", cipher["name"], cipher["phone"], order_no="261112-113344556677891"),
        ],
    )


ALL = (taobao, taobao_masked, jd, pinduoduo, pinduoduo_cipher)
