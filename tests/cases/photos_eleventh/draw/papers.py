"""Layouts of the set: what is printed on the paper and where."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "photos_third" / "draw"))

from kit import FIELDS, PARTIES, Label


class Paper(Label):
    def __init__(self, case, w, h, paper=(252, 252, 250)):
        super().__init__(case, w, h, paper)
        self.at = {}

    def put(self, key, *args, **kw):
        box = super().put(key, *args, **kw)
        self.at[key] = box
        return box

    def opt(self, key, x, y, h, maxw, prefix="", bold=False):
        """A field that not every case has; returns y below."""
        return self.put(key, x, y, h, maxw, bold, prefix=prefix)[3] + 0.8 if self.value(key) else y

    def fit(self, y, text, h, maxw, mid, bold=True):
        while self.width(text, h, bold) > maxw:
            h *= 0.95
        return self.text(0, y, text, h, bold, mid=mid)

    def rules(self, *ys):
        for y in ys:
            self.line(1, y, self.w - 1, y, 0.4)

    def write(self, key, x, y, h, lead=1.35):
        """Pen writing in the lines the case gives."""
        text, boxes = self.case[key], []
        for part in text.lstrip("!").split("\n"):
            boxes.append(self.pen(x, y, part, h, self.case.get("pen", (24, 44, 140)), field=None))
            y += h * lead
        box = [min(b[0] for b in boxes), boxes[0][1], max(b[2] for b in boxes), boxes[-1][3]]
        self.at[key] = box
        field, party = (FIELDS[key[1]], PARTIES[key[0]]) if len(key) == 2 else (key, "")
        self.mark(field, party, "fail" if text.startswith("!") else "pass", box)
        return box

    def who(self, who, x, y, h, w, small=None, tag="2", order=None, labels=("", "", ""), gap=None):
        c = self.case
        return self.person(who, x, y, h, w, order or c.get("ord", "np/a"), c.get("strong", "n"), small, c.get("gap", 2.5) if gap is None else gap, tag, labels)


def cloud76(c):
    """One ply, 76 x 130: sorting code on top, bars in the middle, a square code below."""
    q = Paper(c, 76, 130)
    q.text(3, 2, c["co"], 4.0, True)
    q.text(0, 3.2, c["date"] + " 打印", 2.1, right=73)
    q.rules(8, 20)
    q.fit(9, c["sort"], 8.5, 70, 38)
    q.badge(2, 22, c.get("rb", "收"), 3.6, c.get("shape", "disc"))
    y = max(q.who("r", 9.5, 22, 3.3, 64), 38)
    q.line(1, y, 75, y, dash=1.2)
    q.badge(2, y + 1.5, c.get("sb", "寄"), 3.0, c.get("shape", "disc"))
    y = max(q.who("s", 9.5, y + 1.5, 2.6, 64), y + 15)
    q.line(1, y, 75, y, 0.4)
    q.code(12, y + 2, 54, 13, human=3.2, spaced=True)
    y += 21
    q.line(1, y, 75, y)
    q.code(3, y + 2, 19, 19, "qr", "qr")
    z = q.opt("goods", 27, y + 2, 2.5, 46, "内件：")
    z = q.opt("remark", 27, z, 2.5, 46, "备注：")
    q.para(27, z, "签收前请验视外包装 · 官方客服见小程序", 1.9, 46)
    q.line(1, 103, 75, 103, dash=1.2)
    q.fit(106, c.get("ad", q.rng.choice(("好评返现均为诈骗 请勿扫陌生码", "附近寄件 上门揽收", "冬衣寄回家 首重立减"))), 4.2, 66, 38)
    q.text(0, 113, "取件验证码请勿告诉他人", 2.6, mid=38)
    q.text(0, 125.5, "已验视 已安检 已实名", 2.2, right=73)
    return q


def cloud150(c):
    """Two plies, 100 x 150: receiver first, the second ply small."""
    q = Paper(c, 100, 150)
    q.text(4, 2.5, c["co"], 5, True)
    q.rect(76, 2.5, 96, 9.5, fill=q.ink)
    q.text(0, 3.2, c.get("kind_", "标准快递"), 3.8, True, (252, 252, 250), mid=86)
    q.rules(11, 25, 45, 114)
    q.fit(12, c["sort"], 10, 92, 50)
    q.code(18, 27, 66, 12, human=3.2)
    q.badge(4, 47, "收", 4.4, c.get("shape", "box"))
    y = max(q.who("r", 12, 47, 3.9, 84), 66)
    q.line(2, y, 98, y)
    q.badge(4, y + 1.3, "寄", 3.2, c.get("shape", "box"))
    y = max(q.who("s", 12, y + 1.3, 2.8, 84), y + 13)
    q.line(2, y, 98, y, 0.4)
    q.opt("remark", 4, y + 1.5, 2.8, 60, "备注 ")
    q.text(68, y + 1.5, "签收人／时间", 2.4)
    q.line(66, y, 66, 97)
    q.line(0, 99, 100, 99, 0.3, dash=1.5)
    q.text(4, 100.5, c["co"] + " · 收件联", 2.8, True)
    q.code(52, 101, 44, 8, human=2.3)
    y = q.who("r", 12, 115.5, 2.8, 62, tag="second", order=c.get("ord2"))
    q.text(4, 115.5, "收", 3, True)
    q.text(4, y + 1, "寄", 3, True)
    y = q.who("s", 12, y + 1, 2.5, 62, tag="second", order=c.get("ord2"))
    q.code(77, 116, 19, 19, "qr", "qr")
    q.opt("goods", 4, max(y + 1, 139), 2.5, 70, "物品 ")
    q.text(0, 145, c["date"], 2.2, right=96)
    return q


def cloud180(c):
    """Three plies, 100 x 180: to deliver, to keep, to send."""
    q = Paper(c, 100, 180)
    q.text(3, 2, c["co"], 4.6, True)
    q.text(0, 3, c["date"], 2.3, right=97)
    q.rules(9, 21.5, 60, 111)
    q.fit(10, c["sort"], 9, 94, 50)
    q.vtext(3.2, 23.5, "收件", 3.8, True)
    q.line(9, 21.5, 9, 60)
    y = max(q.who("r", 11, 23, 3.6, 84), 43)
    q.line(1, y, 99, y)
    q.vtext(3.5, y + 2, "寄件", 3.2, True)
    q.who("s", 11, y + 1.3, 2.7, 84)
    q.code(20, 62, 62, 11, human=3)
    q.line(0, 80, 100, 80, dash=1.5)
    q.text(3, 81.5, "收件联", 2.6, True)
    q.code(55, 82, 42, 8, human=2.2)
    q.who("r", 3, 96, 2.7, 92, tag="second", labels=("收件人:", "", ""))
    q.who("s", 3, 112, 2.5, 92, tag="second", labels=("寄件人:", "", ""))
    q.line(0, 128, 100, 128, dash=1.5)
    q.text(3, 129.5, "寄件联", 2.6, True)
    q.code(3, 134, 20, 20, "qr", "qr")
    q.text(28, 133, "单号 " + c["no"], 2.8, True)
    y = q.opt("goods", 28, 138.5, 2.7, 68, "托寄物：")
    y = q.opt("remark", 28, y, 2.7, 68, "留言：")
    q.text(28, 153, "实收 ¥" + c.get("fee", "12.00") + "  月结", 2.6)
    q.para(3, 160, "您对此单的签收，代表您已验收并确认物品完好无损，无内件短少。查件请用小程序，谢绝电话索要验证码。", 2.2, 94)
    q.fit(170, c.get("ad", "寄件立减三元 搜「邻里寄」小程序"), 4.2, 90, 50)
    return q


def rider(c):
    """Same-city strip, 72 x 104: shop and number on top, receiver in large print at the bottom."""
    q = Paper(c, 72, 104)
    q.fit(2, c.get("num", "#27") + " " + c["co"], 6.5, 68, 36)
    q.text(0, 11, c.get("shop", "南门水果行（大学城店）"), 3.2, mid=36)
    q.text(0, 16, "下单 " + c["date"], 2.3, mid=36)
    q.line(2, 20, 70, 20, dash=1)
    y = q.opt("remark", 3, 21.5, 3.4, 66, "备注：", True)
    y = q.opt("goods", 3, y, 2.8, 66)
    q.text(3, y, "包装费 1.00  配送费 3.50  已付 " + c.get("fee", "36.80"), 2.6)
    q.line(2, 50, 70, 50, dash=1)
    y = q.who("s", 3, 51.5, 2.4, 66, labels=("商家 ", "", ""))
    q.line(2, 64, 70, 64, 0.5)
    q.who("r", 3, 65.5, 4.0, 66, order=c.get("ord", "a/np"))
    q.code(10, 92, 52, 7)
    q.text(0, 99.6, c["no"], 2.6, mid=36)
    return q


def till(c):
    """A small shop's 58 mm printer: headings before the values, no rulings."""
    q = Paper(c, 58, 112, (250, 249, 244))
    q.fit(2, c.get("shop", "巷口零食铺"), 5, 54, 29)
    q.text(0, 8.5, "—— 发货小票 ——", 2.8, mid=29)
    h = c.get("heads", ("收货人：", "电　话：", "地　址："))
    y = q.who("r", 2.5, 13.5, 2.9, 53, order=c.get("ord", "n/p/a"), labels=h)
    q.text(2.5, y, "-" * 42, 2.2)
    q.text(2.5, y + 3, c.get("order", "订单编号 2611285570413926"), 2.3)
    q.text(2.5, y + 6.3, "打单 " + c["date"], 2.3)
    y = q.opt("goods", 2.5, y + 10, 2.6, 53)
    y = q.opt("remark", 2.5, y, 2.7, 53, "买家留言：")
    q.text(2.5, y, "-" * 42, 2.2)
    y = q.who("s", 2.5, y + 3, 2.5, 53, order="n/p/a", labels=("发货人：", "电　话：", "地　址："))
    q.code(6, y + 1, 46, 8, human=2.6)
    return q


def columns(c):
    """Headings above the fields, sender left and receiver right; 100 x 100."""
    q = Paper(c, 100, 100)
    q.text(3, 2, c["co"], 4.4, True)
    q.code(46, 2.5, 50, 8, human=2.4)
    q.rules(15, 26, 72)
    q.fit(16, c["sort"], 7, 90, 50)
    q.line(45, 26, 45, 72, 0.3)
    heads = c.get("heads", ("姓名", "电话", "地址"))
    for who, x, w, h in (("s", 2.5, 40, 2.6), ("r", 47, 50, 3.1)):
        q.rect(x - 1, 27, x + w, 31, fill=(60, 60, 60))
        q.text(x, 27.3, {"s": "寄 件 方", "r": "收 件 方"}[who], 2.8, True, (252, 252, 250))
        y = 33
        for head, k in zip(heads, "npa", strict=True):
            q.text(x, y, head, 1.9, ink=(90, 90, 90))
            y = q.put(who + k, x, y + 2.5, h, w - 1, k == "n")[3] + 1.2
    y = q.opt("goods", 2.5, 73.5, 2.5, 68, "品名 ")
    q.opt("remark", 2.5, y, 2.5, 68, "备注 ")
    q.code(76, 74, 20, 20, "qr", "qr")
    q.text(2.5, 94, c["date"] + "  第 1 件 / 共 1 件", 2.2)
    return q


def below(c):
    """76 x 130 with upright bars at the side, the sender above and the receiver at the foot."""
    q = Paper(c, 76, 130)
    q.rect(0.6, 0.6, 75.4, 129.4, 0.4)
    q.code(62, 20, 10, 64, turn=90)
    q.line(59, 14, 59, 88, 0.3)
    q.fit(2.5, c["co"] + "  " + c["no"], 5, 70, 38)
    q.rules(14, 88, 100)
    q.text(3, 9.3, c["date"], 2.2)
    y = q.who("s", 3, 15.5, 2.5, 54, order=c.get("ord", "pn/a"), labels=("", "自 ", "") if c.get("ord", "pn/a")[0] == "p" else ("自 ", "", ""))
    y = max(y, 32)
    q.line(1, y, 59, y)
    q.code(4, y + 2, 22, 22, "qr", "qr")
    q.para(28, y + 3, "扫码看物流", 3, 30, True)
    q.para(28, y + 8, c.get("ad", "拆箱录像 少件包赔"), 2.4, 30)
    y += 27
    q.line(1, y, 59, y)
    y = q.opt("goods", 3, y + 1, 2.4, 54, "货 ")
    q.opt("remark", 3, y, 2.6, 54, "注 ", True)
    q.fit(89.5, c["sort"], 7.5, 70, 38)
    q.who("r", 3, 102, 3.6, 70, order=c.get("ord", "pn/a"), labels=("", "至 ", "") if c.get("ord", "pn/a")[0] == "p" else ("至 ", "", ""))
    return q


def border(c):
    """Cross-border in two languages, 100 x 150."""
    q = Paper(c, 100, 150)
    q.rect(1, 1, 99, 149, 0.5)
    q.text(4, 3, c["co"], 5.5, True)
    q.text(4, 10, "Cross-border Parcel 跨境小包  PRIORITY", 2.6)
    q.fit(3.5, c.get("zone", "HKG-07"), 8, 28, 82)
    q.line(1, 15, 99, 15, 0.4)
    q.text(4, 16.5, "FROM 寄件人", 2.3, True)
    y = max(q.who("s", 4, 20, 2.8, 92, order="n/a/p", labels=("", "Tel 电话 ", "")), 37)
    q.line(1, y, 99, y, 0.4)
    q.text(4, y + 1.5, "SHIP TO 收件人", 2.8, True)
    y = max(q.who("r", 4, y + 5.5, 3.6, 92, order="n/a/p", labels=("", "Tel 电话 ", "")), 66)
    q.line(1, y, 99, y, 0.4)
    q.code(14, y + 3, 74, 15, human=3.6, spaced=True)
    y += 25
    q.line(1, y, 99, y, 0.4)
    for x, t in ((4, "Description 品名"), (56, "Qty 数量"), (76, "Value 价值 (USD)")):
        q.text(x, y + 1.2, t, 2.3)
    q.line(1, y + 5, 99, y + 5)
    q.put("goods", 4, y + 6.2, 2.7, 50)
    q.text(58, y + 6.2, "1", 2.8)
    q.text(78, y + 6.2, c.get("fee", "12.50"), 2.8)
    q.line(1, y + 16, 99, y + 16)
    q.code(4, y + 19, 22, 22, "qr", "qr")
    z = q.opt("remark", 30, y + 19, 2.6, 66, "Note 备注 ")
    q.para(30, z + 1, "I certify that the particulars given are correct. 本人声明以上内容属实，不含违禁物品。", 2.2, 66)
    q.text(30, z + 12, "Date 日期 " + c["date"], 2.4)
    return q


def goback(c):
    """Return slip, 100 x 120: the buyer sends, the shop receives."""
    q = Paper(c, 100, 120)
    q.rect(1, 1, 99, 15, 0.5)
    q.fit(2.5, "退换货专用单", 7, 60, 34)
    q.text(68, 3, "原因：" + c.get("why", "尺码不合"), 2.7)
    q.text(68, 7.5, c["date"], 2.4)
    q.text(68, 11, c["co"], 2.6, True)
    y = 18
    for who, t in (("s", "买家（寄）"), ("r", "商家（收）")):
        q.rect(2, y, 98, y + 5, fill=(30, 30, 30))
        q.text(4, y + 0.6, t, 3.4, True, (252, 252, 250))
        q.who(who, 4, y + 6.5, 3.2, 92)
        y += 27
    y = q.opt("goods", 4, 73, 2.8, 66, "退回商品：")
    q.opt("remark", 4, y, 2.8, 66, "说明：")
    q.code(74, 73, 22, 22, "qr", "qr")
    q.line(1, 97, 99, 97, dash=1.2)
    q.code(20, 99, 62, 11, human=3)
    return q


def sticker(c):
    """What a station or a porter's lodge sticks on: 70 x 46."""
    q = Paper(c, 70, 46, c.get("paper", (252, 252, 250)))
    q.fit(1.5, c.get("shelf", "A-12-3056"), 10, 66, 35)
    q.line(1, 14.5, 69, 14.5, 0.4)
    y = q.who("r", 3, 16, 3.6, 64)
    q.opt("remark", 3, y, 2.7, 64)
    q.code(3, 33, 44, 7)
    q.text(3, 41, c["no"], 2.6)
    q.text(0, 34, c["date"], 2.3, right=68)
    q.text(0, 38, c.get("shop", "南苑校门驿站"), 2.3, right=68)
    return q


def byhand(c):
    """A form filled in with a pen, 110 x 76."""
    q = Paper(c, 110, 76, (251, 249, 240))
    q.ink = (150, 40, 40)
    q.text(4, 2, c["co"] + " 详情单", 4.6, True)
    q.rect(3, 10, 107, 73, 0.3)
    q.line(55, 10, 55, 56)
    q.line(3, 56, 107, 56)
    for who, x in (("s", 4), ("r", 56)):
        q.text(x, 11, {"s": "寄件人", "r": "收件人"}[who] + "姓名", 2.3)
        q.write(who + "n", x + 16, 11, 4.2)
        q.line(x - 1, 20, x + 51, 20)
        q.text(x, 21, "联系电话", 2.3)
        q.write(who + "p", x + 12, 20.5, 4)
        q.line(x - 1, 29, x + 51, 29)
        q.text(x, 30, "详细地址", 2.3)
        q.write(who + "a", x + 1, 33.5, 3.9)
    q.text(4, 57.5, "内件品名", 2.3)
    q.write("goods", 18, 57, 3.8)
    if c.get("remark"):
        q.text(4, 65.5, "备注", 2.3)
        q.write("remark", 18, 64.5, 3.8)
    q.ink = (18, 18, 20)
    q.code(60, 58, 44, 8, human=2.6)
    return q


def haul(c):
    """Freight note, 100 x 80: a ruled table, upright headings."""
    q = Paper(c, 100, 80)
    q.fit(1.5, c["co"] + " 货物标签", 6, 60, 34)
    q.text(0, 3, c.get("piece", "2 / 3 件"), 5, True, right=97)
    q.rules(11, 23, 43, 61)
    q.text(3, 12.5, "到站", 2.6)
    q.fit(12, c["sort"], 8, 80, 54)
    q.line(11, 23, 11, 61, 0.3)
    q.vtext(4, 25.5, "收货方", 3.4, True)
    q.who("r", 13, 24.5, 3.4, 84)
    q.vtext(4, 45.5, "发货方", 3.2, True)
    q.who("s", 13, 44.5, 2.8, 84)
    y = q.opt("goods", 3, 62.5, 2.7, 42, "货名 ")
    q.opt("remark", 3, y, 2.7, 42, "备注 ")
    q.code(48, 62.5, 48, 10, human=2.8)
    q.text(3, 76, c["date"], 2.2)
    return q


def picking(c):
    """Pick list on top of a label, 100 x 140: goods in a table, receiver under it without badges."""
    q = Paper(c, 100, 140)
    q.text(3, 2, "拣货单  " + c.get("shop", "青石文具"), 4.2, True)
    q.text(3, 8, c.get("order", "订单 2611287704132659"), 2.4)
    q.text(0, 8, c["date"], 2.4, right=97)
    for y in (12, 17, 24, 31):
        q.line(2, y, 98, y)
    for x, t in ((3, "货位"), (24, "商品"), (84, "数量")):
        q.text(x, 13, t, 2.5)
    for i, row in enumerate(c.get("rows", (("B07-2", "中性笔 0.5 黑 12支", "1"), ("C11-4", "A5横线本 6本", "2")))):
        for x, t in zip((3, 24, 86), row, strict=True):
            q.text(x, 18.5 + 7 * i, t, 2.8)
    q.opt("remark", 3, 33, 3, 94, "客户留言 ")
    q.line(0, 44, 100, 44, 0.3, dash=1.5)
    q.text(3, 46, c["co"], 4.4, True)
    q.fit(45.5, c["sort"], 7, 62, 66)
    q.rules(56, 84, 108)
    q.who("r", 4, 58, 4.0, 92, labels=c.get("heads", ("收件人 ", "", "")))
    q.who("s", 4, 86, 2.8, 70, labels=("寄件人 ", "", ""))
    q.code(76, 86, 20, 20, "qr", "qr")
    q.code(16, 111, 70, 15, human=3.8)
    return q


def wide(c):
    """100 x 110: bars on top, the receiver in a frame, signing field below."""
    q = Paper(c, 100, 110)
    q.code(14, 3, 72, 12, human=3, spaced=True)
    q.rules(21, 84)
    q.text(3, 22.5, c["co"], 4, True)
    q.fit(22, c["sort"], 8, 60, 66)
    q.rect(2, 33, 98, 60, 0.6, round_=2)
    q.text(4, 34.5, "客户信息", 2.3, True)
    q.text(0, 34.5, "送货时段 " + c.get("slot", "不限"), 2.3, right=95)
    q.who("r", 4, 38.5, 3.6, 91)
    q.who("s", 4, 62, 2.7, 70, labels=("始发 ", "", ""))
    q.code(76, 62, 20, 20, "qr", "qr")
    y = q.opt("goods", 4, 85.5, 2.7, 60)
    q.opt("remark", 4, y, 2.7, 60, "备注：")
    q.line(66, 84, 66, 104)
    q.text(68, 85.5, "客户签字", 2.4)
    q.text(4, 105, "打印时间 " + c["date"] + "  应收 0.00", 2.3)
    return q


def notice(c):
    """No label: a paper at the porter's lodge."""
    q = Paper(c, 100, 130)
    q.fit(8, "取件须知", 12, 80, 50)
    q.para(8, 28, "一、校门口快递架每晚九点收架，请同学们按时取件。\n二、取件时核对单号，勿拿错件。\n三、大件请到东门物流点。\n四、生鲜请当天取走，逾期不负责保鲜。\n五、遇到索要验证码的电话请立即挂断。", 4.6, 84, lead=1.5)
    q.text(0, 112, "后勤服务中心  " + c["date"][:10], 4, right=92)
    return q


PAPERS = {f.__name__: f for f in (cloud76, cloud150, cloud180, rider, till, columns, below, border, goback, sticker, byhand, haul, picking, wide, notice)}
