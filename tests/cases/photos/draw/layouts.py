"""Layouts after the habits of different carriers, none after a real template. Places are millimetres."""

from collections.abc import Callable

from content import Content, Party
from paper import Role, Sheet

NOTICE = "96110来电请接听 谨防刷单退款诈骗"


def person(
    sheet: Sheet, x: float, y: float, width: float, party: Party, who: str, *, size: float, form: str
) -> float:
    """Name, phone and address in one of the usual forms; gives the y below them."""
    name = Role("name", who, party.name.verdict)
    phone = Role("phone", who, party.phone.verdict)
    address = Role("address", who, party.address.verdict)
    step = size * 1.45
    if form == "line":
        end = sheet.text(x, y, size, party.name.text, role=name, bold=True)
        y = _beside(sheet, (x, end + size, y), size, party, phone, width)
        y = sheet.wrap(x, y, size, party.address.text, width, role=address)
    elif form == "rows":
        words = {"receiver": "收货人", "sender": "寄件人"}[who]
        indent = sheet.measure("联系电话：", size)
        for word, value, role in (
            (words, party.name.text, name),
            ("联系电话", party.phone.text, phone),
            ("地　　址", party.address.text, address),
        ):
            sheet.text(x, y, size, word + "：")
            y = sheet.wrap(x + indent, y, size, value, width - indent, role=role) + size * 0.12
    elif form == "phone first":
        end = sheet.text(x, y, size, party.phone.text, role=phone, bold=True)
        y = _beside(sheet, (x, end + size, y), size, party, name, width, value=party.name.text)
        y = sheet.wrap(x, y, size, party.address.text, width, role=address, bold=True)
    elif form == "address first":
        y = sheet.wrap(x, y, size, party.address.text, width, role=address, bold=True)
        end = sheet.text(x, y, size, party.name.text, role=name)
        y = _beside(sheet, (x, end + size, y), size, party, phone, width)
    else:
        sheet.text(x, y, size, party.name.text, role=name, bold=True)
        sheet.text(x, y + step, size, party.phone.text, role=phone, bold=True)
        y = sheet.wrap(x, y + 2 * step, size, party.address.text, width, role=address)
    if party.note:
        sheet.text(x, y, 2.3, party.note)
        y += 3.2
    return y


def _beside(
    sheet: Sheet,
    place: tuple[float, float, float],
    size: float,
    party: Party,
    role: Role,
    width: float,
    *,
    value: str = "",
) -> float:
    """Phone or name behind what the line holds already, or below it if it does not fit."""
    x, behind, y = place
    value = value or party.phone.text
    if behind + sheet.measure(value, size, bold=True) > x + width:
        behind, y = x, y + size * 1.45
    sheet.text(behind, y, size, value, role=role, bold=True)
    return y + size * 1.5


def goods_and_remark(sheet: Sheet, x: float, y: float, width: float, c: Content, size: float = 2.6) -> float:
    """The two lines of goods and remark."""
    y = sheet.wrap(
        x, y, size, f"物品：{c.goods.text}", width, role=Role("goods", "receiver", c.goods.verdict)
    )
    return sheet.wrap(
        x, y, size, f"备注：{c.remark.text}", width, role=Role("remark", "receiver", c.remark.verdict)
    )


def token(sheet: Sheet, x: float, y: float, size: float, c: Content) -> None:
    """The QR code."""
    sheet.square(x, y, size, c.token.text, role=Role("code", "receiver", c.token.verdict))


def spaced(number: str) -> str:
    """A number in groups of four, as it is printed below bars."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def one_ply_discs(c: Content, style: str) -> Sheet:
    """76 × 130: sort code, bars, receiver beside a black disc, small sender, QR below."""
    s = Sheet(76, 130, style)
    s.text(3, 2, 4, c.carrier, bold=True)
    s.text(50, 3, 2.4, "标准快件")
    s.text(6, 9, 10, c.sort, bold=True)
    s.rule(0, 23, 76, 23)
    s.text(3, 24, 4, c.hub, bold=True)
    s.code(8, 31, 60, 11, c.waybill)
    s.text(18, 43, 3, spaced(c.waybill))
    s.rule(0, 48, 76, 48)
    s.tag(2, 50, 8, "收", round_=True)
    y = person(s, 12, 50, 61, c.receiver, "receiver", size=3.5, form="line")
    s.rule(0, y + 1, 76, y + 1, dash=1)
    s.tag(2, y + 2.5, 7, "寄", round_=True, black=False)
    y = person(s, 12, y + 2.5, 61, c.sender, "sender", size=2.5, form="line")
    y = max(y, 84) + 1
    s.rule(0, y, 76, y)
    token(s, 52, y + 2, 21, c)
    goods_and_remark(s, 3, y + 2, 46, c)
    s.text(3, y + 18, 2.2, f"打印：{c.printed}")
    s.text(3, y + 22, 2.2, f"订单：{c.order}")
    return s


def sender_on_top(c: Content, style: str) -> Sheet:
    """76 × 130: a tiny sender first, the receiver large in a frame with upright words."""
    s = Sheet(76, 130, style)
    person(s, 3, 3, 70, c.sender, "sender", size=2.3, form="line")
    s.rule(0, 15, 76, 15)
    s.code(4, 17, 66, 9, c.waybill)
    s.text(14, 27, 3.2, c.waybill)
    s.box(2, 33, 74, 75)
    s.rule(9, 33, 9, 75)
    s.upright(3.4, 37, 4.6, "收件方")
    person(s, 11, 35, 61, c.receiver, "receiver", size=3.9, form="plain")
    s.text(5, 77, 9, c.sort, bold=True)
    s.rule(0, 90, 76, 90)
    token(s, 3, 93, 24, c)
    y = goods_and_remark(s, 30, 93, 43, c)
    s.text(30, y + 2, 2.3, f"订单号 {c.order}")
    s.text(30, y + 6, 2.3, f"{c.printed}")
    s.text(3, 123, 2.4, NOTICE)
    return s


def ruled_table(c: Content, style: str) -> Sheet:
    """100 × 150: a table whose first column names the fields."""
    s = Sheet(100, 150, style)
    s.text(4, 3, 5, f"{c.carrier}电子运单", bold=True)
    s.code(50, 3, 46, 10, c.waybill)
    s.text(54, 14, 2.8, c.waybill)
    y = 20.0
    for who, party, word in (("receiver", c.receiver, "收件"), ("sender", c.sender, "寄件")):
        top = y
        for label, value, field in (
            ("姓名", party.name, "name"),
            ("电话", party.phone, "phone"),
            ("地址", party.address, "address"),
        ):
            s.text(16, y + 1.5, 3.2, label)
            below = s.wrap(28, y + 1.5, 3.4, value.text, 66, role=Role(field, who, value.verdict))
            if field == "phone" and party.note:
                s.text(28, below, 2.3, party.note)
                below += 3.2
            y = below + 1.5
            s.rule(13, y, 98, y)
        s.text(3, (top + y) / 2 - 3, 3.8, word, bold=True)
        s.rule(2, y, 98, y, thick=0.5)
        s.rule(13, top, 13, y)
        s.rule(26, top, 26, y)
    s.box(2, 20, 98, y)
    s.text(4, y + 3, 9, c.sort, bold=True)
    token(s, 72, y + 3, 24, c)
    y = goods_and_remark(s, 4, y + 17, 64, c, 3)
    s.text(4, y + 2, 2.6, f"重量 {c.weight}　{c.printed}")
    s.text(4, y + 7, 2.6, f"订单编号 {c.order}")
    return s


def two_plies(c: Content, style: str) -> Sheet:
    """100 × 180: the upper ply is kept by the carrier, the lower one by the customer; both name the people."""
    s = Sheet(100, 180, style)
    s.text(4, 3, 5, c.carrier, bold=True)
    s.text(60, 3, 2.8, "派件联")
    s.text(8, 10, 12, c.sort, bold=True)
    s.code(15, 27, 70, 12, c.waybill)
    s.text(30, 40, 3.4, c.waybill)
    s.rule(0, 46, 100, 46)
    s.tag(3, 48, 8, "收件", black=False)
    y = person(s, 14, 48, 82, c.receiver, "receiver", size=3.8, form="line")
    s.rule(0, y + 1, 100, y + 1)
    s.tag(3, y + 2, 8, "寄件", black=False)
    y = person(s, 14, y + 2, 82, c.sender, "sender", size=2.8, form="line")
    s.text(4, max(y, 92) + 2, 2.6, "签收人/签收时间：　　　　　年　月　日")
    s.rule(0, 103, 100, 103, dash=2)
    s.text(4, 105, 3.4, f"{c.carrier}　客户联", bold=True)
    s.code(50, 105, 46, 7, c.waybill)
    s.text(56, 113, 2.6, c.waybill)
    s.rule(0, 118, 100, 118)
    y = person(s, 4, 120, 44, c.receiver, "receiver", size=2.8, form="rows")
    s.rule(50, 118, 50, 150)
    z = person(s, 52, 120, 45, c.sender, "sender", size=2.8, form="rows")
    y = max(y, z, 150) + 1
    s.rule(0, y, 100, y)
    token(s, 75, y + 2, 20, c)
    y = goods_and_remark(s, 4, y + 2, 66, c, 2.9)
    s.text(4, y + 1, 2.5, f"{c.printed} {c.station} {c.weight}")
    s.text(4, y + 5, 2.5, NOTICE)
    return s


def two_columns(c: Content, style: str) -> Sheet:
    """100 × 150: sender on the left, receiver on the right of an upright ruling."""
    s = Sheet(100, 150, style)
    s.text(4, 3, 5, c.carrier, bold=True)
    s.text(4, 11, 11, c.sort, bold=True)
    s.rule(0, 26, 100, 26)
    s.box(0, 26, 42, 32, black=True)
    s.text(4, 26.6, 3.4, "寄件信息", bold=True, white=True)
    s.box(42, 26, 100, 32, black=True)
    s.text(46, 26.6, 3.4, "收件信息", bold=True, white=True)
    y = person(s, 3, 34, 36, c.sender, "sender", size=2.8, form="plain")
    z = person(s, 45, 34, 52, c.receiver, "receiver", size=3.6, form="plain")
    y = max(y, z, 66) + 1
    s.rule(42, 32, 42, y)
    s.rule(0, y, 100, y)
    s.code(12, y + 3, 76, 13, c.waybill)
    s.text(28, y + 17, 3.6, spaced(c.waybill))
    s.rule(0, y + 23, 100, y + 23)
    token(s, 5, y + 26, 25, c)
    z = goods_and_remark(s, 34, y + 26, 62, c, 3)
    s.text(34, z + 2, 2.6, f"客户单号：{c.order}")
    s.text(34, z + 6, 2.6, f"打印时间：{c.printed}")
    return s


def merchant_block(c: Content, style: str) -> Sheet:
    """100 × 180: carrier above, the merchant's own area with goods, remark and order number below."""
    s = Sheet(100, 180, style)
    s.box(0, 0, 100, 12, black=True)
    s.text(4, 2, 6, c.carrier, bold=True, white=True)
    s.text(70, 4, 3, "已验视", white=True)
    s.code(6, 15, 60, 13, c.waybill)
    s.text(14, 29, 3.2, c.waybill)
    token(s, 72, 14, 24, c)
    s.text(6, 36, 10, c.sort, bold=True)
    s.text(72, 42, 4, c.hub, bold=True)
    s.rule(0, 51, 100, 51, thick=0.5)
    s.tag(3, 54, 9, "收")
    y = person(s, 15, 53, 81, c.receiver, "receiver", size=4.2, form="phone first")
    y = max(y, 82) + 1
    s.rule(0, y, 100, y)
    s.tag(3, y + 2, 7, "寄")
    y = person(s, 15, y + 2, 81, c.sender, "sender", size=2.8, form="phone first")
    y = max(y, 110)
    s.rule(0, y, 100, y, dash=1.5)
    s.text(4, y + 2, 3.4, "商家自定义区", bold=True)
    y = goods_and_remark(s, 4, y + 9, 90, c, 3.6)
    s.text(4, y + 3, 3, f"订单号：{c.order}")
    s.text(4, y + 8, 3, f"{c.station}　{c.printed}")
    s.text(4, y + 13, 3, NOTICE)
    return s


def colon_words(c: Content, style: str) -> Sheet:
    """76 × 130: no marks, only words with colons, the receiver last."""
    s = Sheet(76, 130, style)
    s.text(20, 2, 5, c.carrier, bold=True)
    s.code(5, 10, 66, 12, c.waybill)
    s.text(10, 23, 3, f"运单号：{c.waybill}")
    s.rule(0, 28, 76, 28)
    y = person(s, 3, 30, 70, c.sender, "sender", size=2.7, form="rows")
    s.rule(0, y + 1, 76, y + 1)
    y = person(s, 3, y + 3, 70, c.receiver, "receiver", size=3.3, form="rows")
    s.rule(0, y + 1, 76, y + 1)
    s.text(3, y + 3, 8, c.sort, bold=True)
    y = goods_and_remark(s, 3, y + 15, 46, c)
    token(s, 52, 103, 21, c)
    s.text(3, y + 2, 2.3, f"下单号 {c.order}")
    s.text(3, y + 6, 2.3, f"时间 {c.printed}")
    return s


def bars_upright(c: Content, style: str) -> Sheet:
    """100 × 100: the bars stand on the right edge."""
    s = Sheet(100, 100, style)
    s.code(86, 5, 11, 88, c.waybill, turned=True)
    s.text(4, 3, 9, c.sort, bold=True)
    s.text(60, 5, 4, c.carrier)
    s.rule(2, 17, 83, 17)
    s.tag(3, 19, 7, "收")
    y = person(s, 13, 19, 69, c.receiver, "receiver", size=3.4, form="address first")
    s.rule(2, y + 1, 83, y + 1)
    s.tag(3, y + 3, 7, "寄", black=False)
    y = person(s, 13, y + 3, 69, c.sender, "sender", size=2.6, form="address first")
    y = max(y, 66)
    s.rule(2, y, 83, y)
    token(s, 60, y + 2, 21, c)
    y = goods_and_remark(s, 4, y + 2, 53, c, 2.6)
    s.text(4, y + 2, 2.6, c.waybill)
    s.text(4, y + 6, 2.3, f"{c.printed} 件重{c.weight}")
    return s


def city_receipt(c: Content, style: str) -> Sheet:
    """80 × 170: a till receipt of a same-day courier."""
    s = Sheet(80, 170, style)
    s.text(18, 4, 6, "同城配送小票", bold=True)
    s.text(24, 13, 3, f"—— {c.carrier} ——")
    s.text(4, 19, 3, f"流水号：{c.waybill}")
    s.text(4, 24, 3, f"下单时间：{c.printed}")
    s.rule(3, 30, 77, 30, dash=1)
    y = 32.0
    y = s.wrap(4, y, 3.4, c.goods.text + "　　　×1", 72, role=Role("goods", "receiver", c.goods.verdict))
    s.text(4, y, 3.4, "包装费　　　　　1.00")
    s.text(4, y + 5, 3.4, "配送费　　　　　4.50")
    y = s.wrap(
        4,
        y + 11,
        3.6,
        f"备注：{c.remark.text}",
        72,
        role=Role("remark", "receiver", c.remark.verdict),
        bold=True,
    )
    s.rule(3, y + 1, 77, y + 1, dash=1)
    y = person(s, 4, y + 4, 72, c.receiver, "receiver", size=4, form="address first")
    s.rule(3, y + 1, 77, y + 1, dash=1)
    s.text(4, y + 3, 3, "发货方")
    y = person(s, 4, y + 8, 72, c.sender, "sender", size=3, form="plain")
    s.rule(3, y + 1, 77, y + 1, dash=1)
    token(s, 26, y + 4, 28, c)
    s.text(18, y + 34, 3, "扫码查看配送进度")
    return s


def bilingual(c: Content, style: str) -> Sheet:
    """100 × 150: From and To in two languages."""
    s = Sheet(100, 150, style)
    s.text(4, 3, 6, c.carrier + " EXPRESS", bold=True)
    s.text(72, 4, 3, f"Wt: {c.weight}")
    s.rule(0, 13, 100, 13)
    s.text(4, 15, 3, "寄件人 From:", bold=True)
    y = person(s, 4, 20, 90, c.sender, "sender", size=3, form="line")
    s.rule(0, y + 1, 100, y + 1)
    s.text(4, y + 3, 3, "收件人 Ship To:", bold=True)
    y = person(s, 8, y + 8, 88, c.receiver, "receiver", size=4.2, form="plain")
    y = max(y, 72)
    s.rule(0, y, 100, y, thick=0.8)
    s.text(4, y + 2, 10, c.sort, bold=True)
    token(s, 74, y + 3, 22, c)
    s.code(5, y + 17, 62, 14, c.waybill)
    s.text(14, y + 32, 3.2, f"Tracking No. {c.waybill}")
    s.rule(0, y + 38, 100, y + 38)
    y = goods_and_remark(s, 4, y + 40, 90, c, 3)
    s.text(4, y + 1, 2.8, f"Ref: {c.order}  Printed: {c.printed}")
    return s


def phone_column(c: Content, style: str) -> Sheet:
    """76 × 130: the phone stands in a column of its own beside name and address."""
    s = Sheet(76, 130, style)
    s.code(4, 3, 50, 10, c.waybill)
    s.text(8, 14, 2.8, c.waybill)
    s.text(57, 4, 3, c.carrier[:4], bold=True)
    s.text(4, 19, 9, c.sort, bold=True)
    s.rule(0, 31, 76, 31)
    y = 33.0
    for who, party, word, size in (("receiver", c.receiver, "收", 3.3), ("sender", c.sender, "寄", 2.5)):
        s.tag(2, y, 6, word, round_=who == "sender")
        below = s.wrap(
            10, y, size, party.name.text, 32, role=Role("name", who, party.name.verdict), bold=True
        )
        address = Role("address", who, party.address.verdict)
        below = s.wrap(10, below + size * 0.2, size, party.address.text, 32, role=address)
        s.text(45, y - 0.5, 2, "电话")
        z = s.wrap(
            45, y + 2.5, size * 0.95, party.phone.text, 30, role=Role("phone", who, party.phone.verdict)
        )
        if party.note:
            s.wrap(45, z, 2.2, party.note, 30)
        s.rule(43.5, y - 2, 43.5, below + 1)
        y = max(below, z + 6) + 1
        s.rule(0, y, 76, y)
        y += 2
    token(s, 3, y, 22, c)
    y = goods_and_remark(s, 28, y, 45, c)
    s.text(28, y + 1, 2.2, f"单号{c.order}")
    s.text(28, y + 4.5, 2.2, f"{c.printed} {c.station}")
    return s


def landscape(c: Content, style: str) -> Sheet:
    """150 × 100: codes on the left, people on the right."""
    s = Sheet(150, 100, style)
    s.text(4, 4, 5.5, c.carrier, bold=True)
    s.text(4, 13, 9, c.sort, bold=True)
    s.code(4, 28, 58, 14, c.waybill)
    s.text(8, 43, 3, c.waybill)
    token(s, 18, 52, 28, c)
    s.text(4, 84, 2.6, f"订单 {c.order}")
    s.text(4, 89, 2.6, f"{c.printed}　{c.weight}")
    s.rule(66, 2, 66, 98)
    s.text(69, 4, 3.2, "■ 收件人", bold=True)
    y = person(s, 69, 10, 78, c.receiver, "receiver", size=4, form="line")
    y = max(y, 40)
    s.rule(66, y, 148, y)
    s.text(69, y + 2, 3, "□ 寄件人", bold=True)
    y = person(s, 69, y + 7, 78, c.sender, "sender", size=3, form="line")
    s.rule(66, y + 2, 148, y + 2)
    goods_and_remark(s, 69, y + 4, 78, c, 3)
    return s


def with_pick_list(c: Content, style: str) -> Sheet:
    """100 × 180: below the label hangs the warehouse's pick list with article numbers."""
    s = Sheet(100, 180, style)
    s.text(4, 3, 10, c.sort, bold=True)
    s.text(70, 5, 4, c.carrier)
    s.code(10, 18, 80, 12, c.waybill)
    s.text(30, 31, 3.2, c.waybill)
    s.tag(3, 38, 8, "收件", black=True)
    y = person(s, 14, 37, 82, c.receiver, "receiver", size=3.7, form="line")
    s.tag(3, y + 2, 8, "发件", black=False)
    y = person(s, 14, y + 2, 82, c.sender, "sender", size=2.9, form="line")
    y = max(y + 2, 88)
    token(s, 76, y - 1, 20, c)
    y = goods_and_remark(s, 4, y, 68, c, 2.8)
    y = max(y, 108) + 2
    s.rule(0, y, 100, y, dash=2)
    s.text(35, y + 2, 4.5, "拣货清单", bold=True)
    s.text(4, y + 9, 2.8, f"波次 B{c.order[:6]}　单号 {c.order}　{c.printed}")
    y += 15
    for i, row in enumerate(
        (
            "货位　　　　货号　　　　　　　数量",
            "A03-12-05　 6901234567892　　 1",
            "C11-02-01　 6909876543210　　 2",
        )
    ):
        s.text(6, y, 3, row, bold=not i)
        s.rule(4, y + 5, 96, y + 5)
        y += 6.5
    s.text(6, y + 2, 2.8, "拣货：0237　复核：0114　打包台：07")
    return s


def filled_form(c: Content, style: str) -> Sheet:
    """100 × 110: a form with small printed words and a pale slanted stamp."""
    s = Sheet(100, 110, style)
    s.text(30, 2, 5, "电 子 运 单", bold=True)
    s.code(56, 10, 40, 8, c.waybill)
    s.text(4, 11, 2.8, f"No.{c.waybill}")
    y = 20.0
    for who, party, word in (("sender", c.sender, "寄件"), ("receiver", c.receiver, "收件")):
        s.text(4, y, 2.2, f"{word}人姓名")
        s.text(4, y + 3, 3.6, party.name.text, role=Role("name", who, party.name.verdict))
        s.text(48, y, 2.2, f"{word}人联系电话")
        s.text(48, y + 3, 3.6, party.phone.text, role=Role("phone", who, party.phone.verdict))
        s.rule(3, y + 9, 97, y + 9)
        s.text(4, y + 10, 2.2, f"{word}人详细地址")
        y = s.wrap(4, y + 13, 3.2, party.address.text, 90, role=Role("address", who, party.address.verdict))
        if party.note:
            s.text(4, y, 2.3, party.note)
            y += 3.2
        s.rule(3, y + 1, 97, y + 1)
        y += 3
    token(s, 78, y + 1, 18, c)
    z = goods_and_remark(s, 4, y, 70, c, 2.8)
    s.text(4, z + 1, 2.5, f"{c.printed}　路由 {c.sort}")
    s.stamp(30, y + 8, "已验视", 14)
    return s


def shelf_sticker(c: Content, style: str) -> Sheet:
    """76 × 50: the sticker of a pickup station, without address and sender."""
    s = Sheet(76, 50, style)
    s.text(5, 3, 11, f"{c.order[0]}-{c.order[1]}-{c.order[2:6]}", bold=True)
    s.rule(2, 19, 74, 19)
    s.text(
        4, 21, 4.4, c.receiver.name.text, role=Role("name", "receiver", c.receiver.name.verdict), bold=True
    )
    s.text(
        4, 28, 4.4, c.receiver.phone.text, role=Role("phone", "receiver", c.receiver.phone.verdict), bold=True
    )
    s.text(4, 36, 2.6, f"{c.carrier} {c.waybill}")
    s.text(4, 41, 2.6, f"入库 {c.printed}")
    return s


LAYOUTS: dict[str, Callable[[Content, str], Sheet]] = {
    "one-ply-discs": one_ply_discs,
    "sender-on-top": sender_on_top,
    "ruled-table": ruled_table,
    "two-plies": two_plies,
    "two-columns": two_columns,
    "merchant-block": merchant_block,
    "colon-words": colon_words,
    "bars-upright": bars_upright,
    "city-receipt": city_receipt,
    "bilingual": bilingual,
    "phone-column": phone_column,
    "landscape": landscape,
    "with-pick-list": with_pick_list,
    "filled-form": filled_form,
    "shelf-sticker": shelf_sticker,
}
