"""Thirteen layouts of carriers that do not exist, as they reach a university's courier station, and a sheet that is no label."""

from kit import Label

RED, BLUE, GREEN, VIOLET, TEAL = (186, 28, 40), (24, 66, 148), (18, 110, 70), (96, 48, 140), (10, 110, 120)
WHITE = (252, 252, 250)


def tint(L, colour):
    """Colour only where the label is printed with it."""
    return colour if L.case["dots"] > 8 else L.ink


def extras(L, x, y, h, w):
    for line in L.case.get("extra", ()):
        y = L.para(x, y, line, h, w)[3] + 0.4
    return y


def stuff(L, x, y, h, w, goods="物品：", remark="备注："):
    """Goods, remark and what is no field, one below the other."""
    y = L.put("goods", x, y, h, w, prefix=goods)[3] + 0.7
    if L.value("remark"):
        y = L.put("remark", x, y, h + 0.2, w, prefix=remark)[3] + 0.7
    return extras(L, x, y, h - 0.3, w)


def fine(L, x, y, h, w):
    """Small print that is no field."""
    L.para(x, y, "您对本件的签收，视为已核对收件信息并确认外包装完好。遇要求转账的“退款客服”请勿相信。", h, w)


def marks(L, x, y):
    if "stamp" in L.case:
        L.stamp(x, y, L.case["stamp"], 3.6)
    if "pen" in L.case:
        L.pen(L.case.get("pen_x", x - 8), L.case.get("pen_y", y), L.case["pen"], L.case.get("pen_h", 4.4))


def yanchi(case):
    """砚池速递: 76 x 130, bar code first, three-part route, discs."""
    L = Label(case, 76, 130)
    L.text(3, 2.4, "砚池速递", 4.6, True, cond=1)
    L.text(0, 3, case["date"], 2.6, right=73)
    L.code(6, 9, 64, 11, "bar", human=3.2, spaced=True)
    L.line(1, 25.4, 75, 25.4, 0.5)
    L.text(0, 25.8, case["route"], 9.5, True, mid=38, cond=0.92)
    L.line(1, 37, 75, 37, 0.5)
    L.text(3, 37.8, case["hub"], 4.4, True)
    L.text(0, 38.4, "校园件", 3.4, True, right=73)
    L.line(1, 43.6, 75, 43.6, 0.3)
    L.badge(3, 45.6, case["tags"][0][:1], 4.8, "disc")
    y = max(L.person("r", 12, 45, 4, 61, case.get("order", "np/a"), case.get("strong", "np")), 62)
    L.line(1, y, 75, y, dash=1)
    L.badge(3.4, y + 1.6, case["tags"][1][:1], 3.6, "disc")
    y = max(L.person("s", 12, y + 1.2, 2.9, 61, "np/a", ""), y + 10)
    L.line(1, y, 75, y, 0.3)
    L.code(3, y + 2, 21, 21, "qr", "qr")
    stuff(L, 28, y + 1.6, 2.8, 45)
    marks(L, 44, y + 17)
    fine(L, 3, 116.4, 2.2, 70)
    L.text(3, 124.6, "快递实名收寄 请当面验货", 2.3)
    L.text(0, 124.6, "1/1", 2.6, right=73)
    return L


def tongyin(case):
    """桐荫快运: 100 x 150, a ruled table with 姓名, 电话, 地址 in rows."""
    L = Label(case, 100, 150)
    L.rect(2, 2, 98, 148, 0.4)
    L.text(5, 3.6, "桐荫快运", 6, True, tint(L, GREEN), cond=1)
    L.text(34, 5.6, "TONGYIN PARCEL", 3, False)
    L.text(0, 5, "标准件", 4, True, right=95)
    L.line(2, 12.4, 98, 12.4, 0.4)
    L.text(5, 13, case["route"], 10.5, True, cond=0.95)
    L.text(0, 15.6, case["hub"], 5.4, True, right=95)
    L.line(2, 26, 98, 26, 0.4)

    def block(who, y, tag, h, bold):
        top = y
        L.line(14, y + h * 1.7, 98, y + h * 1.7, 0.2)
        L.text(16, y + 0.8, "姓名", h * 0.8)
        L.put(who + "n", 28, y + 0.5, h, 24, bold)
        L.line(53, y, 53, y + h * 1.7, 0.2)
        L.text(54.5, y + 0.8, "电话", h * 0.8)
        low = L.put(who + "p", 65, y + 0.5, h if L.width(L.value(who + "p") or "", h, bold) < 32 else h * 0.74, 32, bold)[3]
        y = max(y + h * 1.7, low + 0.4)
        L.text(16, y + 1, "地址", h * 0.8)
        low = L.put(who + "a", 28, y + 0.8, h, 68)[3]
        y = max(y + h * 3.4, low + 0.9)
        L.vtext(6, (top + y) / 2 - 2.3 * len(tag), tag, 4, True)
        L.line(14, top, 14, y, 0.25)
        L.line(2, y, 98, y, 0.4)
        return y

    y = block("r", 26, case["tags"][0], 4.3, True)
    y = block("s", y, case["tags"][1], 3.2, False)
    y = L.code(12, y + 2, 76, 13, "bar", human=3.4)[3] + 5.4
    L.line(2, y, 98, y, 0.3)
    L.code(71, y + 2, 24, 24, "qr", "qr")
    stuff(L, 5, y + 1.6, 3, 62, "内件品名 ", "备注 ")
    marks(L, 46, y + 17)
    L.line(2, 131, 98, 131, 0.2)
    fine(L, 5, 132.4, 2.6, 66)
    L.text(5, 143.6, "打印 " + case["date"] + " 09:41", 2.5)
    L.text(0, 143.6, "签收人", 2.8, right=76)
    return L


def wuqi(case):
    """梧栖速运: 100 x 180, black bars as heads, a second ply below the tear."""
    L = Label(case, 100, 180)
    L.rect(0, 0, 100, 10, fill=tint(L, BLUE))
    L.text(4, 1.8, "梧栖速运", 6, True, WHITE, cond=1)
    L.text(0, 3, "WUQI 24H", 3.8, True, WHITE, right=96)
    L.text(0, 10.6, case["route"], 13, True, mid=50)
    L.line(2, 26, 98, 26, 0.4)
    L.text(5, 26.8, case["hub"], 5.2, True)
    L.text(0, 27.6, "件数 1/1   1.2kg", 3, right=95)
    L.line(2, 34, 98, 34, 0.4)
    L.badge(4, 36.4, case["tags"][0], 5.2, "box")
    x = 8 + max(6.4, L.width(case["tags"][0], 5.2, True, 1.0))
    y = max(L.person("r", x, 35.4, 4.8, 96 - x, case.get("order", "np/a"), case.get("strong", "np"), 4.5), 55)
    L.line(2, y, 98, y, 0.3)
    L.badge(4, y + 1.6, case["tags"][1], 3.8, "box")
    y = max(L.person("s", x, y + 1.4, 3.3, 96 - x, "np/a", ""), y + 11)
    L.line(2, y, 98, y, 0.3)
    y = L.code(10, y + 2, 80, 15, human=3.6, spaced=True)[3] + 6
    L.line(0, y, 100, y, dash=1.6)
    L.text(4, y + 1.4, "收件联", 3, True)
    L.code(30, y + 2, 60, 8, human=2.5)
    y += 15
    yy = L.person("r", 12, y, 3.3, 56, "n/p/a", "", tag="second")
    L.text(4, y, case["tags"][0], 3.3, True) if len(case["tags"][0]) == 1 else L.vtext(4, y, case["tags"][0], 3.3, True)
    yy = max(yy, y + 13)
    L.text(4, yy + 0.4, case["tags"][1], 3, True) if len(case["tags"][1]) == 1 else L.vtext(4, yy + 0.4, case["tags"][1], 3, True)
    yy = L.person("s", 12, yy + 0.4, 2.9, 56, "np/a", "", tag="second")
    L.code(71, y, 25, 25, "qr", "qr")
    y = max(yy, y + 27) + 1
    L.line(2, y, 98, y, 0.25)
    stuff(L, 4, y + 1.2, 3, 90)
    marks(L, 66, y + 8)
    fine(L, 4, 165, 2.6, 90)
    L.text(0, 174.6, "打印时间 " + case["date"] + " 16:20", 2.6, right=96)
    return L


def shiguang(case):
    """拾光书递: 120 x 84 lying, serif heads, code column left."""
    L = Label(case, 120, 84)
    L.rect(1.5, 1.5, 118.5, 82.5, 0.5)
    L.rect(2.6, 2.6, 117.4, 81.4, 0.2)
    L.line(34, 2.6, 34, 81.4, 0.25)
    L.text(0, 5, "拾光", 8, True, tint(L, RED), face="serifbold", mid=18.3, cond=1)
    L.text(0, 14.6, "书 递", 5, True, face="serifbold", mid=18.3, cond=1)
    L.code(7.5, 23, 22, 22, "qr", "qr")
    L.text(0, 48, case["route"], 5, True, mid=18.3, cond=0.85)
    L.text(0, 55, case["hub"], 3.6, True, mid=18.3)
    L.text(0, 61, "印刷品", 3.4, mid=18.3)
    L.text(0, 75, case["date"], 2.8, mid=18.3)
    w = case["tags"]
    L.text(37, 5, w[0], 3.4, True)
    y = max(L.person("r", 38 + L.width(w[0], 3.4, True), 4.4, 4.7, 76 - L.width(w[0], 3.4, True), case.get("order", "np/a"), case.get("strong", "n")), 22)
    L.line(34, y, 117.4, y, 0.25)
    L.text(37, y + 1.4, w[1], 3, True)
    y = max(L.person("s", 38 + L.width(w[0], 3.4, True), y + 1.2, 3.4, 76 - L.width(w[0], 3.4, True), "np/a", ""), y + 10)
    L.line(34, y, 117.4, y, 0.25)
    y = L.code(38, y + 1.8, 74, 10, human=2.8)[3] + 4.4
    L.line(34, y, 117.4, y, 0.25)
    stuff(L, 37, y + 1.2, 2.9, 78, "书目 ", "附言 ")
    marks(L, 88, 68)
    return L


def quexiang(case):
    """雀巷即送: 72 x 118, shop's slip with dishes; who gets it stands at the foot."""
    L = Label(case, 72, 118)
    L.text(0, 2, "#" + str(case.get("seq", 37)) + " 雀巷即送", 6.4, True, mid=36)
    L.put("sn", 4, 11, 3.4, 64, True)
    y = 16
    y = L.put("sp", 4, y, 2.8, 64, prefix="商家电话 ")[3] + 0.5 if case["sp"] else y
    y = L.put("sa", 4, y, 2.8, 64, prefix="商家地址 ")[3] + 0.8
    L.line(2, y, 70, y, dash=1)
    L.text(4, y + 1, "下单 " + case["date"] + " 17:52", 2.6)
    L.text(0, y + 1, "学生餐", 2.8, True, right=68)
    y = L.put("goods", 4, y + 5.4, 3.6, 64)[3] + 1
    if L.value("remark"):
        y = L.put("remark", 4, y, 3.8, 64, True, prefix="备注:")[3] + 1
    y = extras(L, 4, y, 2.7, 64)
    y = max(y, 55)
    L.line(2, y, 70, y, dash=1)
    y = max(L.person("r", 4, y + 1.4, 4.4, 64, case.get("order", "a/np"), case.get("strong", "na")), y + 20)
    L.line(2, y, 70, y, dash=1)
    L.code(6, y + 2, 40, 9, "bar")
    L.code(52, y + 1.6, 16, 16, "qr", "qr")
    L.text(6, y + 12, case["no"], 2.8)
    marks(L, 18, y + 16)
    return L


def ruku(case):
    """校园集配入库签: 75 x 50 sticker the station puts on: shelf code big, little else."""
    L = Label(case, 75, 50)
    L.rect(1, 1, 74, 49, 0.3, round_=2)
    L.text(3, 1.8, case["route"], 10, True, cond=1)
    L.text(0, 3, case["hub"], 3.6, True, right=72)
    L.text(0, 8, case["date"], 2.5, right=72)
    L.line(1, 14.2, 74, 14.2, 0.3)
    L.text(3, 15.6, case["tags"][0], 3.4, True)
    y = L.person("r", 5 + L.width(case["tags"][0], 3.4, True), 15, 3.8, 66 - L.width(case["tags"][0], 3.4, True), case.get("order", "np/a"), case.get("strong", "np"), 3.2)
    y = max(y, 28)
    L.line(1, y, 74, y, 0.2)
    L.code(3, y + 1.4, 48, 8, human=2.5)
    L.code(57, y + 1.4, 15, 15, "qr", "qr")
    if L.value("goods") and not L.value("remark"):
        L.put("goods", 3, 44.6, 2.6, 50, prefix="物品 ")
    if L.value("remark"):
        L.put("remark", 3, 44.6, 2.7, 52, prefix="备注 ")
    marks(L, 10, 29)
    return L


def jiuwu(case):
    """旧屿漂流: 100 x 100, from student to student; rounded boxes, address first."""
    L = Label(case, 100, 100)
    L.text(4, 2.6, "旧屿漂流", 6, True, tint(L, TEAL), cond=1)
    L.text(32, 4.6, "闲置专送 · 二手好物", 3)
    L.text(0, 3.4, case["route"], 5.4, True, right=96, cond=0.9)
    L.rect(3, 11, 97, 37, 0.4, round_=3)
    L.badge(5.4, 13, case["tags"][0], 4.4, "ring")
    L.person("r", 15 if len(case["tags"][0]) < 2 else 20, 12.2, 4.3, 80 if len(case["tags"][0]) < 2 else 75, case.get("order", "a/np"), case.get("strong", "n"))
    L.rect(3, 39, 97, 59, 0.3, round_=3)
    L.badge(5.8, 41, case["tags"][1], 3.6, "ring")
    L.person("s", 15 if len(case["tags"][0]) < 2 else 20, 40, 3.4, 80 if len(case["tags"][0]) < 2 else 75, "a/np", "")
    L.code(5, 62, 60, 11, "bar", human=3)
    L.code(73, 61.5, 23, 23, "qr", "qr")
    stuff(L, 5, 78, 2.9, 66, "宝贝：", "留言：")
    marks(L, 62, 86)
    L.text(0, 95, "打印 " + case["date"], 2.4, right=96)
    return L


def kaowu(case):
    """槐序考务专递: 150 x 100 on an envelope, red heads, receiver and sender side by side."""
    L = Label(case, 150, 100, (253, 251, 244))
    red = tint(L, RED)
    L.text(5, 3, "槐序专递", 8, True, red, face="serifbold", cond=1)
    L.text(42, 6, "机要 · 考务 · 档案", 4, False, red, face="serif", cond=1)
    L.code(96, 3, 50, 9, human=2.8)
    L.line(3, 17, 147, 17, 0.5)
    for x, who, tag, w in ((3, "r", case["tags"][0], 77), (81, "s", case["tags"][1], 65)):
        L.rect(x, 19, x + w, 62, 0.3)
        L.rect(x, 19, x + w, 25.4, fill=red)
        L.text(x + 2, 19.9, tag, 3.8, True, WHITE, cond=1)
        h = 4.2 if who == "r" else 3.6
        y = L.put(who + "n", x + 2, 27, h, w - 4, who == "r", prefix="单位/姓名 ")[3] + 1
        y = L.put(who + "p", x + 2, y, h, w - 4, prefix="电话 ")[3] + 1
        L.put(who + "a", x + 2, y, h, w - 4, prefix="地址 ")
    L.rect(3, 64, 147, 96, 0.3)
    L.code(122, 68, 22, 22, "qr", "qr")
    L.text(6, 66, case["route"], 7, True)
    L.text(60, 67.4, case["hub"], 4.6, True)
    y = stuff(L, 6, 76, 3.3, 112, "内装：", "备注：")
    L.text(6, 90.4, "交寄日期 " + case["date"] + "   封口完好方可签收", 2.8)
    marks(L, 92, 78)
    return L


def huifa(case):
    """回筏退换: 76 x 120, a big 退, sender above the receiver."""
    L = Label(case, 76, 120)
    L.rect(3, 3, 15, 15, fill=L.ink)
    L.text(0, 4, "退", 9, True, WHITE, mid=9, cond=1)
    L.text(18, 3, "回筏退换", 5.4, True, cond=1)
    L.text(18, 10, "上门取件  " + case["date"], 2.8)
    L.line(2, 17.5, 74, 17.5, 0.4)
    L.text(3, 18, case["tags"][1], 3, True)
    y = max(L.person("s", 3, 22, 3.6, 70, case.get("sorder", "np/a"), "n"), 35)
    L.line(2, y, 74, y, dash=1.2)
    L.text(3, y + 0.8, case["tags"][0], 3, True)
    y = max(L.person("r", 3, y + 4.8, 3.6, 70, case.get("order", "np/a"), "n"), y + 19)
    L.line(2, y, 74, y, 0.4)
    L.text(3, y + 0.6, case["route"], 6.4, True)
    L.text(0, y + 2, case["hub"], 3.8, True, right=73)
    y = L.code(6, y + 9.4, 64, 11, "bar", human=3)[3] + 4.8
    L.line(2, y, 74, y, 0.3)
    L.code(54, y + 1.8, 19, 19, "qr", "qr")
    stuff(L, 3, y + 1.6, 2.8, 48, "退货商品：", "退货原因：")
    marks(L, 30, y + 14)
    return L


def jizhou(case):
    """极昼数码配: 100 x 150, black frame, Data Matrix, serial numbers in small print."""
    L = Label(case, 100, 150)
    L.rect(2, 2, 98, 148, 0.7)
    L.text(5, 4, "POLAR DAY", 5, True, tint(L, VIOLET))
    L.text(5, 10, "极昼数码配", 3.6, True, cond=1)
    L.code(74, 4.4, 21, 21, "qr", "dm")
    L.text(5, 15.4, case["route"], 9.5, True, cond=0.9)
    L.text(46, 5.4, "保价 ¥2000\n".strip(), 3.4)
    L.text(46, 10, "轻放 勿压", 3.4, True)
    L.line(2, 27.6, 98, 27.6, 0.5)
    w = max(L.width(t, 3.6, True) for t in case["tags"])
    L.text(5, 29.6, case["tags"][0], 3.6, True)
    y = max(L.person("r", 8 + w, 29, 4.3, 87 - w, case.get("order", "np/a"), case.get("strong", "p")), 48)
    L.line(2, y, 98, y, 0.25)
    L.text(5, y + 1.6, case["tags"][1], 3.6, True)
    y = max(L.person("s", 8 + w, y + 1.4, 3.3, 87 - w, "np/a", ""), y + 11)
    L.line(2, y, 98, y, 0.25)
    L.text(5, y + 0.8, case["hub"], 4.6, True)
    y = L.code(10, y + 8, 80, 14, "bar", human=3.4, spaced=True)[3] + 5.6
    L.line(2, y, 98, y, 0.25)
    stuff(L, 5, y + 1.6, 3, 90, "商品 ", "备注 ")
    marks(L, 60, y + 17)
    L.line(2, 130, 98, 130, 0.2)
    fine(L, 5, 131.4, 2.7, 88)
    L.text(5, 142.6, "打印日期 " + case["date"] + "   第三方仓发货", 2.5)
    return L


def songxue(case):
    """松雪冷链: 90 x 140, a band of temperature, upright code at the right edge."""
    L = Label(case, 90, 140)
    L.rect(0, 0, 90, 13, fill=tint(L, TEAL))
    L.text(4, 2, "松雪冷链", 7.4, True, WHITE, cond=1)
    L.text(0, 3.6, case.get("temp", "0~4℃"), 5.4, True, WHITE, right=86)
    L.text(4, 14, case["route"], 9.5, True)
    L.text(4, 25.4, case["hub"], 4.8, True)
    L.text(0, 26.4, case["date"], 3, right=72)
    L.line(2, 32, 74, 32, 0.4)
    L.code(77, 18, 9.4, 74, "bar", turn=90)
    L.badge(3, 34, case["tags"][0], 4.6, "plain")
    x = 5 + L.width(case["tags"][0], 4.6, True)
    y = max(L.person("r", x, 33.6, 4.1, 73 - x, case.get("order", "np/a"), case.get("strong", "na")), 54)
    L.line(2, y, 74, y, 0.25)
    L.badge(3, y + 1.2, case["tags"][1], 3.6, "plain")
    y = max(L.person("s", x, y + 1.2, 3.2, 73 - x, "n/p/a", ""), y + 13)
    L.line(2, y, 88, y, 0.4) if y > 93 else L.line(2, y, 74, y, 0.4)
    y = max(y, 94)
    stuff(L, 4, y + 1, 3.1, 56, "品名：", "备注：")
    L.code(64, y + 2, 22, 22, "qr", "qr")
    L.text(4, 131, case["no"], 3.2, True)
    L.text(0, 131.4, "开箱即冷藏", 3, right=86)
    marks(L, 30, 118)
    return L


def loujian(case):
    """楼间小递: 90 x 60 slip between dormitories, printed, or filled in with a pen where `hand` is set."""
    L = Label(case, 90, 60, (250, 247, 236) if case.get("hand") else (252, 252, 250))
    L.text(4, 2, "楼间小递", 5, True, tint(L, GREEN), cond=1)
    L.text(26, 3.6, case["hub"], 3)
    L.text(0, 2.4, case["route"], 4.6, True, right=86, cond=0.9)
    L.line(2, 9, 88, 9, 0.4)
    for who, y, tag in (("r", 10, case["tags"][0]), ("s", 26, case["tags"][1])):
        L.text(4, y + 0.8, tag, 3.2, True)
        x = 6 + L.width(tag, 3.2, True)
        if case.get("hand"):
            party = {"r": "receiver", "s": "sender"}[who]
            b = L.pen(x, y, case[who + "n"], 4, field="name", party=party)
            L.pen(max(b[2] + 4, 46), y, case[who + "p"], 3.8, field="phone", party=party)
            L.pen(x, y + 7, case[who + "a"], 3.5, field="address", party=party)
            L.line(x, y + 6.2, 86, y + 6.2, 0.15)
            L.line(x, y + 13.4, 86, y + 13.4, 0.15)
        else:
            L.person(who, x, y, 3.8 if who == "r" else 3.2, 86 - x, "np/a", "n" if who == "r" else "", 3.4 if who == "r" else 3)
    L.line(2, 41, 88, 41, 0.3)
    L.code(4, 43, 40, 8, human=2.5)
    L.code(70, 42.6, 16, 16, "qr", "qr")
    stuff(L, 48, 42.4, 2.6, 21, "物 ", "注 ")
    L.text(4, 55.4, case["date"], 2.4)
    marks(L, 28, 52)
    return L


def hailu(case):
    """海庐国际 HAILU INTL: 100 x 150, two languages, ruled."""
    L = Label(case, 100, 150)
    L.rect(2, 2, 98, 148, 0.4)
    L.text(5, 3.6, "HAILU INTL", 6, True, tint(L, BLUE))
    L.text(5, 10.4, "海庐国际小包", 3.4, cond=1)
    L.text(0, 4, case["route"], 8, True, right=95, cond=0.9)
    L.line(2, 15.6, 98, 15.6, 0.4)
    L.code(12, 17.4, 76, 12, human=3.2, spaced=True)
    L.line(2, 34.6, 98, 34.6, 0.4)
    L.text(4, 35.2, "TO 收件人", 3, True)
    y = L.put("rn", 4, 39.2, 4.2, 90, True, prefix="Name ")[3] + 0.5
    y = L.put("rp", 4, y, 4, 90, prefix="Tel ")[3] + 0.5
    y = max(L.put("ra", 4, y, 4, 90, prefix="Add ")[3] + 1, 61)
    L.line(2, y, 98, y, 0.3)
    L.text(4, y + 0.6, "FROM 寄件人", 2.8, True)
    y = L.put("sn", 4, y + 4.4, 3.3, 90, prefix="Name ")[3] + 0.4
    y = L.put("sp", 4, y, 3.3, 90, prefix="Tel ")[3] + 0.4
    y = L.put("sa", 4, y, 3.3, 90, prefix="Add ")[3] + 1
    L.line(2, y, 98, y, 0.3)
    L.code(70, y + 2, 25, 25, "qr", "qr")
    stuff(L, 4, y + 1.6, 3, 62, "Contents 内件 ", "Note 备注 ")
    L.text(4, y + 25, "Hub " + case["hub"] + "   " + case["date"], 2.8)
    marks(L, 40, y + 32)
    L.line(2, y + 31, 98, y + 31, 0.3)
    L.para(4, 134, "I certify that the particulars given are correct. 本件不含违禁品。", 2.6, 90)
    L.text(4, 142, "Signature / 签名 ____________", 2.8)
    return L


def sheet(case):
    """No label: a sheet on the station's door."""
    L = Label(case, 105, 148, (252, 244, 210))
    L.rect(3, 3, 102, 145, 0.8)
    L.text(0, 10, case["heading"], 9, True, RED, mid=52.5, cond=1)
    y = 28
    for line in case["extra"]:
        y = L.para(9, y, line, 4.8, 88)[3] + 3
    if "stamp" in case:
        L.stamp(60, 122, case["stamp"], 4)
    return L


LAYOUTS = {
    "yanchi": yanchi, "tongyin": tongyin, "wuqi": wuqi, "shiguang": shiguang, "quexiang": quexiang, "ruku": ruku, "jiuwu": jiuwu,
    "kaowu": kaowu, "huifa": huifa, "jizhou": jizhou, "songxue": songxue, "loujian": loujian, "hailu": hailu, "sheet": sheet,
}  # fmt: skip
