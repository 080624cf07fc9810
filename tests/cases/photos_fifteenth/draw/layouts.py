"""Thirteen layouts of carriers that do not exist, and a sheet that is no label. Each takes a case and gives a Label."""

from kit import Label

TEAL, WINE, NAVY, AMBER = (8, 96, 104), (140, 26, 54), (26, 44, 112), (206, 120, 12)
WHITE = (252, 252, 250)


def hue(L, colour):
    return colour if L.case["dots"] > 8 else L.ink


def extras(L, x, y, h, maxw):
    for line in L.case.get("extra", ()):
        y = L.para(x, y, line, h, maxw)[3] + 0.3
    return y


def below(L, x, y, h, w, goods="物品：", remark="备注：", strong=False):
    y = L.put("goods", x, y, h, w, prefix=goods)[3] + 0.7 if "goods" in L.case else y
    if "remark" in L.case:
        y = L.put("remark", x, y, h * 1.12, w, strong, prefix=remark)[3] + 0.7
    return extras(L, x, y, h * 0.9, w)


def marks(L, x, y):
    if "stamp" in L.case:
        L.stamp(x, y, L.case["stamp"], 3.4)
    if "pen" in L.case:
        L.pen(x, y, L.case["pen"], L.case.get("pen_h", 4.4))


def qiyun(case):
    """栖云速递: 76 x 130, code on top, route in a black band, receiver, sender, foot with a QR."""
    L = Label(case, 76, 130)
    L.text(3, 2, "栖云速递", 4.6, True, cond=1)
    L.text(0, 2.8, "电商件", 3, right=73)
    L.code(6, 9, 62, 11, human=3)
    L.draw.rectangle(L.px(0, 25.5, 76, 36.5), L.ink)
    L.text(0, 25.8, case["route"], 9, True, WHITE, cond=0.9, mid=38)
    L.text(3, 37.4, case["hub"] + "中转", 3.8, True)
    L.text(0, 37.8, case["date"], 2.8, right=73)
    L.line(2, 43.5, 74, 43.5)
    L.badge(3, 45.5, case["tags"][0], 4.4, "box")
    y = max(L.person("r", (12, 16, 19)[len(case["tags"][0]) - 1], 45, 4.1, 55, "np/a", "np"), 63)
    L.line(2, y, 74, y, dash=1.2)
    L.badge(3, y + 2, case["tags"][1], 3.2, "box")
    y = max(L.person("s", (12, 16, 19)[len(case["tags"][0]) - 1], y + 1.4, 2.9, 55, "np/a", ""), y + 10)
    L.line(2, y, 74, y)
    L.code(52, y + 2, 21, 21, "qr", "qr")
    yy = below(L, 3, y + 1.6, 2.8, 47)
    marks(L, 6, max(yy + 1, y + 12))
    L.line(2, 121, 74, 121)
    L.text(3, 122, "已安检　请当面验收　" + case["date"], 2.4)
    return L


def hemu(case):
    """禾木快运: 100 x 150, two plies, grid with upright tags."""
    L = Label(case, 100, 150)
    c = hue(L, TEAL)
    L.text(4, 2.2, "禾木快运", 6, True, c, cond=1)
    L.text(32, 4.2, "HEMU EXPRESS", 3, ink=c)
    L.text(0, 2.6, "次日达", 5, True, right=96)
    L.line(2, 10.4, 98, 10.4, 0.5)
    L.text(0, 10.6, case["route"], 11, True, mid=50)
    L.line(2, 24, 98, 24, 0.5)
    L.draw.rectangle(L.px(2, 24, 10, 46), c)
    for i, ch in enumerate(case["tags"][0][:2]):
        L.text(0, 28 + 6.4 * i, ch, 5, True, WHITE, mid=6, cond=1)
    y = max(L.person("r", 13, 25.4, 4.5, 83, "np/a", "n", 4.1), 46)
    L.line(2, y, 98, y)
    for i, ch in enumerate(case["tags"][1][:2]):
        L.text(0, y + 1 + 4.4 * i, ch, 3.8, True, c, mid=6, cond=1)
    y = max(L.person("s", 13, y + 1.3, 3.1, 83, "np/a", ""), y + 11)
    L.line(2, y, 98, y, 0.5)
    L.code(10, y + 2, 80, 13, human=3.6, spaced=True)
    y += 22
    L.line(0, y, 100, y, dash=1.6)
    L.text(4, y + 1.2, "客户联", 3, True)
    L.text(0, y + 1.2, "运单号 " + case["no"], 3, right=96)
    y += 6
    L.line(2, y, 98, y)
    L.text(4, y + 1, case["tags"][0], 3, True)
    yy = L.person("r", 16, y + 1, 3.1, 80, "np/a", "", tag="second")
    L.text(4, yy + 0.6, case["tags"][1], 3, True)
    yy = L.person("s", 16, yy + 0.6, 2.9, 80, "np/a", "", tag="second")
    L.line(2, yy + 0.4, 98, yy + 0.4)
    L.code(74, yy + 2, 22, 22, "qr", "qr")
    e = below(L, 4, yy + 1.8, 3, 66, "内件：", "留言：")
    marks(L, 16, e + 1)
    L.text(4, 145, "打印 " + case["date"] + "　官方客服不会以退款为由索要验证码", 2.4)
    return L


def lanan(case):
    """蓝桉云仓直发: 100 x 100, square, two columns below, wave number large."""
    L = Label(case, 100, 100)
    L.rect(1.5, 1.5, 98.5, 98.5, 0.4, round_=2)
    L.text(4, 2.6, "蓝桉云仓直发", 5, True, cond=1)
    L.text(0, 2.6, case["route"], 6, True, right=96)
    L.line(1.5, 11, 98.5, 11, 0.3)
    y = max(L.person("r", 4, 12.4, 4.4, 92, "np/a", "np", labels=(case["tags"][0] + "：", "", "")), 31)
    L.line(1.5, y, 98.5, y, 0.3)
    y = max(L.person("s", 4, y + 1.2, 3, 92, "np/a", "", labels=(case["tags"][1] + "：", "", "")), y + 9)
    L.line(1.5, y, 98.5, y, 0.3)
    L.code(5, y + 2, 66, 13, human=3.4)
    L.code(75, y + 2, 21, 21, "qr", "qr")
    y += 24
    L.line(1.5, y, 98.5, y, 0.3)
    e = below(L, 4, y + 1.2, 3, 60, "SKU ", "备注 ")
    L.text(0, y + 1.6, "波次", 3, right=96)
    L.text(0, y + 5, f"W{L.rng.randrange(100, 999)}", 7, True, right=96)
    marks(L, 20, e + 0.5)
    L.text(4, 94, case["hub"] + "　" + case["date"], 2.5)
    return L


def nanbo(case):
    """南泊冷运: 100 x 120, food; a coloured head and temperature box."""
    L = Label(case, 100, 120)
    c = hue(L, NAVY)
    L.draw.rectangle(L.px(0, 0, 100, 13), c)
    L.text(4, 2.6, "南泊冷运", 7, True, WHITE, cond=1)
    L.text(0, 3.4, "-18℃ 冷冻", 6, True, WHITE, right=96, cond=1)
    L.text(4, 14.4, case["route"], 8, True)
    L.text(0, 16, case["hub"], 5, True, right=96)
    L.line(2, 25, 98, 25, 0.5)
    t = L.badge(4, 27, case["tags"][0], 4, "ring")
    y = max(L.person("r", t + 2, 26.6, 4.4, 94 - t, "np/a", "n", 4), 46)
    L.line(2, y, 98, y, 0.3)
    t2 = L.badge(4, y + 2, case["tags"][1], 3.2, "ring")
    y = max(L.person("s", max(t, t2) + 2, y + 1.6, 3.1, 94 - t, "np/a", ""), y + 11)
    L.line(2, y, 98, y, 0.5)
    L.code(8, y + 2.4, 84, 13, human=3.4, spaced=True)
    y += 22
    L.line(2, y, 98, y, 0.3)
    L.code(5, y + 2, 21, 21, "qr", "qr")
    e = below(L, 30, y + 1.8, 3.1, 66, "品名 ", "备注 ")
    marks(L, 40, e + 1)
    L.text(0, 115.4, "打印时间 " + case["date"], 2.5, right=96)
    return L


def fancheng(case):
    """返程通: a returns slip 90 x 110, the customer above, the warehouse below."""
    L = Label(case, 90, 110)
    L.rect(2, 2, 88, 108, 0.5)
    L.text(0, 3, "返程通 · 退货专用", 5.6, True, mid=45, cond=1)
    L.line(2, 11.4, 88, 11.4, 0.5)
    L.code(9, 13, 72, 11, human=3)
    L.line(2, 29, 88, 29, 0.3)
    L.text(4, 30, case["tags"][1], 3.2, True)
    y = max(L.person("s", 20, 30, 3.5, 66, "np/a", "n"), 44)
    L.line(2, y, 88, y, 0.3)
    L.text(4, y + 1.4, case["tags"][0], 3.8, True)
    y = max(L.person("r", 20, y + 1.4, 4.1, 66, "n/p/a", "n"), y + 20)
    L.line(2, y, 88, y, 0.5)
    L.code(66, y + 2, 20, 20, "qr", "qr")
    e = below(L, 4, y + 1.6, 3, 60, "退回 ", "原因 ")
    marks(L, 10, e + 1)
    L.text(4, 103, case["route"] + "　" + case["date"], 2.8)
    return L


def banjiu(case):
    """斑鸠同城: till strip 72 x 140 without rulings, address large."""
    L = Label(case, 72, 140)
    L.text(0, 2, f"斑鸠同城 #{L.rng.randrange(3, 180)}", 6.6, True, mid=36, cond=1)
    L.text(0, 10.6, "配送 " + case["date"] + " 18:30前", 3.4, mid=36)
    L.text(0, 15, "- " * 22, 3, mid=36)
    y = extras(L, 4, 19, 3, 64) + 0.5 if "extra" in case else 19
    L.text(4, y, case["tags"][0], 3.6, True)
    y = L.person("r", 4, y + 5.4, 4.9, 64, "a/np", "a", gap=3)
    L.text(0, y, "- " * 22, 3, mid=36)
    y += 4
    y = L.put("goods", 4, y, 3.6, 64)[3] + 0.8
    y = L.put("remark", 4, y, 4, 64, True, prefix="备注 ")[3] + 0.8
    L.text(0, y, "- " * 22, 3, mid=36)
    L.text(4, y + 4, case["tags"][1], 3.2, True)
    y = L.person("s", 4, y + 8.6, 3.3, 64, "n/p/a", "")
    y = L.code(6, y + 2, 60, 10, human=3)[3] + 5.4
    L.code(26, y, 20, 20, "qr", "qr")
    marks(L, 8, min(y + 20, 130))
    return L


def sanye(case):
    """三叶柜递: 70 x 90 sticker put on by a station, code of the shelf large."""
    L = Label(case, 70, 90)
    L.text(3, 1.8, "三叶柜递", 4.2, True, cond=1)
    L.text(0, 2.4, case["hub"], 3.2, right=67)
    L.rect(3, 8, 67, 22, 0.6)
    L.text(0, 8.2, case["route"], 11.5, True, mid=35, cond=0.95)
    y = max(L.person("r", 3, 23.6, 4, 64, "np/a", "np", 3.5, labels=(case["tags"][0] + " ", "", "")), 40)
    L.line(3, y, 67, y, 0.3)
    y = max(L.person("s", 3, y + 1, 2.8, 64, "np/a", "", labels=(case["tags"][1] + " ", "", "")), y + 8.5)
    L.line(3, y, 67, y, 0.3)
    L.code(3, y + 1.8, 42, 9, human=2.7)
    L.code(49, y + 1.8, 18, 18, "qr", "qr")
    e = below(L, 3, y + 16, 2.6, 44, "", "注 ")
    marks(L, 8, e)
    L.text(3, 85.6, "入柜 " + case["date"], 2.3)
    return L


def yanyang(case):
    """岩羊大件: landscape 120 x 85, a table with words in front of each value."""
    L = Label(case, 120, 85)
    L.rect(1.5, 1.5, 118.5, 83.5, 0.5)
    L.text(4, 2.6, "岩羊大件", 5.6, True, cond=1)
    L.text(40, 2.6, case["route"], 6.4, True)
    L.text(0, 3, f"第{L.rng.randrange(1, 3)}件/共{L.rng.randrange(3, 6)}件", 4.6, True, right=116)
    L.line(1.5, 11.4, 118.5, 11.4, 0.5)
    y = max(L.person("r", 18, 12.6, 4.2, 98, "np/a", "n", labels=("姓名 ", "电话 ", "地址 ")), 28)
    L.line(16, 11.4, 16, y + 14 if y < 30 else y, 0.3)
    L.text(0, 14, case["tags"][0], 3.6, True, mid=8.8, cond=0.95)
    L.line(1.5, y, 118.5, y, 0.3)
    L.text(0, y + 2, case["tags"][1], 3.2, True, mid=8.8, cond=0.95)
    y = max(L.person("s", 18, y + 1.2, 3.2, 98, "np/a", "", labels=("姓名 ", "电话 ", "地址 ")), y + 10)
    L.line(1.5, y, 118.5, y, 0.5)
    L.code(5, y + 2, 74, 13, human=3.2)
    L.code(93, y + 2, 23, 23, "qr", "qr")
    e = below(L, 5, y + 20.4, 2.9, 84, "货名 ", "备注 ")
    marks(L, 50, e)
    L.text(0, 79.6, case["date"], 2.6, right=116)
    return L


def lutai(case):
    """鹿台邮驿: 100 x 180, label above, packing list below."""
    L = Label(case, 100, 180)
    c = hue(L, WINE)
    L.draw.rectangle(L.px(0, 0, 100, 3), c)
    L.text(4, 4.4, "鹿台邮驿", 6.4, True, c, cond=1)
    L.code(44, 5, 52, 8.6, human=2.7)
    L.line(2, 18.6, 98, 18.6, 0.4)
    L.text(4, 19, case["route"], 10.5, True)
    L.text(0, 22, case["hub"], 5, True, right=96)
    L.line(2, 31.8, 98, 31.8, 0.4)
    t = L.badge(4, 34, case["tags"][0], 4, "disc") if len(case["tags"][0]) < 2 else L.badge(4, 34, case["tags"][0], 3.6, "box")
    y = max(L.person("r", t + 2, 33.4, 4.6, 94 - t, "a/np", "np"), 54)
    L.line(2, y, 98, y, 0.3)
    L.badge(4, y + 2, case["tags"][1], 3.2, "plain")
    y = max(L.person("s", t + 2, y + 1.6, 3.2, 94 - t, "a/np", ""), y + 12)
    L.line(2, y, 98, y, 0.4)
    L.code(10, y + 2.4, 80, 12, human=3.4, spaced=True)
    y += 21
    L.line(0, y, 100, y, dash=1.5)
    L.text(0, y + 1.4, "拣货装箱单", 4.4, True, mid=50, cond=1)
    y += 8
    for x, head in ((4, "库位"), (26, "商品"), (82, "数量")):
        L.text(x, y, head, 3, True)
    y += 4.4
    L.line(2, y, 98, y, 0.3)
    for row in case.get("rows", (("A-12-03", "基础款圆领卫衣 灰 L", "1"), ("A-12-07", "弹力直筒裤 黑 32", "1"))):
        for x, cell in zip((4, 26, 84), row, strict=True):
            L.text(x, y + 0.8, cell, 3)
        y += 4.6
    L.line(2, y + 0.4, 98, y + 0.4, 0.3)
    e = below(L, 4, y + 1.8, 3.1, 66, "合计 ", "买家备注 ")
    L.code(74, y + 2.4, 22, 22, "qr", "qr")
    marks(L, 14, e + 1.5)
    L.text(4, 174, "打印 " + case["date"] + "　七天无理由退货请保留此单", 2.5)
    return L


def baiguan(case):
    """白鹳到店: 100 x 80, replenishing of shops, organisation lines first."""
    L = Label(case, 100, 80)
    L.draw.rectangle(L.px(0, 0, 22, 80), L.ink)
    L.vtext(7, 5, "白鹳到店", 8, True, WHITE)
    L.text(0, 46, case["route"].split("-")[0], 6.5, True, WHITE, mid=11, cond=0.9)
    L.text(0, 70, case["date"][5:], 4, True, WHITE, mid=11)
    L.text(25, 2, case["tags"][0], 3.2, True)
    y = max(L.person("r", 25, 6.4, 4.2, 72, "n/p/a", "n", 3.8), 28)
    L.line(24, y, 98, y, 0.3)
    L.text(25, y + 1, case["tags"][1], 2.8, True)
    y = L.person("s", 25, y + 4.8, 3, 72, "np/a", "")
    L.line(24, y, 98, y, 0.3)
    L.code(26, y + 1.8, 46, 10, human=2.8)
    L.code(78, y + 1.8, 19, 19, "qr", "qr")
    e = below(L, 25, y + 17, 2.8, 51, "货品 ", "备注 ")
    marks(L, 40, e)
    return L


def muzhou(case):
    """木舟速运: 76 x 130, code stands at the right edge, ruled boxes, sender before the code."""
    L = Label(case, 76, 130)
    L.rect(1.5, 1.5, 74.5, 128.5, 0.35)
    L.text(4, 3, "木舟速运", 5.4, True, cond=1)
    L.text(4, 10, case["route"], 8, True)
    L.line(1.5, 20.5, 62, 20.5, 0.3)
    L.line(62, 1.5, 62, 84, 0.3)
    L.code(64, 5, 8.6, 74, turn=90)
    L.text(4, 21.2, case["tags"][0], 3, True)
    y = max(L.person("r", 4, 25.6, 4, 56, "n/p/a", "np"), 52)
    L.line(1.5, y, 62, y, 0.3)
    L.text(4, y + 0.8, case["tags"][1], 2.8, True)
    y = max(L.person("s", 4, y + 4.8, 2.9, 56, "np/a", ""), 84)
    L.line(1.5, y, 74.5, y, 0.3)
    L.code(4, y + 2, 21, 21, "qr", "qr")
    e = below(L, 28, y + 1.6, 2.8, 44)
    marks(L, 34, e + 1)
    L.line(1.5, 113, 74.5, 113, 0.3)
    L.text(4, 114.2, "单号 " + case["no"], 3.4, True)
    L.text(4, 120, case["hub"] + "　" + case["date"], 2.6)
    return L


def siji(case):
    """四季仓配: landscape 130 x 90, receiver left, sender right."""
    L = Label(case, 130, 90)
    c = hue(L, AMBER)
    L.text(4, 2.4, "四季仓配", 6, True, c, cond=1)
    L.text(0, 2.4, case["route"], 8, True, right=126)
    L.line(2, 13, 128, 13, 0.5)
    L.line(76, 13, 76, 48, 0.3)
    L.text(4, 14, case["tags"][0], 3.4, True, c)
    y1 = L.person("r", 4, 18.8, 4.4, 70, "np/a", "n")
    L.text(78, 14, case["tags"][1], 3, True, c)
    y2 = L.person("s", 78, 18.4, 3.1, 48, "n/p/a", "")
    y = max(y1, y2, 48)
    L.line(2, y, 128, y, 0.5)
    L.code(6, y + 2, 84, 14, human=3.6, spaced=True)
    L.code(103, y + 2, 23, 23, "qr", "qr")
    e = below(L, 6, y + 22.4, 3, 90, "商品：", "备注：")
    marks(L, 50, e)
    L.text(0, 85, case["hub"] + "　打印 " + case["date"], 2.6, right=126)
    return L


def qingchuan(case):
    """晴川特惠: 100 x 110, sender first, then the receiver in a heavy frame."""
    L = Label(case, 100, 110)
    L.text(4, 2, "晴川特惠", 5, True, cond=1)
    L.text(0, 2.4, case["hub"], 4, True, right=96)
    L.line(2, 9, 98, 9, 0.3)
    L.text(4, 10, case["tags"][1], 3, True)
    y = max(L.person("s", 17, 9.8, 3.1, 79, "np/a", ""), 19)
    y += 0.8
    top = y
    t = max(17, 7.5 + L.width(case["tags"][0], 3.8, True))
    L.text(5, y + 2, case["tags"][0], 3.8, True)
    y = max(L.person("r", t, y + 1.8, 4.3, 78, "np/a", "npa"), y + 20)
    L.rect(2.5, top, 97.5, y, 0.8)
    y += 1
    L.text(0, y, case["route"], 9, True, mid=50)
    y += 11.6
    L.line(2, y, 98, y, 0.3)
    L.code(6, y + 2, 62, 13, human=3.4)
    L.code(74, y + 2, 22, 22, "qr", "qr")
    e = below(L, 5, y + 20.8, 2.9, 66)
    marks(L, 14, e)
    L.text(0, 105.6, case["date"], 2.5, right=96)
    return L


def sheet(case):
    """No label: a sheet on a pillar of the hall."""
    L = Label(case, 105, 148, (238, 246, 236))
    L.text(0, 9, case["heading"], 9, True, TEAL, mid=52.5, cond=1)
    L.line(8, 22, 97, 22, 0.6)
    y = 28
    for line in case["extra"]:
        y = L.para(9, y, line, 4.8, 87)[3] + 3
    L.stamp(60, 124, "仓储部", 4)
    return L


LAYOUTS = {f.__name__: f for f in (qiyun, hemu, lanan, nanbo, fancheng, banjiu, sanye, yanyang, lutai, baiguan, muzhou, siji, qingchuan, sheet)}
