"""Labels of carriers that do not exist, as they lie in a county's stations. Each takes a case and gives a Label."""

from kit import Label

BLUE, GREEN, RED, VIOLET, TEAL = (20, 58, 148), (22, 104, 60), (188, 30, 36), (92, 40, 120), (0, 96, 104)
WHITE = (252, 252, 250)


def foot(L, x, y, w, h=2.8, remark="备注：", goods="内件："):
    """Goods, remark and small print that is no field; returns y below."""
    if L.case.get("goods"):
        y = L.put("goods", x, y, h, w, prefix=goods)[3] + 0.7
    if L.case.get("remark"):
        y = L.put("remark", x, y, h, w, prefix=remark)[3] + 0.7
    for line in L.case.get("extra", ()):
        y = L.para(x, y, line, h * 0.9, w)[3] + 0.5
    return y


def tint(L, colour):
    return colour if L.case["dots"] > 8 else None


def pen(L, x, y):
    if "stamp" in L.case:
        L.stamp(x, y, L.case["stamp"], 3.4)
    if "pen" in L.case:
        L.pen(x, y, L.case["pen"], L.case.get("pen_h", 4.6), L.case.get("pen_ink", (24, 44, 140)))


def felt(L):
    """Half-dry felt pen over the fields a case names: still read."""
    for key in L.case.get("felt", ()):
        for f in L.fields:
            if f[0] == key and f[1] == "receiver":
                L.felt(*f[3])


def end(L, y):
    assert y <= L.h, (L.case["id"], y, L.h)
    felt(L)
    return L


def lanxi(c):
    """岚溪速递, 76 x 130: bars first, route in a black band, discs."""
    L = Label(c, 76, 130)
    L.text(3, 2, "岚溪速递", 4.4, True, tint(L, BLUE), cond=1.0)
    L.text(0, 2.6, c["service"], 3, right=73)
    L.code(8, 8.6, 60, 12, human=3)
    L.draw.rectangle(L.px(2, 25.5, 74, 36.5), L.ink)
    L.text(0, 26, c["route"], 8.6, True, WHITE, cond=0.95, mid=38)
    L.text(3, 37.5, c["hub"], 4, True)
    L.text(0, 38, c["date"], 2.7, right=73)
    L.line(2, 43.5, 74, 43.5)
    L.badge(2.6, 46, c["tags"][0][0], 4.6, "disc")
    y = L.person("r", 12, 44.6, 4, 61, c.get("order", "np/a"), c.get("strong", "np"))
    y = max(y, 59)
    L.line(2, y, 74, y)
    L.badge(3, y + 2, c["tags"][1][0], 3.6, "ring")
    y = max(L.person("s", 12, y + 1.2, 2.9, 61, "np/a", ""), y + 10)
    L.line(2, y, 74, y, dash=1.2)
    L.code(54, y + 1.8, 18, 18, "qr", "qr")
    yy = foot(L, 3, y + 1.6, 48)
    pen(L, 5, max(yy, y + 8) + 1)
    L.text(3, 125.6, "县域共配 已验视", 2.4)
    L.text(0, 125.6, "签收：", 2.4, right=50)
    return end(L, yy)


def heyu(c):
    """禾屿快运, 100 x 150: black head, code beside the receiver, bars at the foot."""
    L = Label(c, 100, 150)
    L.draw.rectangle(L.px(0, 0, 100, 12), L.ink)
    L.text(4, 2.4, "禾屿快运", 6, True, WHITE, cond=1.0)
    L.text(0, 3.4, c["service"], 4.4, True, WHITE, right=96)
    L.text(4, 13.5, c["route"], 12, True, cond=0.9)
    L.text(0, 16, c["hub"], 5.6, True, right=96)
    L.line(2, 29, 98, 29, 0.4)
    L.rect(2, 30.5, 72, 62, 0.3)
    L.badge(3.5, 32, c["tags"][0][0], 4.6, "box")
    y = L.person("r", 16, 31.6, 4.3, 54, c.get("order", "np/a"), c.get("strong", "np"))
    L.code(75, 31, 22, 22, "qr", "qr")
    L.text(75, 55, c["date"], 2.8)
    L.text(75, 59, "扫码查件", 2.6)
    y = max(y, 64)
    L.badge(3.5, y + 1, c["tags"][1], 3.4, "plain")
    y = L.person("s", 16, y + 1, 3.2, 80, "np/a", "")
    y = max(y, 78)
    L.line(2, y, 98, y)
    y = foot(L, 4, y + 1.5, 90, 3.2)
    pen(L, 10, y + 1)
    y = max(y, 108)
    L.line(2, y, 98, y, dash=1.5)
    L.code(10, y + 3, 80, 18, human=4, spaced=True)
    L.text(4, 143, "本件由县级共配中心转投，问询请拨 95208", 2.8)
    return end(L, y + 30)


def duchuan(c):
    """渡川物流, 100 x 180: two plies, the second with its own receiver and bars."""
    L = Label(c, 100, 180)
    L.text(4, 3, "渡川物流", 6, True, tint(L, GREEN), cond=1.0)
    L.text(34, 5, "DUCHUAN", 3.4, True)
    L.text(0, 4, c["service"], 4.2, True, right=96)
    L.line(2, 11.5, 98, 11.5, 0.4)
    L.text(0, 12.5, c["route"], 12, True, mid=50, cond=0.9)
    L.line(2, 27.5, 98, 27.5)
    L.text(4, 28.2, c["hub"], 5, True)
    L.text(0, 29, "打印 " + c["date"], 3, right=96)
    L.line(2, 35, 98, 35)
    L.badge(4, 39, c["tags"][0][0], 5, "disc")
    y = max(L.person("r", 18, 36.4, 4.6, 78, c.get("order", "np/a"), c.get("strong", "npa")), 54)
    L.line(2, y, 98, y)
    L.badge(5, y + 2, c["tags"][1][0], 3.8, "ring")
    y = max(L.person("s", 18, y + 1.2, 3.2, 78, "np/a", ""), y + 11)
    L.line(2, y, 98, y)
    y = L.code(12, y + 2, 76, 15, human=3.6, spaced=True)[3] + 6
    L.line(2, y, 98, y, dash=1)
    L.text(0, y + 0.6, "— — 撕下此联留存 — —", 2.2, mid=50)
    y += 5
    L.text(4, y, "渡川物流", 3.6, True)
    L.code(36, y, 60, 8, human=2.6)
    y += 13.5
    L.line(2, y, 98, y)
    L.text(3, y + 1.6, "收", 3.4, True)
    y = L.person("r", 10, y + 1.4, 3.2, 62, "np/a", "n", tag="second")
    L.code(76, y - 10, 20, 20, "qr", "qr")
    L.text(3, y + 0.6, "寄", 3.4, True)
    y = L.person("s", 10, y + 0.6, 2.8, 62, "np", "", tag="second")
    y = foot(L, 10, y + 1, 62)
    pen(L, 12, y + 0.6)
    return end(L, y)


def group(c):
    """小灯笼团购, 80 x 64: the slip of a village shop's group order."""
    L = Label(c, 80, 64)
    L.text(3, 2, "小灯笼团购", 4.4, True, cond=1.0)
    L.text(0, 2.6, "自提点 " + c["hub"], 3, right=77)
    L.line(2, 8, 78, 8, 0.35)
    y = L.person("r", 3, 9, 3.9, 52, c.get("order", "n/p/a"), c.get("strong", "np"), 3.3, labels=("团员：", "手机：", ""))
    L.code(60, 10, 17, 17, "qr", "qr")
    L.text(0, 28.5, c["route"], 4.6, True, mid=68, cond=0.8)
    y = max(y, 34)
    L.line(2, y, 78, y, dash=1)
    y = L.person("s", 3, y + 0.8, 2.7, 74, "np/a", "", labels=("团长：" if c.get("leader") else "供货：", "", ""))
    y = foot(L, 3, y + 0.4, 52, 2.7, goods="商品：")
    L.code(3, 55, 50, 5.6)
    L.text(0, 60.5, c["date"], 2.4, right=77)
    pen(L, 46, 47)
    return end(L, y)


def form(c):
    """山驿包裹, 100 x 120: a ruled form with the words of its rows at the left."""
    L = Label(c, 100, 120)
    L.text(0, 2, "山 驿 包 裹 详 情 单", 5.4, True, tint(L, GREEN), mid=50, cond=1.0)
    L.code(18, 10, 64, 11, human=3)
    y = 27
    L.line(3, y, 97, y, 0.35)
    for key, word, h, least in (("rn", "收件人", 4, 7), ("rp", "电话", 4, 7), ("ra", "收件地址", 3.7, 14), ("sn", "寄件人", 3.2, 6), ("sp", "电话", 3.2, 6), ("sa", "寄件地址", 3, 9), ("goods", "内件品名", 3, 6), ("remark", "备注", 3, 6)):
        L.text(5, y + 1.2, word, 3)
        b = L.put(key, 25, y + 1, h, 70, key in "rn rp", lead=1.25)
        new = max(y + least, b[3] + 0.8)
        L.line(3, new, 97, new, 0.35 if key in ("ra", "sa") else 0.2)
        y = new
    L.line(3, 27, 3, y)
    L.line(23, 27, 23, y)
    L.line(97, 27, 97, y)
    for line in c.get("extra", ()):
        L.para(5, y + 0.8, line, 2.7, 60)
        y += 4
    L.code(80, y + 1.5, 15, 15, "qr", "qr")
    L.text(5, y + 1.6, "交寄局：" + c["hub"] + "    " + c["date"], 2.8)
    L.text(5, y + 6, c["route"], 5, True)
    pen(L, 34, y + 5)
    return end(L, y + 12)


def packet(c):
    """蜻蜓小包, 100 x 70: a wide sticker, sender at the left and receiver at the right."""
    L = Label(c, 100, 70)
    L.text(3, 2, "蜻蜓小包", 4.4, True, tint(L, TEAL), cond=1.0)
    L.text(28, 3, c["service"], 3)
    L.text(0, 1.6, c["route"], 6, True, right=97, cond=0.9)
    L.line(2, 9.5, 98, 9.5, 0.35)
    L.line(40, 9.5, 40, 47)
    L.text(3, 10.5, c["tags"][1], 3, True)
    L.person("s", 3, 14.6, 2.8, 36, "n/p/a", "")
    L.text(42, 10.5, c["tags"][0], 3.4, True)
    L.person("r", 42, 15, 4.1, 55, c.get("order", "n/p/a"), c.get("strong", "np"), 3.7)
    L.line(2, 47, 98, 47)
    L.code(4, 49, 56, 10, human=2.8)
    L.code(82, 49, 15, 15, "qr", "dm")
    y = foot(L, 62, 49, 19, 2.4, "注 ", "品 ")
    L.text(0, 65.6, c["date"], 2.4, right=97)
    pen(L, 8, 37)
    return end(L, y)


def pharmacy(c):
    """百穗药房配送, 76 x 100: what a chemist's shop sends out."""
    L = Label(c, 76, 100)
    L.rect(1.5, 1.5, 74.5, 98.5, 0.4, round_=2)
    L.text(4, 3, "✚", 5, True, tint(L, RED), cond=1.0)
    L.text(11, 3.2, "百穗药房配送", 4.4, True, cond=1.0)
    L.text(0, 4, c["service"], 2.8, right=72)
    L.line(1.5, 10, 74.5, 10)
    L.text(4, 10.8, c["route"], 7.4, True, cond=0.9)
    L.text(0, 13, c["hub"], 3.4, right=72)
    L.line(1.5, 20.5, 74.5, 20.5)
    y = L.person("r", 4, 21.6, 4, 68, c.get("order", "np/a"), c.get("strong", "np"), labels=("收件 ", "", ""))
    y = max(y, 38)
    L.line(1.5, y, 74.5, y, dash=1)
    y = L.person("s", 4, y + 1, 2.9, 68, "np/a", "", labels=("寄件 ", "", ""))
    L.line(1.5, y + 0.4, 74.5, y + 0.4)
    top = y + 1.6
    y = foot(L, 4, top, 48, 2.8, goods="药品：")
    L.code(56, top, 16, 16, "qr", "qr")
    L.code(8, 80, 60, 10, human=2.8)
    pen(L, 6, y + 0.5)
    L.text(4, 94.6, "审方已过 " + c["date"], 2.4)
    return end(L, y)


def farm(c):
    """乡味直邮, 90 x 130: framed, the sender stands above the receiver."""
    L = Label(c, 90, 130)
    ink = tint(L, GREEN)
    L.rect(2, 2, 88, 128, 0.5, round_=3)
    L.text(0, 4, "乡 味 直 邮", 7, True, ink, mid=45, cond=1.0)
    L.text(0, 12.6, "产地 → 餐桌", 3, mid=45)
    L.line(2, 17, 88, 17)
    L.badge(4, 19, c["tags"][1][0], 3.8, "ring")
    y = max(L.person("s", 18, 18.4, 3.3, 68, "np/a", ""), 31)
    L.line(2, y, 88, y, 0.5)
    L.badge(4, y + 3, c["tags"][0][0], 4.8, "disc")
    y = max(L.person("r", 18, y + 1.6, 4.3, 68, c.get("order", "np/a"), c.get("strong", "np")), y + 18)
    L.line(2, y, 88, y)
    L.text(5, y + 1, c["route"], 8, True)
    L.text(0, y + 3, c["hub"], 4, True, right=84)
    y += 12
    L.line(2, y, 88, y)
    L.code(64, y + 2, 20, 20, "qr", "qr")
    yy = foot(L, 5, y + 2, 56, 3)
    pen(L, 6, max(yy, y + 8) + 1)
    L.code(13, 106, 64, 12, human=3.2)
    L.text(0, 122.8, "打单 " + c["date"], 2.6, right=85)
    return end(L, yy)


def comeback(c):
    """回程宝退换, 76 x 130: a return; the receiver is mostly a shop."""
    L = Label(c, 76, 130)
    L.rect(2, 2, 30, 12, fill=L.ink)
    L.text(0, 3.4, "退换件", 5.6, True, WHITE, mid=16, cond=1.0)
    L.text(34, 3, "回程宝", 4.6, True, cond=1.0)
    L.text(34, 8.6, c["date"] + " " + c["service"], 2.6)
    L.code(6, 15, 64, 14, human=3.2, spaced=True)
    L.line(2, 35, 74, 35, 0.35)
    L.text(4, 36, c["route"], 9, True, cond=0.9)
    L.line(2, 48, 74, 48)
    L.badge(3, 50, c["tags"][0][0], 3.4, "box")
    y = max(L.person("r", 15, 49, 3.8, 58, c.get("order", "n/p/a"), c.get("strong", "n")), 66)
    L.line(2, y, 74, y)
    L.badge(3, y + 1.6, c["tags"][1], 3.2, "plain")
    y = max(L.person("s", 15, y + 1.2, 3.2, 58, "np/a", "n"), y + 12)
    L.line(2, y, 74, y)
    y0 = y
    y = foot(L, 4, y + 1.6, 46, 2.8, "退因：")
    L.code(54, y0 + 2, 18, 18, "qr", "qr")
    pen(L, 5, max(y, y0 + 8) + 1)
    L.text(4, 125, "揽收网点 " + c["hub"], 2.6)
    return end(L, y)


def heavy(c):
    """重山大件, 130 x 90: wide, two columns, PDF417."""
    L = Label(c, 130, 90)
    L.text(4, 2, "重山大件", 7, True, tint(L, RED), cond=1.0)
    L.text(38, 4, c["service"], 4, True)
    L.text(0, 2.4, c["route"], 8, True, right=126)
    L.line(2, 13, 128, 13, 0.5)
    L.badge(4, 16, c["tags"][0][0], 5, "box")
    y = max(L.person("r", 26, 14.6, 5, 100, c.get("order", "np/a"), c.get("strong", "np")), 36)
    L.line(2, y, 128, y)
    L.badge(4, y + 2, c["tags"][1], 3.8, "plain")
    y = max(L.person("s", 26, y + 1.4, 3.6, 100, "np/a", ""), y + 11)
    L.line(2, y, 128, y)
    L.code(6, y + 3, 66, 15, human=4)
    L.code(78, y + 3, 48, 12, "qr", "pdf")
    yy = foot(L, 78, y + 17, 48, 3)
    pen(L, 30, 79)
    L.text(4, 83.5, c["hub"] + "  " + c["date"] + "  上楼/送货另议", 3)
    return end(L, yy)


def repair(c):
    """速码售后, 90 x 100: a repair shop's label with a Data Matrix."""
    L = Label(c, 90, 100)
    L.draw.rectangle(L.px(0, 0, 11, 100), L.ink)
    for i, ch in enumerate("速码售后"):
        L.text(0, 12 + i * 9, ch, 6.4, True, WHITE, cond=1.0, mid=5.5)
    L.text(14, 3, c["route"], 8.6, True, cond=0.9)
    L.text(0, 3, c["hub"], 3.4, right=87)
    L.text(0, 8, c["date"], 2.8, right=87)
    L.line(13, 14.5, 88, 14.5, 0.4)
    y = L.person("r", 14, 16, 4.2, 73, c.get("order", "n/p/a"), c.get("strong", "n"), labels=(c["tags"][0] + "：", "电话：", "地址："))
    y = max(y, 36)
    L.line(13, y, 88, y)
    y = max(L.person("s", 14, y + 1.4, 3, 73, "n/p/a", "", labels=(c["tags"][1] + "：", "电话：", "地址：")), y + 13)
    L.line(13, y, 88, y)
    top = y
    y = foot(L, 14, y + 1.4, 50, 2.8, "故障：" if c.get("faulty") else "备注：", "机型：")
    L.code(68, top + 2, 17, 17, "qr", "dm")
    pen(L, 16, y + 0.4)
    L.code(16, 84, 66, 9, human=2.8)
    return end(L, y)


def roll(c):
    """夜航同城, 58 x 120: a till's paper roll."""
    L = Label(c, 58, 120)
    L.text(0, 3, "夜航同城", 6, True, mid=29, cond=1.0)
    L.text(0, 11, "#" + c["route"], 8, True, mid=29)
    L.text(2, 21, c["date"] + " " + c["service"], 2.7)
    L.line(2, 25.5, 56, 25.5, dash=1)
    y = foot(L, 3, 27, 52, 3, "备注:", "")
    L.line(2, y + 0.5, 56, y + 0.5, dash=1)
    y = L.person("r", 3, y + 2, 4.2, 52, c.get("order", "a/n/p"), c.get("strong", "apn"))
    y = max(y, 58)
    L.line(2, y, 56, y, dash=1)
    y = L.person("s", 3, y + 1.4, 2.9, 52, "n/p/a", "")
    L.text(3, y + 1, c["hub"], 2.8)
    y += 6
    pen(L, 4, y - 1)
    L.code(4, max(y, 92), 50, 10, human=2.6)
    L.code(44, 108, 11, 11, "qr", "qr") if c.get("rollqr") else None
    L.text(3, 112, "***** 祝您用得开心 *****" if not c.get("rollqr") else "扫码评价", 2.6)
    return end(L, y + 6)


def upright(c):
    """雪峰冷运, 80 x 140: serif head, table of three columns, code at the middle."""
    L = Label(c, 80, 140)
    L.text(4, 3, "雪峰冷运", 5.6, True, tint(L, VIOLET), cond=1.1)
    L.text(0, 3.6, "保鲜 0–4℃" if c.get("chill") else c["service"], 3.6, True, right=77)
    L.rect(2, 11, 78, 138, 0.35)
    L.line(2, 24, 78, 24)
    L.line(28, 11, 28, 24)
    L.text(0, 13.5, c["hub"], 4, True, mid=15, cond=0.9)
    L.text(0, 12, c["route"], 8.4, True, mid=53, cond=0.9)
    L.line(11, 24, 11, 76)
    L.vtext(4.4, 28, c["tags"][0], 4.2, True)
    y = max(L.person("r", 13, 25.2, 4.2, 63, c.get("order", "p/n/a"), c.get("strong", "np")), 50)
    L.line(2, y, 78, y)
    L.vtext(4.6, y + 3, c["tags"][1], 3.6)
    y = max(L.person("s", 13, y + 1.4, 3.1, 63, "n/p/a" if len(c["sn"]) > 8 else "np/a", ""), 76)
    L.line(2, y, 78, y)
    L.code(8, y + 2.5, 64, 13, human=3.2)
    y += 21.5
    L.line(2, y, 78, y)
    L.code(58, y + 2, 18, 18, "qr", "qr")
    y = foot(L, 4, y + 1.6, 52, 2.9)
    pen(L, 6, y + 0.8)
    L.text(0, 133.6, "打印时间 " + c["date"] + " 07:42", 2.5, right=76)
    return end(L, y)


def sticker(c):
    """A station's own sticker, 60 x 34: pick-up code and the last digits."""
    L = Label(c, 60, 34, c.get("paper", (252, 236, 120)))
    L.text(3, 1.6, c["hub"], 3.4, True, cond=1.0)
    L.text(0, 2, c["date"][5:], 3, right=57)
    L.text(0, 7, c["route"], 12, True, mid=30, cond=0.95)
    L.put("rn", 3, 24, 3.6, 20)
    L.put("rp", 20, 24, 3.6, 38, prefix="手机 " if c.get("rp") else "")
    L.text(0, 29, "凭取件码取件", 2.6, mid=30)
    return L


def poster(c):
    """What hangs in a station and is no label."""
    L = Label(c, 100, 130, (250, 240, 214))
    L.text(0, 8, c["heading"], 9, True, (170, 26, 30), mid=50, cond=1.0)
    L.line(8, 22, 92, 22, 0.6)
    y = 28
    for row in c["rows"]:
        y = L.para(10, y, row, 5, 82)[3] + 3.5
    L.stamp(60, 104, "驿站专用", 4)
    return L


LAYOUTS = {f.__name__: f for f in (lanxi, heyu, duchuan, group, form, packet, pharmacy, farm, comeback, heavy, repair, roll, upright, sticker, poster)}
