"""Thirteen layouts of carriers that do not exist, an inspector's card and a sheet that is no label."""

from kit import Label

NAVY, TEAL, RED, AMBER = (18, 46, 120), (8, 108, 112), (190, 28, 36), (206, 104, 10)
WHITE = (252, 252, 250)


def tail(L, x, y, h, w, goods="内件：", remark="备注：", step=0.7):
    """Goods, remark, small print. Returns y below."""
    if L.value("goods"):
        y = L.put("goods", x, y, h, w, prefix=goods)[3] + step
    if L.value("remark"):
        y = L.put("remark", x, y, h * 1.06, w, prefix=remark)[3] + step
    for line in L.case.get("extra", ()):
        y = L.para(x, y, line, h * 0.88, w)[3] + 0.3
    return y


def pens(L, x, y):
    x, y = L.case.get("at", (x, y))
    if "stamp" in L.case:
        L.stamp(x, y, L.case["stamp"], 3.6)
    if "pen" in L.case:
        L.pen(x, y, L.case["pen"], L.case.get("pen_h", 4.6))


def tide(c):
    """潮汐速运: 76 x 130, bars first, a black band with the sorting code, black side tabs."""
    L = Label(c, 76, 130)
    L.text(3, 2, "潮汐速运", 4.4, True, cond=1)
    L.text(0, 2.6, c["date"] + " 第1/1件", 2.6, right=73)
    L.code(8, 8, 60, 11, human=3, spaced=True)
    L.rect(2, 24, 74, 35.5, fill=L.ink)
    L.text(0, 24.2, c["route"], 8.6, True, WHITE, cond=0.95, mid=38)
    L.text(3, 36.4, "→ " + c["hub"], 4.4, True)
    L.line(2, 43, 74, 43, 0.35)
    y = max(L.person("r", 11, 44.2, 4.1, 62, c.get("order", "np/a"), c.get("strong", "np")), 61)
    L.rect(2, 43, 9, y, fill=L.ink)
    L.vtext(3.4, 46.5, c["tags"][0], 4, True, WHITE)
    y2 = max(L.person("s", 11, y + 1, 3, 62, "np/a", ""), y + 3 + 3.7 * max(2, len(c["tags"][1])))
    L.rect(2, y, 9, y2, 0.35)
    L.vtext(3.8, y + 1.4, c["tags"][1], 3.2)
    L.line(2, y2, 74, y2, 0.35)
    L.code(53, y2 + 2, 19, 19, "qr", "qr")
    yy = tail(L, 3, y2 + 1.6, 2.9, 48)
    yy = max(yy, y2 + 23)
    L.line(2, yy, 74, yy, dash=1.2)
    L.text(3, yy + 1, "签收人：____________  签收时间：__________", 2.6)
    L.para(3, yy + 5, c.get("fine", "快件送达时请当面验收。本单不含真实号码，谨防刷单诈骗。"), 2.2, 68)
    if len(c["goods"]) % 2 == 0 and "stamp" not in c:  # what shops print where room is left
        L.rect(6, yy + 13, 70, yy + 22, 0.3, round_=1.5)
        L.text(0, yy + 14.4, "晚发必赔 · 七天无理由退换", 4.4, True, mid=38)
    pens(L, 12, yy - 8)
    return L


def shell(c):
    """海贝快递: 100 x 150, big code left of a logo box, a second ply for the receiver with small type."""
    L = Label(c, 100, 150)
    L.rect(2, 2, 98, 148, 0.4, round_=2)
    L.text(5, 3.4, "海贝快递", 6, True, NAVY if L.dots > 8 else None, cond=1)
    L.text(34, 6.2, "电商特惠", 3.2)
    L.text(0, 3.6, c["hub"], 5, True, right=95)
    L.line(2, 12, 98, 12, 0.4)
    L.text(0, 12.2, c["route"], 12, True, cond=0.95, mid=50)
    L.line(2, 27, 98, 27, 0.4)
    x = max(L.badge(5, 29, c["tags"][0], 5, "disc"), 12) + 2
    y = max(L.person("r", x, 28.2, 4.6, 94 - x, c.get("order", "np/a"), c.get("strong", "npa"), 4.3), 46)
    L.line(2, y, 98, y, 0.3)
    L.badge(5, y + 1.6, c["tags"][1], 3.4, "ring")
    y = max(L.person("s", x, y + 1.2, 3.2, 94 - x, "np/a", ""), y + 11)
    L.line(2, y, 98, y, 0.3)
    L.code(13, y + 2, 74, 15, human=3.8, spaced=True)
    y += 24
    L.line(2, y, 98, y, dash=1.6)
    L.text(5, y + 1, "客户留存联", 2.6, True)
    L.text(0, y + 1, c["date"] + " 10:2" + str(L.rng.randrange(9)), 2.4, right=95)
    L.code(5, y + 5.5, 24, 24, "qr", "qr")
    yy = L.person("r", 33, y + 5, 3.2, 61, "np/a", "", tag="second", labels=("收 ", "", ""))
    yy = L.person("s", 33, yy, 2.9, 61, "np/a", "", tag="second", labels=("寄 ", "", ""))
    L.line(33, yy, 94, yy, 0.2)
    yy = tail(L, 33, yy + 0.8, 2.9, 61, "品名 ", "留言 ")
    L.para(5, 138.5, "签收前请检查外包装，破损请拒收。客服热线 95620", 2.3, 88)
    pens(L, 60, 128)
    return L


def mini(c):
    """盐粒小件: 60 x 40, receiver alone on a tiny sticker."""
    L = Label(c, 60, 40)
    L.text(2, 1, c["route"], 5.4, True, cond=0.95)
    L.text(0, 1.4, "盐粒小件", 3, True, right=58)
    L.line(1.5, 8, 58.5, 8, 0.3)
    y = L.person("r", 2.5, 8.8, 3.3, 55, c.get("order", "np/a"), "n")
    if L.value("sn"):
        y = L.person("s", 2.5, max(y, 19), 2.5, 55, "np/a" if L.value("sa") else "np", "", labels=(c["tags"][1] + " ", "", ""))
    y = max(y, 25)
    L.line(1.5, y, 58.5, y, 0.2)
    L.code(4, y + 1, 52, min(7, 36 - y - 1), human=2.3)
    return L


def strip(c):
    """连洲同城: 80 x 60, landscape, word badges, large QR at the right."""
    L = Label(c, 80, 60)
    L.rect(1.5, 1.5, 78.5, 58.5, 0.4)
    L.text(3.5, 2.2, "连洲同城", 4.2, True, cond=1)
    L.text(26, 2.2, c["route"], 4.6, True)
    L.text(0, 3, c["date"][5:] + " 送达", 2.8, right=76)
    L.line(1.5, 9, 78.5, 9, 0.4)
    x = max(L.badge(3, 10, c["tags"][0], 3.4, "box"), 8) + 1.4
    y = max(L.person("r", x, 9.8, 3.6, 77 - x, c.get("order", "np/a"), "np"), 22)
    L.line(1.5, y, 78.5, y)
    L.badge(3, y + 1, c["tags"][1], 2.8, "box")
    y = max(L.person("s", x, y + 0.8, 2.8, 77 - x, "np/a", ""), y + 8)
    L.line(1.5, y, 78.5, y)
    L.code(61, y + 1.4, 16, 16, "qr", "qr")
    L.code(4, y + 1.4, 52, 7, human=2.4)
    tail(L, 4, y + 12, 2.6, 54, "物品 ", "备注 ", 0.4)
    pens(L, 40, 46)
    return L


def cloud(c):
    """港湾云仓: 100 x 100, the warehouse's wave and shelf on top, columns below."""
    L = Label(c, 100, 100)
    L.rect(2, 2, 98, 12, fill=L.ink)
    L.text(4, 2.6, "港湾云仓", 5.6, True, WHITE, cond=1)
    L.text(0, 3.6, "波次 " + c.get("wave", "B1126-03") + "  库位 " + c.get("shelf", "C-07-1204"), 3.6, False, WHITE, right=96)
    L.text(4, 13, c["route"], 9.5, True, cond=0.95)
    L.text(0, 15, c["hub"], 5, True, right=96)
    L.line(2, 25, 98, 25, 0.4)
    x = 4 + L.width(c["tags"][0] + "：", 4, True)
    L.text(4, 26, c["tags"][0] + "：", 4, True)
    y = max(L.person("r", x, 26, 4.1, 95 - x, c.get("order", "np/a"), "np", 4), 42)
    L.line(2, y, 98, y)
    L.text(4, y + 0.9, c["tags"][1] + "：", 3, True)
    y = max(L.person("s", x, y + 0.8, 3, 95 - x, "np/a", ""), y + 9)
    L.line(2, y, 98, y)
    L.code(4, y + 2, 62, 13, human=3.2)
    L.code(72, y + 2, 23, 23, "qr", "qr")
    tail(L, 4, y + 20.5, 2.9, 64, "商品 ", "留言 ")
    L.text(0, 95, "打印 " + c["date"] + "  复核员07", 2.4, right=96)
    pens(L, 66, 74)
    return L


def cold(c):
    """镇礁冷运: 100 x 120, a band of teal, the address above name and phone."""
    L = Label(c, 100, 120)
    L.rect(0, 0, 100, 13, fill=TEAL if L.dots > 8 else L.ink)
    L.text(4, 2, "镇礁冷运", 7, True, WHITE, cond=1)
    L.text(0, 3.4, "生鲜·优先派送", 5, True, WHITE, right=96)
    L.text(4, 14, c["route"], 10, True)
    L.text(0, 16.4, c["hub"], 4.6, True, right=96)
    L.line(0, 27, 100, 27, 0.5)
    x = max(L.badge(4, 29, c["tags"][0], 4.4, "ring"), 12) + 2
    y = max(L.person("r", x, 28.4, 4.4, 95 - x, c.get("order", "a/np"), c.get("strong", "np")), 47)
    L.line(x, y, 96, y, dash=1)
    L.badge(4, y + 1.4, c["tags"][1], 3.4, "plain")
    y = max(L.person("s", x, y + 1.2, 3.2, 95 - x, "a/np", ""), y + 10)
    L.line(0, y, 100, y, 0.5)
    L.code(5, y + 2.4, 66, 13, human=3.4, spaced=True)
    L.code(75, y + 2, 21, 21, "qr", "qr")
    yy = tail(L, 5, y + 21.5, 3.2, 66, "品类 ", "备注 ")
    L.rect(4, 111, 96, 117.5, 0.4, round_=1)
    L.text(0, 111.7, "0~4℃ 保存   已验视   " + c["date"], 3.6, True, mid=50)
    pens(L, 70, 96)
    return L


def sail(c):
    """帆船快运: 100 x 180, three parts: sorting, people, merchant's list."""
    L = Label(c, 100, 180)
    L.code(4, 4, 66, 12, human=3)
    L.text(0, 3.4, "帆船", 7.4, True, AMBER if L.dots > 8 else None, cond=1, right=96)
    L.text(0, 12.4, "快 运", 4.4, True, right=96)
    L.line(2, 21.5, 98, 21.5, 0.5)
    L.text(4, 22, c["route"], 13.5, True, cond=0.92)
    L.line(2, 38.5, 98, 38.5, 0.5)
    L.text(4, 39.3, c["hub"], 5.4, True)
    L.text(0, 40.6, c["date"], 3.4, right=96)
    L.line(2, 47, 98, 47, 0.5)
    t = c["tags"]
    y = max(L.person("r", 7, 53.5, 4.6, 88, c.get("order", "np/a"), c.get("strong", "np")), 72)
    L.rect(4, 48.4, 6 + L.width(t[0], 3.2, True, 1.0), 53, fill=L.ink)
    L.text(5, 48.9, t[0], 3.2, True, WHITE, cond=1)
    L.line(4, y, 96, y)
    L.text(5, y + 1, t[1], 3, True, cond=1)
    y = max(L.person("s", 7, y + 5, 3.3, 88, "np/a", ""), y + 16)
    L.line(2, y, 98, y, dash=1.6)
    L.text(4, y + 1.2, "商家配货单", 3.4, True)
    L.code(72, y + 6, 24, 24, "qr", "qr")
    yy = tail(L, 5, y + 7, 3.3, 64, "商品：", "买家留言：", 1)
    yy = max(yy, y + 32)
    L.line(4, yy, 96, yy)
    L.code(14, yy + 3, 70, 13, human=3.4, spaced=True)
    L.para(4, 170, "投诉、索赔请联系 400-188-6203。请勿将面单照片发布到网络。", 2.6, 92)
    pens(L, 36, yy + 22)
    return L


def reverse(c):
    """礁石逆向: 76 x 105, returns, sender above receiver."""
    L = Label(c, 76, 105)
    L.rect(2, 2, 22, 10, fill=L.ink)
    L.text(0, 2.8, "退货", 5, True, WHITE, cond=1, mid=12)
    L.text(25, 3, "礁石逆向物流", 4.4, True)
    L.line(2, 11.5, 74, 11.5, 0.3)
    L.text(3, 12.2, c["tags"][1], 3.2, True)
    y = max(L.person("s", 4, 16.4, 3.4, 69, "np/a", "n"), 30)
    L.line(2, y, 74, y, dash=1)
    L.text(3, y + 0.8, c["tags"][0], 3.2, True)
    y = max(L.person("r", 4, y + 5, 3.7, 69, c.get("order", "np/a"), c.get("strong", "np")), y + 20)
    L.line(2, y, 74, y, 0.3)
    L.code(5, y + 1.6, 66, 10, human=2.8)
    y += 16.5
    L.line(2, y, 74, y, 0.3)
    L.code(55, y + 1.6, 17, 17, "qr", "qr")
    tail(L, 4, y + 1.2, 2.9, 50, "退货品：", "原因：")
    L.text(4, 100, c["date"] + " 上门取件", 2.4)
    pens(L, 8, 92)
    return L


def ocean(c):
    """纵海货运: 150 x 100, landscape, From on the left and To on the right, pieces."""
    L = Label(c, 150, 100)
    L.rect(2, 2, 148, 98, 0.5)
    L.text(5, 4, "纵海货运 ZH CARGO", 6, True)
    L.text(0, 3, c["route"], 9, True, right=145)
    L.line(2, 15, 148, 15, 0.5)
    L.line(62, 15, 62, 58, 0.4)
    L.text(5, 16, c["tags"][1], 4, True)
    L.person("s", 5, 22, 3.8, 55, "n/p/a", "n")
    L.text(65, 16, c["tags"][0], 4, True)
    L.person("r", 65, 22, 5, 81, c.get("order", "np/a"), c.get("strong", "npa"), 4.8)
    L.line(2, 58, 148, 58, 0.5)
    L.code(8, 61, 92, 16, human=4.4, spaced=True)
    L.code(118, 61, 27, 27, "qr", "qr")
    tail(L, 8, 84.5, 3.4, 100, "货名：", "备注：", 0.5)
    L.text(0, 91, c["date"] + "  " + c.get("pcs", "1/3") + " 件", 3.6, True, right=145)
    pens(L, 64, 46)
    return L


def station(c):
    """海星邮驿: 70 x 50, sticker of a pick-up point, big shelf code."""
    L = Label(c, 70, 50)
    L.text(3, 1.4, c["route"], 10.5, True, cond=0.95)
    L.text(0, 2, "海星邮驿", 3.4, True, right=68)
    L.text(0, 7, c["hub"], 3, right=68)
    L.line(2, 14.5, 68, 14.5, 0.4)
    y = L.person("r", 3, 15.4, 3.7, 64, c.get("order", "np/a"), "np", 3.3)
    if L.value("sn"):
        y = L.person("s", 3, max(y, 27), 2.5, 64, "np/a" if L.value("sa") else "np", "", labels=(c["tags"][1] + "：", "", ""))
    y = max(y, 33)
    L.code(5, y + 0.8, 60, min(9, 42.6 - y), human=2.3)
    L.text(3, 47, "到站 " + c["date"] + "  请3日内取件", 2.3)
    return L


def group(c):
    """群岛优团: 58 x 115, a group buy's slip from a receipt printer."""
    L = Label(c, 58, 115)
    L.text(0, 2, "群岛优团", 6, True, mid=29, cond=1)
    L.text(0, 10, c["hub"], 3.6, mid=29)
    L.text(0, 15, "#" + c["route"], 8, True, mid=29)
    L.line(3, 26, 55, 26, dash=0.9)
    y = L.person("r", 3.5, 27, 3.5, 51, "n/p/a", "n", labels=("顾客：", "电话：", "地址："))
    L.line(3, y, 55, y, dash=0.9)
    y = L.person("s", 3.5, y + 0.8, 3, 51, "n/p/a", "", labels=("商家：", "电话：", "地址："))
    L.line(3, y, 55, y, dash=0.9)
    y = tail(L, 3.5, y + 1, 3.1, 51, "", "备注：")
    L.line(3, y, 55, y, dash=0.9)
    L.text(3.5, y + 0.8, "共1单  已支付", 2.8)
    L.code(5, y + 6, 48, 9, human=2.5)
    L.text(0, y + 19.5, c["date"] + " 08:4" + str(L.rng.randrange(9)), 2.4, mid=29)
    pens(L, 24, 96)
    return L


def errand(c):
    """灯塔跑腿: 58 x 80, take from and bring to."""
    L = Label(c, 58, 80)
    L.rect(0, 0, 58, 9, fill=L.ink)
    L.text(3, 1.4, "灯塔跑腿", 5, True, WHITE, cond=1)
    L.text(0, 2.2, c["route"], 4.2, True, WHITE, right=55)
    L.text(3, 10, c["tags"][0], 3, True)
    y = max(L.person("r", 3, 14, 3.7, 52, c.get("order", "a/np"), "a"), 28)
    L.line(2, y, 56, y)
    L.text(3, y + 0.7, c["tags"][1], 2.6, True)
    y = max(L.person("s", 3, y + 4.2, 2.9, 52, "np/a", ""), y + 12)
    L.line(2, y, 56, y)
    L.code(40, y + 1.4, 15, 15, "qr", "qr")
    y = max(tail(L, 3, y + 1, 2.8, 35, "物品 ", "备注 "), y + 17.5)
    L.code(4, y, 48, 6, human=2.2)
    pens(L, 8, 58)
    return L


def table(c):
    """渔火电商: 100 x 113, two people's cells side by side, Data Matrix, rows in a table."""
    L = Label(c, 100, 113)
    L.rect(2, 2, 98, 111, 0.35)
    L.code(5, 4.5, 14, 14, kind="dm")
    L.text(23, 3.6, "渔火电商", 5.6, True, cond=1)
    L.text(23, 11.6, c["hub"], 4, True)
    L.text(0, 5, c["route"], 9, True, right=95)
    L.line(2, 20.5, 98, 20.5, 0.35)
    L.text(4, 21, c["tags"][0], 3.4, True)
    L.text(66, 21, c["tags"][1], 3, True)
    y = L.person("r", 4, 26, 4.2, 58, c.get("order", "n/p/a"), c.get("strong", "np"), 4)
    y = max(y, L.person("s", 66, 26, 3.1, 30, "n/p/a", ""), 54)
    L.line(64, 20.5, 64, y, 0.25)
    L.line(2, y, 98, y, 0.35)
    L.code(10, y + 2.2, 80, 13, human=3.4, spaced=True)
    y += 21
    L.line(2, y, 98, y, 0.35)
    L.code(75, y + 1.8, 20, 20, "qr", "qr")
    tail(L, 4, y + 1.4, 3.1, 68, "品　名 ", "留　言 ")
    L.text(4, 106.5, "打印日期 " + c["date"], 2.5)
    pens(L, 52, 98)
    return L


def card(c):
    """The inspector's card beside the parcel: no label, no field."""
    L = Label(c, 40, 26, (250, 240, 190))
    L.rect(1, 1, 39, 25, 0.5)
    L.text(0, 2.4, "市场监管抽查", 4, True, mid=20, cond=1)
    L.text(0, 9, c["shop_no"], 7, True, RED, mid=20, cond=1)
    L.text(0, 19, "规格 " + c["size_mm"], 3.4, mid=20, cond=1)
    return L


def sheet(c):
    """No label: the record sheet of the inspection, blank."""
    L = Label(c, 148, 105)
    L.text(0, 6, c["heading"], 7, True, mid=74, cond=1)
    for i, line in enumerate(c["extra"]):
        y = 22 + i * 13
        L.rect(8, y, 140, y + 13, 0.3)
        L.text(11, y + 3.4, line, 4.4)
    L.line(60, 22, 60, 22 + 13 * len(c["extra"]), 0.3)
    L.stamp(96, 78, "市场监管", 4.4)
    return L


LAYOUTS = {
    "tide": tide, "shell": shell, "mini": mini, "strip": strip, "cloud": cloud, "cold": cold, "sail": sail, "reverse": reverse,
    "ocean": ocean, "station": station, "group": group, "errand": errand, "table": table, "card": card, "sheet": sheet,
}  # fmt: skip
