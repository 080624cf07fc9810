"""The layouts: each takes a case and gives a drawn label. Lengths are millimetres."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "photos_third" / "draw"))

from kit import Label


class Paper(Label):
    """A label on which the characters between ⟦ and ⟧ are covered by what the case's `cover` says."""

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.covers = []

    def width(self, text, h, bold=False, cond=None):
        return super().width(text.replace("⟦", "").replace("⟧", ""), h, bold, cond)

    def para(self, x, y, text, h, maxw, bold=False, lead=1.2, ink=None):
        clean, hidden, on = "", [], False
        for ch in text:
            if ch in "⟦⟧":
                on = ch == "⟦"
            else:
                clean += ch
                hidden.append(on)
        box, pos = None, 0
        for line in self.lines(clean, h, maxw, bold):
            while clean[pos : pos + len(line)] != line:
                pos += 1
            b = self.text(x, y, line, h, bold, ink) if line else [x, y, x, y]
            under = [i for i in range(len(line)) if hidden[pos + i]]
            if under:
                left = x + (self.width(line[: under[0]], h, bold) if under[0] else 0)
                self.covers.append([left, b[1], x + self.width(line[: under[-1] + 1], h, bold), b[3]])
            pos += len(line)
            box = b if box is None else [min(box[0], b[0]), box[1], max(box[2], b[2]), b[3]]
            y += h * lead
        return box

    def done(self):
        c = self.case
        self.fields = [f for f in self.fields if f[3][2] > f[3][0]]
        for x, y, size, text, *ink in c.get("pens", []):
            self.pen(x, y, text, size, *(ink or [(24, 44, 140)]))
        for x0, y0, x1, y1 in self.covers:
            kind = c.get("cover", "black")
            if kind == "felt":
                self.felt(x0 - 0.5, y0 + 0.3, x1 + 0.5, y1 - 0.2)
                continue
            fill = {"black": (22, 22, 26), "white": (250, 250, 244), "dark": (44, 48, 60), "ripped": (186, 156, 118)}[kind]
            for k in range(int((y1 - y0) * 4)):
                j, i = self.rng.uniform(-0.6, 0.9), self.rng.uniform(-0.6, 0.9)
                j, i = (0, 0) if kind == "dark" else (j, i)
                self.draw.rectangle(self.px(x0 - 0.5 - j, y0 - 0.1 + k / 4, x1 + 0.6 + i, y0 + 0.4 + k / 4), fill)
        return self

    def rn(self, *keys, x, y, h, w, gap=2.5, **kw):  # fields in one row
        low = y
        for k in keys:
            b = self.put(k, x, y, h, w - x, **kw)
            x, low = b[2] + gap, max(low, b[3])
        return low


def duo(c):  # two plies: the second for who receives
    p = Paper(c, 100, 150)
    p.text(4, 3, c["carrier"], 6, True)
    p.text(0, 4, c.get("kind_", "标准快递"), 4, right=96)
    p.line(0, 12, 100, 12)
    p.text(0, 13, c["sort"], 11, True, mid=50)
    p.line(0, 27, 100, 27)
    p.badge(3, 30, "收", 5, c.get("shape", "disc"))
    y = p.person("r", 13, 29, 4.4, 84, c.get("order", "np/a"))
    p.line(0, max(y, 47), 100, max(y, 47))
    y = max(y, 47)
    p.badge(3, y + 2, "寄", 4, c.get("shape", "disc"))
    y = p.person("s", 13, y + 1.5, 3, 84, c.get("order", "np/a"), bold="")
    p.line(0, y + 0.5, 100, y + 0.5)
    p.code(12, y + 3, 76, 13, human=3.6, spaced=True)
    p.line(0, 100, 100, 100, 0.3, 1.5)
    p.text(4, 101.5, f"{c['carrier']}  收件人存根", 3.2)
    p.code(70, 102, 26, 26, "qr", "qr")
    p.person("r", 4, 107, 3.4, 64, c.get("order2", "np/a"), bold="", tag="second")
    p.person("s", 4, 122, 2.8, 62, c.get("order2", "np/a"), bold="", tag="second")
    p.line(4, 132.5, 96, 132.5)
    p.put("goods", 4, 134, 3, 60, prefix="物品：")
    p.put("remark", 4, 139, 3.2, 60, prefix="备注：")
    p.text(0, 140, c.get("ad", "扫码查件 有问必答"), 2.6, right=96)
    p.text(0, 144.5, c.get("date", ""), 2.6, right=96)
    return p.done()


def tall(c):  # 76 x 130, code first, the town upright at the side
    p = Paper(c, 76, 130)
    p.code(6, 4, 64, 13, human=3.4)
    p.line(0, 23, 76, 23, 0.5)
    p.vtext(2, 26, c["sort"], 8, True, lead=1.15)
    p.line(12, 23, 12, 76)
    p.text(14, 24.5, "收件 TO", 2.6)
    y = p.person("r", 14, 28.5, 4.2, 60, c.get("order", "p/n/a"), bold="np")
    y = max(y, 52)
    p.line(12, y, 76, y, 0.2)
    p.text(14, y + 1, "寄件 FROM", 2.6)
    p.person("s", 14, y + 4.8, 2.9, 60, c.get("order", "p/n/a"), bold="")
    p.line(0, 76, 76, 76, 0.5)
    p.code(3, 79, 24, 24, "qr", "qr")
    p.put("goods", 30, 79, 3, 44, prefix="内件 ")
    p.put("remark", 30, 88, 3.2, 44, prefix="嘱咐 ")
    p.rect(30, 98, 73, 106, 0.3)
    p.text(32, 99.5, "签收栏", 3)
    p.text(3, 108, c["carrier"], 5, True)
    p.para(3, 115, c.get("ad", "包裹请当面验视，签字后即视为收妥。"), 2.6, 70)
    p.text(3, 123.5, c.get("date", ""), 2.6)
    return p.done()


def bottom(c):  # receiver lowest, sender above, thick frame
    p = Paper(c, 100, 120)
    p.rect(2, 2, 98, 118, 0.6)
    p.badge(5, 4, c["carrier"], 5, "box")
    p.text(0, 5, c.get("date", ""), 2.8, right=95)
    p.text(5, 14, "◁ 寄出方", 3, True)
    p.person("s", 5, 18.5, 3.1, 88, c.get("order", "n/a/p"), bold="")
    p.line(2, 34, 98, 34, 0.4)
    p.code(8, 37, 62, 12, human=3.2)
    p.code(76, 36, 20, 20, "qr", "qr")
    p.line(2, 57, 98, 57, 0.4)
    p.text(5, 58.5, c["sort"], 9, True)
    p.line(2, 71, 98, 71, 0.6)
    p.text(5, 72.5, "▶ 送达方", 3.4, True)
    p.person("r", 5, 77.5, 4.5, 90, c.get("order", "n/a/p"), bold="np")
    p.put("goods", 5, 104, 3, 44, prefix="货名：")
    p.put("remark", 5, 109.5, 3.2, 88, prefix="留言：")
    return p.done()


def heads(c):  # a table whose headings stand above the fields
    p = Paper(c, 100, 100)
    p.text(4, 2.5, c["carrier"], 5.4, True)
    p.text(0, 3, c["sort"], 5, True, right=96)
    y = 11
    for who, words in (("r", ("收货人", "联系方式", "送货地址")), ("s", ("发货人", "联系方式", "发货地址"))):
        p.rect(3, y, 97, y + 5, fill=(40, 40, 44))
        for x, word in zip((5, 24, 52), words, strict=True):
            p.text(x, y + 0.8, word, 3, True, (250, 250, 250))
        p.rect(3, y, 97, y + 27)
        p.line(22.5, y + 5, 22.5, y + 27)
        p.line(50.5, y + 5, 50.5, y + 27)
        p.put(who + "n", 4.5, y + 7, 3.3, 17)
        p.put(who + "p", 24, y + 7, 2.9, 26)
        p.put(who + "a", 52, y + 7, 3.4, 43.5)
        y += 29
    p.put("goods", 4, 70, 3.2, 60, prefix="品名 ")
    p.put("remark", 4, 75, 3.2, 66, prefix="说明 ")
    p.code(6, 82, 60, 10, human=3)
    p.code(76, 72, 21, 21, "qr", "qr")
    return p.done()


def colon(c):  # a shop's own printer: one field a line, names of fields spaced out
    p = Paper(c, 80, 110)
    p.text(0, 3, c["carrier"], 6, True, mid=40)
    p.line(3, 11.5, 77, 11.5, 0.3, 1)
    y = 13.5
    for key, word in (("rn", "收 件 人："), ("rp", "电    话："), ("ra", "地    址："), ("sn", "寄 件 人："), ("sp", "电    话："), ("sa", "地    址：")):
        if key == "sn":
            y = max(y, 44)
            p.line(3, y, 77, y, 0.3, 1)
            y += 1.5
        y = p.put(key, 4, y, 3.6, 72, prefix=word)[3] + 0.9
    y = max(y, 73)
    p.line(3, y - 1, 77, y - 1, 0.3, 1)
    p.put("goods", 4, y, 3.2, 50, prefix="货    品：")
    p.put("remark", 4, y + 5, 3.2, 72, prefix="附    言：")
    p.code(8, 88, 62, 11, human=3.4)
    p.text(0, 105, c.get("date", ""), 2.6, mid=40)
    return p.done()


def relay(c):  # the sticker of a relay shop: where on the shelf, and little else
    p = Paper(c, 70, 50)
    p.rect(1.5, 1.5, 68.5, 48.5, 0.4, round_=3)
    p.text(0, 3, c["sort"], 11, True, mid=35)
    p.line(1.5, 17, 68.5, 17)
    p.rn("rn", "rp", x=4, y=18.5, h=4.6, w=67)
    p.put("ra", 4, 25, 3, 62)
    p.put("remark", 4, 33, 3, 62)
    p.code(5, 37.5, 52, 6, human=2.6)
    p.text(0, 33, c["carrier"], 2.8, right=67)
    return p.done()


def group(c):  # group buying: bag sticker
    p = Paper(c, 80, 60, c.get("paper", (252, 252, 250)))
    p.rect(0, 0, 80, 10, fill=(30, 30, 34))
    p.text(3, 1.8, c["carrier"], 5, True, (250, 250, 250))
    p.text(0, 2.2, c.get("date", ""), 3, ink=(250, 250, 250), right=77)
    p.text(3, 11.5, c["sort"], 9, True)
    y = p.rn("rn", "rp", x=4, y=23.5, h=4.4, w=78, bold=True)
    y = p.put("ra", 4, y + 0.5, 3.6, 74)[3]
    p.line(3, 41, 77, 41, 0.3, 1)
    p.put("goods", 4, 42, 3.2, 54)
    p.put("remark", 4, 47, 3.2, 54, prefix="注：")
    p.text(4, 54, c.get("ad", "团长驿点自取 当日有效"), 2.8)
    p.code(60, 42, 16, 16, "qr", "qr")
    return p.done()


def returns(c):  # put into the parcel by the seller for sending back
    p = Paper(c, 100, 110)
    p.text(0, 3, "退 换 货 登 记 卡", 6, True, mid=50)
    p.text(4, 12, c["carrier"], 3.6)
    p.text(0, 12, c.get("date", ""), 3, right=96)
    rows = (("买家", "sn"), ("手机", "sp"), ("住址", "sa"), ("退至", "rn"), ("电话", "rp"), ("库址", "ra"), ("商品", "goods"), ("原因", "remark"))
    y = 18
    for word, key in rows:
        h = 12.5 if key in ("sa", "ra", "remark") else 6.6
        p.rect(4, y, 96, y + h)
        p.line(19, y, 19, y + h)
        p.text(6, y + 1, word, 3.8, True)
        p.put(key, 21, y + 1, 3.6, 73)
        y += h
    p.code(14, y + 2, 70, 9, human=3)
    return p.done()


def freight(c):  # landscape, ruled like a consignment note
    p = Paper(c, 130, 90)
    p.text(4, 3, c["carrier"], 6.4, True)
    p.text(0, 4, "运单 " + c["no"], 4, right=126)
    p.rect(3, 12, 127, 86, 0.4)
    p.line(65, 12, 65, 50)
    for y in (18, 50, 60, 70):
        p.line(3, y, 127, y)
    for who, x, word in (("s", 5, "托 运 方"), ("r", 67, "收 货 方")):
        p.text(0, 13, word, 3.6, True, mid=x + 28)
        p.person(who, x, 20, 3.8, 58, "n/p/a", labels=("单位/姓名：", "电话：", "地址："))
    for i, (word, val) in enumerate((("件数", c.get("pieces", "3件 (3-2)")), ("重量", "47.5kg"), ("体积", "0.36方"), ("到站", c["sort"]), ("付款", "月结"))):
        p.text(5 + i * 24.5, 51, word, 2.8)
        p.text(5 + i * 24.5, 54.5, val, 4, True)
    p.put("goods", 5, 61, 3.6, 110, prefix="货物名称：")
    p.put("remark", 5, 65.5, 3.4, 118, prefix="备注：")
    p.code(8, 72, 84, 9, human=3)
    p.text(0, 74, "客户签章", 3.4, right=124)
    return p.done()


def receipt(c):  # 58 mm roll, same-day shop
    p = Paper(c, 58, 112)
    p.text(0, 3, c["sort"], 7, True, mid=29)
    p.text(0, 12, c["carrier"], 4, True, mid=29)
    p.text(3, 18, c.get("date", ""), 2.7)
    p.line(2, 22.5, 56, 22.5, 0.3, 0.8)
    p.put("remark", 3, 24, 4, 52, bold=True, prefix="备注 ")
    p.line(2, 34, 56, 34, 0.3, 0.8)
    for i, row in enumerate(c["items"]):
        p.text(3, 36 + i * 4.6, row[0], 3.1)
        p.text(0, 36 + i * 4.6, row[1], 3.1, right=55)
    p.line(2, 60, 56, 60, 0.3, 0.8)
    y = p.put("ra", 3, 62, 4, 52, bold=True)[3]
    y = p.put("rn", 3, y + 0.6, 4.2, 52)[3]
    y = p.put("rp", 3, y + 0.6, 4, 52)[3]
    p.para(3, y + 1, c.get("ad", ""), 2.7, 52)
    p.code(4, 100, 50, 6.5, human=2.8)
    return p.done()


def side(c):  # the code stands upright at the right edge
    p = Paper(c, 100, 90)
    p.code(83, 5, 12, 66, turn=90)
    p.line(79, 0, 79, 90)
    p.text(3, 2, c["sort"], 9, True)
    p.line(0, 15, 79, 15)
    p.badge(3, 17, "收件", 3.6, "box")
    p.person("r", 3, 23, 4.2, 74, c.get("order", "a/np"), bold="p")
    p.line(0, 48, 79, 48)
    p.badge(3, 49.5, "寄件", 3, "ring" if c.get("shape") == "ring" else "box")
    p.person("s", 14, 49.5, 3, 63, c.get("order", "a/np"), bold="")
    p.line(0, 68, 79, 68)
    p.put("goods", 3, 69.5, 3, 70)
    p.put("remark", 3, 74, 3.2, 74)
    p.text(3, 83, c["carrier"], 4.4, True)
    p.text(0, 84, c.get("date", ""), 2.6, right=77)
    p.text(0, 76, "单号", 2.8, mid=90)
    p.text(0, 80, c["no"][-6:], 3, True, mid=90)
    return p.done()


def token(c):  # phone and name run together, one line each side
    p = Paper(c, 76, 80)
    p.text(3, 2, c["carrier"], 4.4, True)
    p.text(0, 8, c["sort"], 10, True, mid=38)
    p.line(0, 21.5, 76, 21.5, 0.5)
    for who, y, h in (("r", 23, 4), ("s", 43, 3)):
        first, second = c.get("order", "pn")
        x = p.put(who + first, 4, y, h, 72, bold=who == "r", prefix="收 " if who == "r" else "寄 ")[2] + 0.4
        p.put(who + second, x, y, h, 72, bold=who == "r")
        p.put(who + "a", 4, y + h * 1.35, h * 0.92, 69)
    p.line(0, 42, 76, 42)
    p.line(0, 56, 76, 56)
    p.put("goods", 4, 57, 2.8, 68)
    p.put("remark", 4, 60.8, 2.8, 68)
    p.code(6, 65.5, 64, 8.5, human=3)
    return p.done()


def slip(c):  # filled in by pen on a printed form
    p = Paper(c, 110, 80, (250, 244, 226))
    p.text(0, 3, c["carrier"], 5.5, True, mid=55, ink=(150, 30, 36))
    red, p.ink = p.ink, (150, 30, 36)
    for i, (word, key) in enumerate((("收件人", "rn"), ("电 话", "rp"), ("地 址", "ra"), ("寄件人", "sn"), ("电 话", "sp"), ("寄 自", "sa"))):
        y = 14 + i * 9
        p.text(4, y, word, 3.8)
        p.line(18, y + 6, 106, y + 6, 0.2)
        text = p.value(key)
        p.pen(20, y - 1.2, text, 4.8 if len(text) < 18 else 4.1, c.get("ink", (28, 40, 120)), {"n": "name", "p": "phone", "a": "address"}[key[1]], {"r": "receiver", "s": "sender"}[key[0]])
    p.ink = red
    p.code(6, 69, 62, 6, human=2.8)
    p.put("remark", 72, 70, 3.2, 36)
    return p.done()


def letter(c):  # registered letter or book parcel: postcode boxes, sender at the foot on the right
    p = Paper(c, 140, 90, c.get("paper", (238, 226, 198)))
    for i, d in enumerate(c["post"]):
        p.rect(6 + i * 8, 6, 12.5 + i * 8, 13, 0.3)
        p.text(0, 6.8, d, 4.6, mid=9.3 + i * 8)
    p.rect(112, 5, 134, 27, 0.3)
    p.text(0, 13, c["carrier"], 3.4, mid=123)
    y = p.put("ra", 14, 19, 5.2, c.get("wide", 86), lead=1.3)[3]
    y = p.put("rn", 40, y + 2.5, 6, 60, bold=True)[3]
    p.put("rp", 40, y + 1, 4, 60)
    p.put("remark", 6, 66, 3.2, 60)
    for k, yy in (("sa", 66), ("sn", 71), ("sp", 76)):
        p.put(k, 72, yy, 3.4, 64)
    p.text(72, 81.5, "邮政编码 " + c["post2"], 3.2)
    p.code(6, 73, 56, 8, human=3)
    return p.done()


def round_(c):  # milk, water, laundry: a subscription's sticker, phone first
    p = Paper(c, 90, 60, c.get("paper", (226, 240, 250)))
    p.rect(1.5, 1.5, 88.5, 58.5, 0.5, round_=4)
    p.text(5, 3.5, c["carrier"], 5.4, True)
    p.text(0, 4, c["sort"], 4.6, True, right=85)
    p.line(4, 11.5, 86, 11.5)
    y = 13
    for k, word in (("rp", "☎ "), ("rn", "客户 "), ("ra", "送至 ")):
        y = p.put(k, 5, y, 4.2, 80, prefix=word)[3] + 1
    p.line(4, 40, 86, 40)
    p.put("goods", 5, 41, 3.4, 50)
    p.put("remark", 5, 46, 3.4, 56)
    p.code(66, 41, 16, 16, "qr", "qr")
    p.text(5, 52, c.get("ad", ""), 2.8)
    return p.done()


def notice(c):  # no label at all
    p = Paper(c, 100, 130, (248, 244, 214))
    y = 8
    for i, row in enumerate(c["lines"]):
        b = p.para(8, y, row, 7 if i == 0 else 4.4, 84, bold=i == 0, lead=1.35)
        y = b[3] + 3
    return p.done()


LAYOUTS = {f.__name__: f for f in (duo, tall, bottom, heads, colon, relay, group, returns, freight, receipt, side, token, slip, letter, round_, notice)}
