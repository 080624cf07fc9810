"""Fourteen layouts of carriers that do not exist, and two pictures of other things. Each takes a case and gives a Label."""

from kit import FIELDS, PARTIES, Label

TEAL, PLUM, BRICK, NAVY, MOSS = (8, 104, 112), (112, 30, 96), (176, 52, 30), (20, 44, 120), (52, 98, 40)
WHITE = (252, 252, 250)
LAYOUTS = {}


def layout(make):
    def made(case):
        L = make(case)
        finish(L)
        return L

    LAYOUTS[make.__name__] = made
    return made


def find(L, key):
    f, p = (FIELDS[key[1]], PARTIES[key[0]]) if len(key) == 2 else (key, "")
    return next(box for field, party, _, box in L.fields if (field, party) == (f, p))


def finish(L):
    """What hands did to the label after printing."""
    c = L.case
    for key, a, b, ink in c.get("cover", ()):  # an opaque strip over a part of a one-line field
        x0, y0, x1, y1 = find(L, key)
        L.draw.rectangle(L.px(x0 + (x1 - x0) * a, y0 - 0.3, x0 + (x1 - x0) * b, y1 + 0.2), ink)
    if "felt" in c:
        L.felt(*find(L, c["felt"]))
    x, y = getattr(L, "free", (40, L.h - 24))
    if "stamp" in c:
        L.stamp(x, y, c["stamp"], 3.4)
    if "pen" in c:
        L.pen(*c.get("pen_at", (x, y)), c["pen"], c.get("pen_h", 4.6), c.get("pen_ink", (24, 44, 140)))
    if "sign" in c:
        L.pen(*c.get("pen_at", (x, y)), c["sign"], c.get("pen_h", 5), (16, 16, 20), "name", "receiver")


def accent(L, colour):
    return colour if L.case["dots"] > 8 else L.ink


def notes(L, x, y, h, maxw, goods="物品：", remark="备注：", lead=0.7, bold=False):
    """Goods, remark and small print that is no field."""
    y = L.put("goods", x, y, h, maxw, prefix=goods)[3] + lead if L.case["goods"] else y
    if L.case.get("remark"):
        y = L.put("remark", x, y, h * 1.05, maxw, bold=bold, prefix=remark)[3] + lead
    for line in L.case.get("extra", ()):
        y = L.para(x, y, line, h * 0.92, maxw)[3] + 0.3
    return y


@layout
def firefly(c):
    """萤火速递, 76 x 130: bar code first, big receiver, sender on one ruled foot."""
    L = Label(c, 76, 130)
    L.code(6, 2.5, 64, 11, human=3, spaced=True)
    L.line(0, 19, 76, 19, 0.5)
    L.text(2.5, 19.6, c["route"], 8.6, True, cond=0.86)
    L.text(0, 20.4, c["hub"], 3.6, True, right=74)
    L.text(0, 25, "萤火速递", 3, right=74)
    L.line(0, 31, 76, 31, 0.5)
    L.badge(2.5, 33, c["tags"][0], 4.2, "box")
    x = 5.6 + max(L.width(c["tags"][0], 4.2, True, 1.0), 4.2)
    y = max(L.person("r", x, 32.6, 4.4, 73 - x, c.get("order", "np/a"), c.get("strong", "np"), 4), 54)
    L.line(0, y, 76, y, 0.25)
    L.badge(2.5, y + 1.8, c["tags"][1], 2.8, "box")
    y = max(L.person("s", x, y + 1.4, 2.9, 73 - x, "np/a", ""), y + 13)
    L.line(0, y, 76, y, 0.5)
    L.code(53, y + 2, 20, 20, "qr", "qr")
    yy = notes(L, 2.5, y + 1.8, 2.7, 48)
    y = max(y + 25, yy + 1)
    L.line(0, y, 76, y, dash=1)
    L.text(2.5, y + 1, "收件人签字：", 2.7)
    L.free = 22, y + 0.4
    L.text(2.5, 125.6, "打印时间：" + c["date"] + " 09:1" + str(L.rng.randrange(9)), 2.3)
    return L


@layout
def pomegranate(c):
    """石榴快运, 100 x 100: sender and receiver side by side."""
    L = Label(c, 100, 100)
    L.draw.rectangle(L.px(0, 0, 100, 9), accent(L, BRICK))
    L.text(3, 1.2, "石榴快运", 5.4, True, WHITE, cond=1)
    L.text(0, 1.8, c["hub"], 4.6, True, WHITE, right=97, cond=1)
    L.text(0, 9.6, c["route"], 10.5, True, cond=0.9, mid=50)
    L.line(0, 22, 100, 22, 0.3)
    L.line(58, 22, 58, 60, 0.3)
    L.text(2.5, 22.8, c["tags"][0], 3, True)
    y1 = L.person("r", 2.5, 27, 3.9, 54, c.get("order", "n/p/a"), c.get("strong", "np"))
    L.text(60, 22.8, c["tags"][1], 2.6, True)
    y2 = L.person("s", 60, 27, 2.9, 38, "n/p/a", "")
    y = max(y1, y2, 60)
    L.line(58, 60, 58, y, 0.3)
    L.line(0, y, 100, y, 0.3)
    L.code(4, y + 2, 62, 11, human=3)
    L.code(76, y + 2, 21, 21, "qr", "qr")
    y = notes(L, 3, y + 18.2, 2.6, 70, "内件 ", "留言 ")
    L.free = 66, 80
    L.text(0, 96.4, "打印 " + c["date"], 2.3, right=97)
    return L


@layout
def bridge(c):
    """千桥物流, 100 x 150: a table of cells, each with its caption."""
    L = Label(c, 100, 150)
    L.rect(2, 2, 98, 148, 0.5)
    L.text(5, 3.4, "千桥物流", 6, True, accent(L, NAVY), cond=1)
    L.text(0, 4.4, "零担 · 快件", 3.4, right=95)
    L.line(2, 11.5, 98, 11.5, 0.3)
    L.text(5, 12, c["route"], 10, True, cond=0.95)
    L.text(0, 14.4, c["hub"], 5, True, right=95)
    y = 25
    for who, h, tag in (("r", 4.1, c["tags"][0]), ("s", 3.1, c["tags"][1])):
        top = y
        L.line(2, y, 98, y, 0.3)
        L.text(12.4, y + 1, "姓名", 2.3)
        a = L.put(who + "n", 12.4, y + 3.6, h, 32, bold=who == "r")[3]
        L.text(47, y + 1, "电话", 2.3)
        b = L.put(who + "p", 47, y + 3.6, h, 49, bold=who == "r")[3]
        L.line(45.5, y, 45.5, max(a, b) + 0.8, 0.25)
        y = max(a, b) + 0.8
        L.line(11, y, 98, y, 0.25)
        L.text(12.4, y + 0.8, "地址", 2.3)
        y = max(L.put(who + "a", 12.4, y + 3.4, h, 84)[3] + 1, y + 14)
        L.line(11, top, 11, y, 0.25)
        L.vtext(4.6, top + 4, tag, 3.8, True)
    L.line(2, y, 98, y, 0.3)
    y = notes(L, 5, y + 1.4, 3, 88, "品名 ", "备注 ") + 1
    L.line(2, y, 98, y, 0.3)
    L.code(8, y + 2.4, 60, 14, human=3.4)
    L.code(73, y + 2, 22, 22, "qr", "qr")
    L.free = 10, y + 25
    L.text(5, 142.6, "签收：", 3)
    L.text(0, 143.2, "制单 " + c["date"], 2.6, right=95)
    return L


@layout
def ferry(c):
    """渡口同城, a till roll of 58 x 120, captions with colons, no rulings."""
    L = Label(c, 58, 120)
    L.text(0, 2, "渡口同城", 5.6, True, mid=29, cond=1)
    L.text(0, 9, c["hub"] + " 第" + str(L.rng.randrange(3, 90)) + "单", 3.2, mid=29)
    L.line(2, 14, 56, 14, dash=1)
    y = L.person("r", 2.5, 15, 3.4, 53, "n/p/a", c.get("strong", "a"), labels=(c["tags"][0] + "：", "电话：", "地址："))
    L.line(2, y + 0.4, 56, y + 0.4, dash=1)
    y = L.person("s", 2.5, y + 1.4, 2.8, 53, "n/p/a", "", labels=(c["tags"][1] + "：", "电话：", "地址："))
    L.line(2, y + 0.4, 56, y + 0.4, dash=1)
    y = notes(L, 2.5, y + 1.6, 2.9, 53, "商品：", "备注：", bold=True) + 1
    y = L.code(5, y, 48, 9, human=2.6)[3] + 4.6
    L.code(20, y, 18, 18, "qr", "qr")
    L.free = 4, y + 19
    L.text(0, 116, "打印 " + c["date"] + " 18:0" + str(L.rng.randrange(9)), 2.3, mid=29)
    return L


@layout
def wheat(c):
    """麦浪冷运, 100 x 130: the sender above, the receiver below and larger."""
    L = Label(c, 100, 130)
    L.text(3, 2, "麦浪冷运 ❄".replace("❄", "COLD"), 5, True, accent(L, TEAL))
    L.text(0, 2.6, "0~4℃ 生鲜优先", 3.6, True, right=97)
    L.line(2, 9, 98, 9, 0.6)
    L.text(3.5, 10.4, c["tags"][1], 3, True)
    x = 6 + L.width(c["tags"][0], 4.2, True)
    y = max(L.person("s", x, 10.2, 3, 96 - x, "np/a", ""), 21)
    L.line(2, y, 98, y, 0.6)
    L.text(3.5, y + 1.4, c["tags"][0], 4.2, True)
    y = max(L.person("r", x, y + 1.2, 4.6, 96 - x, c.get("order", "a/np"), c.get("strong", "np"), 4.2), y + 20)
    L.line(2, y, 98, y, 0.6)
    L.text(0, y + 0.2, c["route"] + "  " + c["hub"], 7.6, True, cond=0.85, mid=50)
    y += 10
    L.line(2, y, 98, y, 0.6)
    L.code(5, y + 2, 24, 24, "qr", "qr")
    yy = notes(L, 33, y + 1.8, 3, 62, "货品 ", "备注 ")
    y = max(y + 28, yy + 1)
    L.code(12, y, 76, 12, human=3.4, spaced=True)
    L.free = 60, y - 16
    L.text(0, 126, "打印时间 " + c["date"], 2.4, right=97)
    return L


@layout
def camel(c):
    """驼铃速运, 100 x 180: a delivery ply and a customer's ply below the tear."""
    L = Label(c, 100, 180)
    L.text(3, 2.5, "驼铃速运", 6.4, True, cond=1)
    L.code(40, 3, 56, 9, human=2.8)
    L.line(2, 17, 98, 17, 0.4)
    L.text(0, 17, c["route"], 13, True, cond=0.95, mid=50)
    L.line(2, 32.5, 98, 32.5, 0.4)
    L.badge(4, 34.4, c["tags"][0], 4.6, "disc" if len(c["tags"][0]) == 1 else "box")
    x = 8 + max(4.6, L.width(c["tags"][0], 4.6, True, 1.0))
    y = max(L.person("r", x, 34, 4.5, 95 - x, c.get("order", "np/a"), c.get("strong", "np"), 4.2), 55)
    L.line(2, y, 98, y, 0.4)
    L.badge(4, y + 1.6, c["tags"][1], 3.4, "disc" if len(c["tags"][1]) == 1 else "box")
    y = max(L.person("s", x, y + 1.4, 3.1, 95 - x, "np/a", ""), y + 12)
    L.line(2, y, 98, y, 0.4)
    L.text(4, y + 1, "集包地 " + c["hub"], 4, True)
    L.code(72, y + 1.5, 24, 24, "qr", "qr")
    L.text(4, y + 7, "您对此单的签收代表已验收包裹", 2.4)
    L.text(4, y + 12, "签收人/时间", 2.8)
    L.free = 24, y + 10.5
    y += 27
    L.line(2, y, 98, y, dash=1.6)
    L.text(4, y + 1.5, "客户联", 3.2, True)
    L.code(30, y + 2, 56, 8, human=2.6)
    y += 15.5
    L.text(4, y, c["tags"][0], 2.8, True)
    x = 6 + L.width(c["tags"][0], 2.8, True)
    y = L.person("r", x, y, 3, 95 - x, "np/a", "", tag="second")
    L.text(4, y + 0.5, c["tags"][1], 2.8, True)
    y = L.person("s", x, y + 0.5, 2.9, 95 - x, "np/a", "", tag="second")
    L.line(2, y + 0.6, 98, y + 0.6, 0.25)
    notes(L, 4, y + 1.8, 3, 90, "内件：", "备注：")
    L.text(0, 175.6, "打印 " + c["date"], 2.5, right=96)
    return L


@layout
def fold(c):
    """折耳快递, 76 x 130: the receiver white on black."""
    L = Label(c, 76, 130)
    L.text(3, 2, "折耳快递", 5, True, cond=1)
    L.text(0, 3, c["hub"], 3.6, True, right=73)
    L.text(0, 8, c["route"], 10, True, cond=0.88, mid=38)
    dark, top = L.ink, 21
    probe = Label(c, 76, 130)
    low = max(probe.person("r", 12, top + 2, 4.3, 61, c.get("order", "np/a"), "npa"), top + 20) + 1
    L.draw.rectangle(L.px(0, top, 76, low), dark)
    L.ink = WHITE
    L.vtext(3.6, top + 3, c["tags"][0], 4.6, True)
    L.person("r", 12, top + 2, 4.3, 61, c.get("order", "np/a"), "npa")
    L.ink = dark
    L.vtext(4.2, low + 1.6, c["tags"][1], 3)
    y = max(L.person("s", 12, low + 1.6, 2.9, 61, "np/a", ""), low + 12)
    L.line(2, y, 74, y, 0.3)
    L.code(7, y + 2, 62, 13, human=3.2)
    y += 21
    L.line(2, y, 74, y, 0.3)
    L.code(3, y + 2, 20, 20, "qr", "qr")
    yy = notes(L, 26, y + 1.6, 2.7, 47, "托寄 ", "备注 ")
    L.free = 30, max(yy + 1, 106)
    L.text(0, 125.6, "打印 " + c["date"], 2.3, right=73)
    return L


@layout
def cape(c):
    """海岬国际, 100 x 150: two languages, captions small above each value."""
    L = Label(c, 100, 150)
    L.text(4, 2.6, "海岬国际 CAPE PARCEL", 5, True, accent(L, NAVY), cond=0.92)
    L.line(3, 9.6, 97, 9.6, 0.7)
    L.code(4, 11.4, 66, 13, human=3)
    L.text(0, 12, c["route"].split()[0], 6.4, True, right=96, cond=0.8)
    L.text(0, 20, c["hub"], 3.6, right=96)
    L.line(3, 30, 97, 30, 0.3)
    L.text(4, 30.8, "FROM 寄件方", 2.4)
    y = max(L.person("s", 4, 33.8, 3.1, 90, "n/p/a", "n"), 46)
    L.line(3, y, 97, y, 0.3)
    L.text(4, y + 0.8, "SHIP TO 收件方", 2.8, True)
    y = max(L.person("r", 4, y + 4.6, 4.4, 90, c.get("order", "n/a/p"), c.get("strong", "na")), y + 28)
    L.line(3, y, 97, y, 0.7)
    L.text(4, y + 1, "CONTENTS / REMARK", 2.4)
    yy = notes(L, 4, y + 4.4, 3, 62, "品名 ", "备注 ")
    L.code(72, y + 2, 24, 24, "qr", "qr")
    y = max(y + 28, yy + 1)
    L.line(3, y, 97, y, 0.3)
    L.text(4, y + 1.4, "Wt 1.24 kg   Pcs 1/1   Print " + c["date"], 2.8)
    L.free = 8, y + 7
    return L


@layout
def slate(c):
    """青石板乡递, 90 x 110: village post, wide margins, dashed rulings, boxes for the postcode."""
    L = Label(c, 90, 110, (250, 247, 238))
    for i, ch in enumerate(c.get("post", "000000")):
        L.rect(5 + i * 7, 3.5, 11 + i * 7, 10.5, 0.3)
        L.text(0, 3.8, ch, 5, mid=8 + i * 7)
    L.text(0, 3.8, "青石板乡递", 5, True, accent(L, MOSS), right=86)
    L.line(4, 13, 86, 13, dash=0.8)
    y = max(L.person("r", 6, 14.5, 4.2, 78, c.get("order", "a/np"), c.get("strong", "n"), labels=(c["tags"][0] + " ", "", "")), 36)
    L.line(4, y, 86, y, dash=0.8)
    y = max(L.person("s", 24, y + 1.6, 3.2, 60, "a/np", "", labels=(c["tags"][1] + " ", "", "")), y + 14)
    L.line(4, y, 86, y, dash=0.8)
    L.text(6, y + 1, c["route"] + "  " + c["hub"], 5, True, cond=0.9)
    y += 8.5
    L.code(6, y, 54, 10, human=2.8)
    L.code(65, y, 20, 20, "qr", "qr")
    y = notes(L, 6, y + 15.4, 2.8, 56, "内件 ", "附言 ")
    L.free = 60, y - 4
    L.text(6, 105.4, "打印 " + c["date"], 2.4)
    return L


@layout
def anvil(c):
    """铁砧重货, 150 x 100 lying: left the people, right the codes."""
    L = Label(c, 150, 100)
    L.draw.rectangle(L.px(0, 0, 150, 11), accent(L, MOSS))
    L.text(4, 1.6, "铁砧重货 ANVIL FREIGHT", 6, True, WHITE, cond=0.95)
    L.text(0, 2.6, "第1件 / 共" + str(L.rng.randrange(1, 9)) + "件", 4.4, True, WHITE, right=146, cond=1)
    L.text(4, 12, c["route"], 12, True, cond=0.95)
    L.text(0, 15, c["hub"], 6.4, True, right=94)
    L.line(0, 27, 96, 27, 0.4)
    L.line(96, 11, 96, 100, 0.4)
    lab = (c["tags"][0] + "：", "电话：", "地址：")
    y = max(L.person("r", 4, 28.4, 4.6, 90, c.get("order", "np/a"), c.get("strong", "np"), labels=lab), 52)
    L.line(0, y, 96, y, 0.4)
    y = max(L.person("s", 4, y + 1.4, 3.4, 90, "np/a", "", labels=(c["tags"][1] + "：", "电话：", "地址：")), y + 16)
    L.line(0, y, 96, y, 0.4)
    notes(L, 4, y + 1.4, 3.2, 90, "货名 ", "备注 ")
    L.free = 104, 84
    L.code(100, 15, 46, 20, human=3)
    L.code(108, 44, 32, 32, "qr", "qr")
    L.text(0, 94.6, "打印 " + c["date"], 2.8, right=146)
    return L


@layout
def papaya(c):
    """木瓜团, 60 x 80: a community buying group's bag sticker."""
    L = Label(c, 60, 80)
    L.rect(1, 1, 59, 79, 0.5, round_=2.5)
    L.text(3, 2.4, "木瓜团", 4.6, True, accent(L, BRICK), cond=1)
    L.text(0, 2, c["route"].replace(" ", ""), 7, True, right=57, cond=0.85)
    L.line(1, 11, 59, 11, 0.3)
    y = max(L.person("r", 3, 12, 3.7, 54, c.get("order", "np/a"), c.get("strong", "np"), 3.2), 27)
    L.line(3, y, 57, y, dash=0.8)
    y = max(L.person("s", 3, y + 1, 2.6, 54, "np/a", "", labels=(c["tags"][1] + " ", "", "")), y + 6)
    L.line(1, y, 59, y, 0.3)
    y = notes(L, 3, y + 1, 2.6, 54, "团品 ", "备注 ", lead=0.5)
    y = max(y, 52)
    L.code(5, y + 1, 34, 9, human=2)
    L.code(40, y + 0.6, 17, 17, "qr", "qr")
    L.free = 6, 64
    L.text(3, 75.4, c["hub"] + "  打印 " + c["date"], 2.1)
    return L


@layout
def echo(c):
    """回声逆向, 100 x 120: returns; who sends stands first."""
    L = Label(c, 100, 120)
    L.rect(1.5, 1.5, 98.5, 118.5, 0.6)
    L.text(0, 3, "◀ 退 货 单 ▶", 6.4, True, mid=50, cond=1)
    L.text(0, 11, "回声逆向物流  " + c["hub"], 3.2, mid=50)
    L.line(1.5, 16, 98.5, 16, 0.4)
    y = max(L.person("s", 5, 17.4, 3.7, 90, "np/a", "n", labels=(c["tags"][1] + "：", "电话：", "地址：")), 33)
    L.line(1.5, y, 98.5, y, 0.4)
    y = max(L.person("r", 5, y + 1.6, 4.3, 90, c.get("order", "np/a"), "np", labels=(c["tags"][0] + "：", "电话：", "地址：")), y + 19)
    L.line(1.5, y, 98.5, y, 0.4)
    L.code(6, y + 2.4, 60, 13, human=3.2)
    L.code(73, y + 2.4, 22, 22, "qr", "qr")
    y = notes(L, 5, y + 21, 3, 64, "退回：", "原因：")
    L.free = 62, y - 2
    L.text(5, 113.6, c["route"] + "    打印 " + c["date"], 2.7)
    return L


@layout
def gingko(c):
    """银杏文件, 150 x 95: a pre-printed envelope form in colour, filled in by pen."""
    L = Label(c, 150, 95, (250, 251, 247))
    form, black = (30, 120, 70), L.ink
    L.ink = form
    L.text(4, 2.4, "银杏文件快递", 6, True, cond=1)
    L.text(0, 4, "请用力填写  Please press hard", 2.8, right=100)
    L.ink = black
    L.code(104, 3, 42, 9, human=2.8)
    L.ink = form
    y = 18
    pen = c.get("pen_ink", (24, 40, 120))
    for who, tag in (("s", c["tags"][1]), ("r", c["tags"][0])):
        L.line(3, y, 147, y, 0.3)
        L.vtext(4.4, y + 6, tag, 4, True)
        L.text(12, y + 1, "姓名", 2.6)
        L.text(62, y + 1, "电话", 2.6)
        L.text(12, y + 11.5, "地址", 2.6)
        for key, x, yy, n, h in (("n", 19, y + 0.8, 12, 5.2), ("p", 69, y + 0.8, 24, 5.2), ("a", 19, y + 9.6, 25, 4.5)):
            text = c[who + key]
            if text is None:
                continue
            bare, box = text.lstrip("!"), None
            for i in range(0, len(bare), n):
                b = L.pen(x, yy, bare[i : i + n], h, pen, field="")
                box = b if box is None else [min(box[0], b[0]), box[1], max(box[2], b[2]), b[3]]
                yy += h * 1.35
            L.mark(FIELDS[key], PARTIES[who], "fail" if text[0] == "!" else "pass", box)
        y += 26
    L.line(3, y, 147, y, 0.3)
    L.ink = black
    notes(L, 6, y + 1.4, 3, 84, "内件 ", "备注 ")
    L.code(126, y + 1.4, 20, 20, "qr", "qr")
    L.text(0, 89.6, "收寄 " + c["date"] + "  " + c["hub"], 2.8, right=122)
    L.free = 92, y + 2
    return L


@layout
def nightboat(c):
    """夜航件, 80 x 120: bar code upright at the left edge, address at the foot, small type."""
    L = Label(c, 80, 120)
    L.code(3, 4, 9, 62, turn=90)
    L.text(16, 3, "夜航件", 5, True, accent(L, PLUM), cond=1)
    L.text(0, 4, c["no"], 2.8, right=78)
    L.text(16, 10, c["route"], 9, True, cond=0.85)
    L.text(16, 21, c["hub"], 4, True)
    L.line(15, 27, 78, 27, 0.3)
    y = notes(L, 16, 28, 2.5, 60, "内件 ", "备注 ")
    y = max(y + 0.5, 40)
    L.line(15, y, 78, y, 0.3)
    y = max(L.person("s", 16, y + 1, 2.6, 61, "np/a", "", labels=(c["tags"][1] + " ", "", "")), y + 10)
    L.line(15, y, 78, y, 0.3)
    y = max(y + 1, 68)
    L.line(2, y, 78, y, 0.6)
    L.text(4, y + 1, c["tags"][0], 3, True)
    x = 6.5 + L.width(c["tags"][0], 3, True)
    y = L.person("r", x, y + 1, 3.3, 76 - x, c.get("order", "np/a"), c.get("strong", "n"))
    y = max(y + 1, 90)
    L.line(2, y, 78, y, 0.6)
    L.code(56, y + 2, 20, 20, "qr", "qr")
    L.text(4, y + 2, "签名：", 2.6)
    L.free = 13, y + 3
    L.text(4, 115, "打印 " + c["date"], 2.3)
    return L


@layout
def carton(c):
    """No label: what is printed on a box of soap."""
    L = Label(c, 100, 70, (246, 240, 226))
    L.rect(2, 2, 98, 68, 0.6)
    L.text(0, 5, c["heading"], 8, True, mid=50)
    y = 18
    for line in c["extra"]:
        y = L.para(6, y, line, 3.4, 86)[3] + 0.8
    L.code(58, 52, 36, 9, human=2.6, number="6900000412377")
    L.fields.clear()
    return L
