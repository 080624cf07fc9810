"""Fourteen layouts of carriers that do not exist. Each takes a case and gives a Label."""

from kit import Label

BLUE, GREEN, RED, ORANGE = (22, 62, 150), (20, 104, 62), (190, 30, 38), (214, 96, 16)


def extras(L, x, y, h, maxw):
    """Small print that is no field: order numbers, weights, notes."""
    for line in L.case.get("extra", ()):
        y = L.para(x, y, line, h, maxw)[3] + 0.3
    return y


def small_print(L, x, y, h, maxw):
    return L.para(x, y, L.case.get("fine", "签收前请确认包装完好。索赔、退款请在原平台办理，谨防诈骗。"), h, maxw)[3]


def marks(L, x, y):
    """A stamp and pen writing where the layout has room."""
    if "stamp" in L.case:
        L.stamp(x + L.rng.uniform(-2, 2), y, L.case["stamp"], 3.6)
    if "pen" in L.case:
        L.pen(x - 6, y + 1, L.case["pen"], L.case.get("pen_h", 4.4))


def one_ply(L_case):
    """云雁速运: 76 x 130, route code on top, discs, a code at the foot."""
    L = Label(L_case, 76, 130)
    L.text(3, 2, "云雁速运", 5, True, cond=1.0)
    L.text(0, 2.6, "标准快递", 3.2, right=73)
    L.line(2, 9, 74, 9, 0.4)
    L.text(0, 9.6, L.case["route"], 10, True, cond=0.9, mid=38)
    L.line(2, 21.5, 74, 21.5)
    L.text(3, 22.2, "集 " + L.case["hub"], 4.6, True)
    L.text(0, 22.6, L.case["date"], 2.8, right=73)
    L.line(2, 28.5, 74, 28.5)
    L.badge(3, 31, L.case["tags"][0], 5, "disc")
    y = L.person("r", 12, 30, 4.1, 61, L.case.get("order", "np/a"), L.case.get("strong", "npa"))
    y = max(y, 46)
    L.line(2, y, 74, y, dash=1)
    L.badge(3.6, y + 2, L.case["tags"][1], 3.6, "ring")
    y = max(L.person("s", 12, y + 1.4, 2.9, 61, "np/a", ""), y + 10)
    L.line(2, y, 74, y)
    y = L.code(7, y + 2, 62, 13, human=3.2, spaced=True)[3] + 5.5
    L.line(2, y, 74, y)
    L.code(52, y + 2, 20, 20, "qr", "qr")
    yy = L.put("goods", 3, y + 1.5, 2.8, 46, prefix="物品：")[3] + 0.8
    yy = L.put("remark", 3, yy, 3, 46, prefix="备注：")[3] + 0.8
    yy = extras(L, 3, yy, 2.5, 46)
    small_print(L, 3, max(yy, 116), 2.1, 46)
    L.text(3, 124, "已验视  打印 " + L.case["date"], 2.4)
    marks(L, 30, y + 12)
    return L


def boxed(L_case):
    """禾风快递: 76 x 130, everything in ruled boxes, black tag boxes, vertical code on the right."""
    L = Label(L_case, 76, 130)
    L.rect(1.5, 1.5, 74.5, 128.5, 0.35)
    L.code(4, 3.5, 54, 11, human=2.8)
    L.text(61, 3.5, "禾风", 5, True, cond=1)
    L.text(61, 10, "快递", 5, True, cond=1)
    L.line(1.5, 19, 74.5, 19, 0.35)
    L.text(4, 19.4, L.case["route"], 8.4, True)
    L.text(4, 29, L.case["hub"], 4, True)
    L.line(1.5, 35, 74.5, 35, 0.35)
    L.draw.rectangle(L.px(1.5, 35, 8, 60), L.ink)
    L.vtext(2.9, 41, L.case["tags"][0], 4, True, (252, 252, 250))
    y = L.person("r", 10, 36.5, 3.9, 52, L.case.get("order", "np/a"), L.case.get("strong", "np"))
    L.code(64, 37, 8.6, 46, turn=90)
    y = max(y, 60)
    L.line(1.5, y, 63, y, 0.35)
    L.vtext(3, y + 3, L.case["tags"][1], 3.4)
    L.line(8, y, 8, y + 24, 0.25)
    yy = L.person("s", 10, y + 1.2, 2.8, 52, "n/p/a" if L.case["lv"] == 1 else "np/a", "")
    y = max(yy, 86)
    L.line(1.5, y, 74.5, y, 0.35)
    a = L.put("goods", 4, y + 1.2, 2.7, 68, prefix="托寄物：")[3]
    a = L.put("remark", 4, a + 0.8, 2.9, 68, prefix="备注 ")[3]
    a = extras(L, 4, a + 0.6, 2.5, 66)
    y = max(a + 1, 104)
    L.line(1.5, y, 74.5, y, 0.35)
    L.code(4, y + 1.5, 20, 20, "qr", "qr")
    L.text(28, y + 2, "签收栏", 2.6)
    L.text(28, y + 17, "日期   年   月   日", 2.6)
    marks(L, 44, y + 4)
    L.text(0, 125, L.case["date"], 2.3, right=73)
    return L


def two_ply(L_case):
    """青枫物流: 100 x 150, a second ply below the tear line."""
    L = Label(L_case, 100, 150)
    L.text(3, 2.4, "青枫物流 QF LOGISTICS", 4.2, True, GREEN if L.case["dots"] > 8 else None)
    L.text(0, 3, "代收货款" if L.case.get("cod") else "电商标快", 3.8, True, right=97)
    L.line(2, 9, 98, 9, 0.4)
    L.text(4, 9.4, L.case["route"], 11.5, True, cond=0.95)
    L.text(0, 12, L.case["hub"], 6, True, right=96)
    L.line(2, 23.5, 98, 23.5)
    left = max(16, L.badge(4, 26, L.case["tags"][0], 5.4, "box") + 1.8)
    y = L.person("r", left, 25, 4.6, 96 - left, L.case.get("order", "np/a"), L.case.get("strong", "np"), 4.2)
    y = max(y, 43)
    L.line(2, y, 98, y)
    L.badge(4, y + 1.6, L.case["tags"][1], 3.6, "plain")
    y = max(L.person("s", left, y + 1.4, 3.1, 96 - left, "np/a", ""), y + 10)
    L.line(2, y, 98, y)
    L.code(12, y + 1.8, 76, 14, human=3.6, spaced=True)
    y += 23
    L.line(2, y, 98, y, dash=1.4)
    L.text(0, y - 1.5, "✂", 3, right=12) if False else None
    L.text(4, y + 1.4, "收件联", 2.8, True)
    L.code(20, y + 1.6, 50, 7, human=2.4)
    y += 13.5
    L.badge(4, y + 0.4, L.case["tags"][0], 3.2, "plain")
    x = 8 + L.width(L.case["tags"][0], 3.2, True)
    yy = L.person("r", x, y, 3.1, 66 - x, "np/a", "", tag="second")
    L.badge(4, yy + 0.4, L.case["tags"][1], 3.2, "plain")
    yy = L.person("s", x, yy, 2.8, 66 - x, "np/a", "", tag="second")
    L.code(71, y, 25, 25, "qr", "qr")
    y = max(yy, y + 20)
    L.line(2, y, 69, y)
    y = L.put("goods", 4, y + 1, 2.9, 64, prefix="内件：")[3] + 0.8
    y = L.put("remark", 4, y, 3.1, 64, prefix="买家留言：")[3] + 0.8
    y = extras(L, 4, y, 2.6, 90)
    small_print(L, 4, max(y, 140), 2.2, 92)
    L.text(0, 146, "打印时间 " + L.case["date"] + " 14:0" + str(L.rng.randrange(9)), 2.4, right=97)
    marks(L, 66, 112)
    return L


def tall(L_case):
    """迅鹿速递: 100 x 180, address first, tags To / From in rings, foot ply with a list."""
    L = Label(L_case, 100, 180)
    L.rect(2, 2, 98, 178, 0.4)
    L.text(5, 3.5, "迅鹿", 7, True, cond=1)
    L.text(22, 4, "XUNLU\nEXPRESS".split("\n")[0], 3.2, True)
    L.text(22, 7.6, "EXPRESS", 3.2, True)
    L.code(44, 4, 50, 9, human=2.8)
    L.line(2, 17.5, 98, 17.5, 0.4)
    L.text(0, 18, L.case["route"], 13, True, cond=0.92, mid=50)
    L.line(2, 33, 98, 33, 0.4)
    L.text(5, 33.8, "目的地 " + L.case["hub"], 5, True)
    L.line(2, 41, 98, 41, 0.4)
    t = L.badge(5, 43.4, L.case["tags"][0], 4, "ring")
    t = max(t, 7.2 + L.width(L.case["tags"][1], 3.4, True, 1.0))
    y = L.person("r", t + 2, 42.6, 4.6, 95 - t, L.case.get("order", "a/np"), L.case.get("strong", "a"))
    y = max(y, 64)
    L.line(2, y, 98, y, 0.3)
    L.badge(5, y + 2, L.case["tags"][1], 3.4, "ring")
    y = max(L.person("s", t + 2, y + 1.6, 3.2, 95 - t, "a/np", ""), y + 12)
    L.line(2, y, 98, y, 0.3)
    L.code(5, y + 2, 24, 24, "qr", "qr")
    yy = L.put("goods", 34, y + 2, 3.2, 60, prefix="货品 ")[3] + 1
    yy = L.put("remark", 34, yy, 3.4, 60, prefix="备注 ")[3] + 1
    yy = extras(L, 34, yy, 2.8, 60)
    y = max(y + 29, yy)
    L.line(2, y, 98, y, dash=1.5)
    L.code(14, y + 2.5, 72, 12, human=3.4, spaced=True)
    y += 21
    L.line(2, y, 98, y, 0.3)
    L.text(5, y + 1, L.case["tags"][0], 3, True)
    yy = L.person("r", 20, y + 0.8, 3.1, 74, "np/a", "", tag="second")
    L.text(5, yy + 0.6, L.case["tags"][1], 3, True)
    yy = L.person("s", 20, yy + 0.6, 3, 74, "np/a", "", tag="second")
    small_print(L, 5, max(yy + 1, 168), 2.4, 60)
    L.text(0, 172.5, "打印 " + L.case["date"], 2.6, right=95)
    marks(L, 62, 98)
    return L


def returns(L_case):
    """鹊回退货: thermal return slip 100 x 100, sender above, receiver a returns department."""
    L = Label(L_case, 100, 100)
    L.draw.rectangle(L.px(0, 0, 100, 10), L.ink)
    L.text(4, 1.6, "退货 RETURN", 6, True, (252, 252, 250), cond=1)
    L.text(0, 2.6, "鹊回逆向物流", 4, True, (252, 252, 250), right=96, cond=1)
    L.text(4, 11.5, L.case["tags"][1], 3.4, True)
    y = L.person("s", 22, 11.5, 3.6, 74, "np/a", "n")
    y = max(y, 27)
    L.line(3, y, 97, y, 0.5)
    L.text(4, y + 1.4, L.case["tags"][0], 4.2, True)
    y = max(L.person("r", 22, y + 1.2, 4.4, 74, L.case.get("order", "n/p/a"), "npa"), y + 20)
    L.line(3, y, 97, y, 0.5)
    L.code(6, y + 2, 62, 12, human=3.2)
    L.code(74, y + 2, 22, 22, "qr", "qr")
    y = L.put("goods", 4, y + 19.5, 2.9, 66, prefix="退回商品：")[3] + 0.6
    y = L.put("remark", 4, y, 3, 66, prefix="退货原因：")[3] + 0.6
    y = extras(L, 4, y, 2.6, 92)
    L.text(0, 95.5, "打印 " + L.case["date"], 2.5, right=97)
    marks(L, 70, 78)
    return L


def instant(L_case):
    """山雀即送 (即日达): a till strip 72 x 150 with no rulings, large tail numbers."""
    L = Label(L_case, 72, 150)
    L.text(0, 2, "#" + str(L.rng.randrange(10, 260)) + " 山雀即送", 7, True, mid=36, cond=1)
    L.text(0, 11.5, "即日达 · " + L.case["hub"], 4, mid=36)
    L.line(3, 17.5, 69, 17.5, dash=1)
    y = 19
    y = extras(L, 4, y, 3, 64) + 0.6
    L.text(4, y, "下单 " + L.case["date"] + " 10:3" + str(L.rng.randrange(9)), 3)
    y += 4.6
    L.line(3, y, 69, y, dash=1)
    L.text(4, y + 1, L.case["tags"][0], 4, True)
    y = L.person("r", 4, y + 6.5, 4.8, 64, L.case.get("order", "a/n/p"), L.case.get("strong", "a"))
    L.line(3, y + 0.6, 69, y + 0.6, dash=1)
    L.text(4, y + 1.6, L.case["tags"][1], 3.4, True)
    y = L.person("s", 4, y + 6.6, 3.4, 64, "n/p/a", "n")
    L.line(3, y + 0.6, 69, y + 0.6, dash=1)
    y = L.put("goods", 4, y + 1.8, 3.2, 64, prefix="商品 ")[3] + 0.8
    y = L.put("remark", 4, y, 4, 64, bold=True, prefix="备注：")[3] + 1.4
    y = L.code(8, y, 56, 10, human=3)[3] + 5
    L.code(25, y, 22, 22, "qr", "qr")
    marks(L, 46, y + 2)
    return L


def pickup(L_case):
    """松果自提: 80 x 100 station sticker with a large shelf code."""
    L = Label(L_case, 80, 100)
    L.rect(1.5, 1.5, 78.5, 98.5, 0.5, round_=3)
    L.text(4, 3, "松果自提", 4.6, True, cond=1)
    L.text(0, 3.6, L.case["hub"], 3.6, right=76)
    L.line(1.5, 10, 78.5, 10)
    L.text(0, 10, L.case["route"], 14, True, cond=0.95, mid=40)
    L.line(1.5, 27, 78.5, 27)
    t = L.badge(4, 29, L.case["tags"][0], 3.6, "box")
    y = L.person("r", t + 2, 28.6, 4.6, 74 - t, L.case.get("order", "np/a"), "np", 3.7)
    y = max(y, 46)
    L.line(4, y, 76, y, dash=1)
    t = L.badge(4, y + 1.4, L.case["tags"][1], 2.8, "box")
    y = max(L.person("s", t + 2, y + 1.2, 2.9, 74 - t, "np/a", ""), y + 9)
    L.line(1.5, y, 78.5, y)
    L.code(4, y + 1.6, 46, 10, human=2.8)
    L.code(56, y + 1.6, 20, 20, "qr", "qr")
    y = L.put("goods", 4, y + 17, 2.7, 50, prefix="物品 ")[3] + 0.6
    y = L.put("remark", 4, y, 3, 50, prefix="备注 ")[3] + 0.6
    y = extras(L, 4, y, 2.5, 50)
    L.text(0, 94, "入库 " + L.case["date"], 2.4, right=75)
    marks(L, 50, 78)
    return L


def market(L_case):
    """橙子到家: a supermarket's own same-city slip, 80 x 140, with the basket on it."""
    L = Label(L_case, 80, 140)
    orange = ORANGE if L.case["dots"] > 8 else L.ink
    L.draw.rectangle(L.px(0, 0, 80, 11), orange)
    L.text(0, 1.4, "橙子到家 · 同城配送", 6, True, (255, 255, 255), mid=40, cond=1)
    L.text(4, 12.5, "门店：" + L.case["hub"], 3.4)
    L.text(4, 17.3, "配送时段 " + L.case["date"] + " 16:00-17:00", 3.2)
    L.line(3, 22, 77, 22, 0.3)
    t = L.badge(4, 24, L.case["tags"][0], 3.8, "plain")
    y = L.person("r", t + 2, 23.5, 4.3, 74 - t, L.case.get("order", "np/a"), "n")
    L.line(3, y + 0.5, 77, y + 0.5, 0.3)
    y += 1.5
    basket = [("土豆 约500g", "1", "3.98"), ("鲜牛奶 950ml", "2", "25.80"), ("抽纸 3层10包", "1", "19.90"), ("鸡蛋 15枚", "1", "15.50")]
    L.text(4, y, "品名", 2.9, True)
    L.text(50, y, "数量", 2.9, True)
    L.text(64, y, "金额", 2.9, True)
    y += 4
    for name, n, price in basket[: L.rng.randrange(2, 5)]:
        L.text(4, y, name, 2.9)
        L.text(53, y, n, 2.9)
        L.text(0, y, price, 2.9, right=74)
        y += 3.9
    y = L.put("goods", 4, y, 2.9, 70)[3] + 0.8
    L.line(3, y, 77, y, dash=1)
    y = L.put("remark", 4, y + 0.8, 4, 72, bold=True, prefix="顾客备注：")[3] + 0.8
    y = extras(L, 4, y, 2.7, 72)
    L.line(3, y + 0.3, 77, y + 0.3, dash=1)
    t = L.badge(4, y + 1.3, L.case["tags"][1], 3, "plain")
    y = L.person("s", t + 2, y + 1.2, 3, 74 - t, "np/a", "")
    L.code(4, y + 2, 50, 11, human=2.8)
    L.code(57, y + 2, 20, 20, "qr", "qr")
    marks(L, 44, y + 22)
    return L


def cold(L_case):
    """麦田冷链: landscape 120 x 90 in blue, temperature band on the left."""
    L = Label(L_case, 120, 90)
    blue = BLUE if L.case["dots"] > 8 else L.ink
    L.draw.rectangle(L.px(0, 0, 13, 90), blue)
    L.vtext(3, 5, "麦田冷链", 7, True, (255, 255, 255))
    L.text(0, 66, "0~4", 4.4, True, (255, 255, 255), mid=6.5, cond=1)
    L.text(0, 72, "℃", 5, True, (255, 255, 255), mid=6.5, cond=1)
    L.text(16, 2, L.case["route"], 9, True)
    L.text(0, 3, "生鲜 · 请勿倒置", 4, True, right=117)
    L.line(13, 14, 120, 14, 0.4)
    L.badge(16, 16, L.case["tags"][0], 4.6, "disc")
    y = L.person("r", 32 if len(L.case["tags"][0]) > 1 else 25, 15.6, 4.4, 84, L.case.get("order", "np/a"), "np", 4)
    y = max(y, 34)
    L.line(13, y, 120, y, 0.3)
    L.badge(16, y + 1.4, L.case["tags"][1], 3.4, "disc")
    y = max(L.person("s", 32 if len(L.case["tags"][0]) > 1 else 25, y + 1.4, 3.2, 84, "np/a", ""), y + 11)
    L.line(13, y, 120, y, 0.3)
    L.code(16, y + 2, 64, 12, human=3.2, spaced=True)
    L.code(94, y + 2, 24, 24, "qr", "qr")
    y = L.put("goods", 16, y + 19.5, 3, 74, prefix="品名 ")[3] + 0.6
    y = L.put("remark", 16, y, 3.2, 74, prefix="备注 ")[3] + 0.6
    extras(L, 16, y, 2.6, 74)
    L.text(0, 85.5, "打印 " + L.case["date"], 2.5, right=117)
    marks(L, 92, 74)
    return L


def village(L_case):
    """北斗村邮: 100 x 120 serif, postcode boxes, vertical tags, green frame."""
    L = Label(L_case, 100, 120)
    green = GREEN if L.case["dots"] > 8 else L.ink
    L.draw.rectangle(L.px(1.5, 1.5, 98.5, 118.5), None, green, round(0.7 * L.dots))
    L.text(4, 3, "北斗村邮", 6, True, green, cond=1)
    L.text(0, 4, "交村 · 村级邮站投递", 3.4, right=96)
    for i, d in enumerate(L.case.get("post", "325400")):
        L.rect(4 + i * 7, 12, 9.6 + i * 7, 18.6, 0.3)
        L.text(0, 12.7, d, 4.6, True, mid=6.8 + i * 7)
    L.text(0, 12, L.case["route"], 6, True, right=96)
    L.draw.line(L.px(1.5, 21, 98.5, 21), green, 3)
    L.vtext(4, 23, "收件人"[: max(1, len(L.case["tags"][0]))] if L.case["tags"][0] == "收件" else L.case["tags"][0][:3], 3.8, True, green)
    L.line(10.5, 21, 10.5, 68, 0.25)
    y = L.person("r", 13, 23, 4.6, 82, L.case.get("order", "a/n/p"), "n")
    y = max(y, 45)
    L.draw.line(L.px(1.5, y, 98.5, y), green, 3)
    L.vtext(4, y + 2, "寄件人"[: max(1, len(L.case["tags"][1]))] if L.case["tags"][1] == "寄件" else L.case["tags"][1][:3], 3.8, True, green)
    y = max(L.person("s", 13, y + 2, 3.6, 82, "n/p/a", ""), y + 21)
    L.draw.line(L.px(1.5, y, 98.5, y), green, 3)
    L.code(6, y + 2.5, 64, 12, human=3.2)
    L.code(76, y + 2.5, 20, 20, "qr", "qr")
    y = L.put("goods", 5, y + 21, 3, 66, prefix="内件品名：")[3] + 0.8
    y = L.put("remark", 5, y, 3.2, 88, prefix="附言：")[3] + 0.8
    extras(L, 5, y, 2.7, 66)
    L.text(0, 113, "收寄 " + L.case["date"], 2.8, right=95)
    marks(L, 70, 96)
    return L


def air(L_case):
    """海鹭航空: airport economy list, landscape 140 x 100, lettered columns in two languages."""
    L = Label(L_case, 140, 100)
    L.rect(2, 2, 138, 98, 0.5)
    L.text(5, 3.4, "海鹭航空货运", 5, True, cond=1)
    L.text(44, 4.4, "AIR ECONOMY LIST", 3.4)
    L.text(0, 3, L.case["route"], 7, True, right=136)
    L.line(2, 12, 138, 12, 0.5)
    half = 70
    L.text(4, 13, L.case["tags"][0] + " Consignee", 3, True)
    y1 = L.person("r", 5, 17.5, 3.9, 63, L.case.get("order", "n/p/a"), "n")
    L.text(half + 2, 13, L.case["tags"][1] + " Shipper", 3, True)
    y2 = L.person("s", half + 3, 17.5, 3.4, 62, "n/p/a", "n")
    y = max(y1, y2, 42)
    L.line(half, 12, half, y, 0.4)
    L.line(2, y, 138, y, 0.4)
    for i, (head, value) in enumerate([("Flight 航班", "HL" + str(L.rng.randrange(1000, 9999))), ("Date 日期", L.case["date"]), ("Pcs 件数", "1/1"), ("Wt 重量kg", f"{L.rng.uniform(1, 19):.1f}"), ("To 目的站", L.case["hub"])]):
        x = 2 + i * 27.2
        L.text(x + 1.5, y + 0.8, head, 2.5)
        L.text(x + 1.5, y + 4, value, 3.6, True, cond=0.85)
        L.line(x, y, x, y + 9.5, 0.3)
    y += 9.5
    L.line(2, y, 138, y, 0.4)
    L.code(6, y + 2.4, 78, 14, human=3.6, spaced=True)
    L.code(110, y + 2, 26, 26, "qr", "qr")
    y = L.put("goods", 5, y + 23, 3, 100, prefix="Goods 品名: ")[3] + 0.6
    y = L.put("remark", 5, y, 3.2, 100, prefix="Remark 附注: ")[3] + 0.6
    extras(L, 5, y, 2.6, 100)
    marks(L, 88, 68)
    return L


def vertical(L_case):
    """长亭快运: 100 x 130, tags and route run downwards, code stands on the right edge."""
    L = Label(L_case, 100, 130)
    L.rect(2, 2, 98, 128, 0.4)
    L.line(15, 2, 15, 128, 0.4)
    L.vtext(3.5, 5, L.case["hub"], 9 if len(L.case["hub"]) < 5 else 7, True)
    L.vtext(5, 62, "长亭快运", 5.5, True)
    L.text(0, 96, L.case["route"].split()[0], 4, True, mid=8.5, cond=0.8)
    L.code(83, 6, 12, 84, turn=90)
    L.line(81, 2, 81, 128, 0.4)
    L.vtext(17, 6, L.case["tags"][0], 5, True)
    L.line(24, 2, 24, 88, 0.3)
    y = max(L.person("r", 26, 5, 4.5, 53, L.case.get("order", "n/p/a"), L.case.get("strong", "np")), 44)
    L.line(15, y, 81, y, 0.4)
    L.vtext(17.6, y + 3, L.case["tags"][1], 3.8)
    y = max(L.person("s", 26, y + 2, 3.4, 53, "n/p/a", ""), 74)
    L.line(15, y, 81, y, 0.4)
    yy = L.put("goods", 26, y + 1.5, 3, 53, prefix="品名 ")[3] + 0.6
    yy = max(L.put("remark", 26, yy, 3.2, 53, prefix="备注 ")[3] + 0.8, y + 14)
    L.line(15, yy, 81, yy, 0.4)
    L.code(18, yy + 2, 25, 25, "qr", "qr")
    L.text(46, yy + 3, L.case["no"], 3, True, cond=0.85)
    yyy = extras(L, 46, yy + 8, 2.6, 34)
    L.text(46, max(yyy + 1, yy + 20), "打印 " + L.case["date"], 2.6)
    marks(L, 52, 112)
    return L


def freight(L_case):
    """蓝鲸快运: 90 x 60 piece label of a heavy consignment, little room, large piece count."""
    L = Label(L_case, 100, 75)
    L.text(3, 2, "蓝鲸快运", 4.4, True, cond=1)
    L.text(30, 1.6, L.case["route"], 6.4, True)
    L.text(0, 1.6, f"{L.rng.randrange(1, 4)}/{L.rng.randrange(4, 7)}件", 6, True, right=97)
    L.line(2, 10.5, 98, 10.5, 0.5)
    y = L.person("r", 4, 11.6, 3.9, 92, L.case.get("order", "np/a"), "n", labels=(L.case["tags"][0] + "：", "电话：", "地址："))
    y = max(y, 25)
    L.line(2, y, 98, y)
    y = max(L.person("s", 4, y + 1, 3.1, 92, "np/a", "", labels=(L.case["tags"][1] + "：", "电话：", "地址：")), y + 9)
    L.line(2, y, 98, y)
    L.code(4, y + 1.6, 62, 11, human=3)
    L.code(76, y + 1.4, 20, 20, "qr", "qr")
    y = L.put("goods", 4, y + 17, 2.7, 70, prefix="货名：")[3] + 0.5
    y = L.put("remark", 4, y, 2.9, 70, prefix="备注：")[3] + 0.5
    extras(L, 4, y, 2.4, 70)
    L.text(0, 71.4, L.case["date"], 2.3, right=97)
    marks(L, 72, 56)
    return L


def order_slip(L_case):
    """鹊桥同城: 75 x 110, labels in words (收件人/电话/地址) in a table, code on top left as Data Matrix."""
    L = Label(L_case, 75, 110)
    L.code(4, 3, 13, 13, kind="dm")
    L.text(20, 3, "鹊桥同城", 5, True, cond=1)
    L.text(20, 10.5, L.case["route"], 5.4, True)
    L.line(2, 18, 73, 18, 0.3)
    y = L.person("r", 4, 19, 3.8, 68, "n/p/a", L.case.get("strong", ""), labels=("收件人 ", "电　话 ", "地　址 "))
    y = max(y, 37)
    L.line(2, y, 73, y, 0.3)
    y = L.person("s", 4, y + 1, 3.1, 68, "n/p/a", "", labels=("寄件人 ", "电　话 ", "地　址 "))
    L.line(2, y, 73, y, 0.3)
    y = L.put("goods", 4, y + 1, 3, 68, prefix="物　品 ")[3] + 0.7
    y = L.put("remark", 4, y, 3.3, 68, prefix="留　言 ")[3] + 0.7
    y = extras(L, 4, y, 2.6, 68)
    L.line(2, y + 0.3, 73, y + 0.3, 0.3)
    L.code(4, y + 2, 46, 11, human=2.8)
    L.code(53, y + 2, 20, 20, "qr", "qr")
    L.text(4, 105, "打印 " + L.case["date"], 2.5)
    marks(L, 44, y + 18)
    return L


def notice(L_case):
    """No label at all: a sheet on a warehouse wall."""
    L = Label(L_case, 105, 148, (250, 246, 226))
    L.text(0, 10, L.case["heading"], 9, True, RED, mid=52.5, cond=1)
    y = 28
    for line in L.case["extra"]:
        y = L.para(9, y, line, 4.6, 88)[3] + 3
    if "stamp" in L.case:
        L.stamp(62, 122, L.case["stamp"], 4)
    return L


LAYOUTS = {
    "one_ply": one_ply, "boxed": boxed, "two_ply": two_ply, "tall": tall, "returns": returns, "instant": instant, "pickup": pickup,
    "market": market, "cold": cold, "village": village, "air": air, "vertical": vertical, "freight": freight, "order_slip": order_slip,
    "notice": notice,
}  # fmt: skip
