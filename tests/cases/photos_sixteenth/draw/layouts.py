"""Thirteen label layouts of invented carriers and one notice that is no label. Each takes a case and gives a Label."""

from kit import Label

WHITE = (252, 252, 250)
TEAL, NAVY, RUST, PLUM = (0, 112, 116), (24, 48, 120), (186, 72, 24), (120, 36, 96)


def tail(L, x, y, w, h=2.7, gap=0.7, goods="内件：", remark="备注："):
    """Goods, remark and printed lines that are no field, one below the other. Returns y below."""
    for key, prefix in (("goods", goods), ("remark", remark)):
        if L.value(key) is not None:
            y = L.put(key, x, y, h, w, prefix=prefix)[3] + gap
    for line in L.case["extra"]:
        y = L.para(x, y, line, h * 0.9, w)[3] + gap
    return y


def hand(L, x, y):
    if "stamp" in L.case:
        L.stamp(x + 4, y - 3, L.case["stamp"], 3.4)
    if "pen" in L.case:
        L.pen(x, y, L.case["pen"], L.case.get("pen_h", 4.6))


def bar(L, x, y, w, h, text, size, mid=None):
    L.rect(x, y, x + w, y + h, fill=L.ink)
    L.text(x + 1.2, y + (h - size * 1.14) / 2, text, size, True, WHITE, mid=mid)


def isle(case):
    """蓝屿速递, 76 x 130: route in a black bar, receiver, sender, code, foot with a square code."""
    L = Label(case, 76, 130)
    L.text(3, 2, "蓝屿速递", 4.6, True)
    L.text(0, 2.8, "BLUE ISLE", 3, right=73)
    bar(L, 2, 8.6, 72, 11, case["route"], 8, mid=38)
    L.text(3, 20.6, case["hub"], 4, True)
    L.text(0, 21, case["date"], 2.5, right=73)
    L.line(2, 26.4, 74, 26.4)
    L.badge(3, 29, case["tags"][0], 4.4, "disc")
    y = max(L.person("r", 11.5, 28, 4, 62, case.get("order", "np/a"), case.get("strong", "np")), 46)
    L.line(2, y, 74, y, dash=1.2)
    L.badge(3.4, y + 1.6, case["tags"][1], 3.4, "ring")
    y = max(L.person("s", 11.5, y + 1.4, 2.9, 62, "np/a", ""), y + 10)
    L.line(2, y, 74, y)
    y = L.code(6, y + 2, 64, 12, human=3)[3] + 5
    L.line(2, y, 74, y)
    L.code(54, y + 2, 18, 18, "qr", "qr")
    tail(L, 3, y + 2, 48)
    hand(L, 6, y + 20)
    L.text(3, 125.6, "已安检  客服 96037", 2.2)
    return L


def tundra(case):
    """苔原快运, 76 x 130: code on top, three boxes of route, labelled fields below each other."""
    L = Label(case, 76, 130)
    L.rect(1.5, 1.5, 74.5, 128.5, 0.3)
    L.text(3.5, 2.6, "苔原快运", 4, True)
    L.text(0, 3, case["date"][:10], 2.6, right=73)
    y = L.code(8, 8.5, 60, 11, human=2.8, spaced=True)[3] + 4.6
    L.line(1.5, y, 74.5, y)
    for i, part in enumerate(case["route"].split("-")[:3]):
        L.text(0, y + 0.8, part, 7, True, mid=14 + 24 * i)
        if i:
            L.line(2 + 24 * i, y, 2 + 24 * i, y + 9.6)
    y += 9.6
    L.line(1.5, y, 74.5, y)
    L.line(9, y, 9, y + 48)
    L.vtext(3, y + 5, "收件", 4, True)
    a = max(L.person("r", 11, y + 1.2, 3.9, 62, case.get("order", "n/p/a"), case.get("strong", "n")), y + 25)
    L.line(1.5, a, 74.5, a)
    L.vtext(3.4, a + 3, "寄件", 3.2)
    b = max(L.person("s", 11, a + 1.2, 2.8, 62, "np/a", ""), y + 48)
    L.rect(1.5, b, 74.5, b, 0.3)
    t = tail(L, 4, b + 1.5, 46)
    L.code(54, b + 2, 18, 18, "qr", "qr")
    hand(L, 6, max(t + 1, b + 20))
    L.text(4, 124.6, "签收：                    时间：", 2.3)
    return L


def parasol(case):
    """梧桐速配, 100 x 150: square code by the receiver, coloured head where printed in colour."""
    L = Label(case, 100, 150)
    if case["dots"] > 8:
        L.rect(0, 0, 100, 11, fill=TEAL)
    else:
        L.line(0, 11, 100, 11, 0.6)
    L.text(4, 2.6, "梧桐速配", 5.4, True, WHITE if case["dots"] > 8 else None)
    L.text(0, 3.6, "次日达", 3.8, True, WHITE if case["dots"] > 8 else None, right=96)
    L.text(4, 12, case["route"], 10, True)
    L.text(4, 24, case["hub"] + "    " + case["date"], 3.2)
    L.line(3, 29, 97, 29, 0.4)
    L.code(72, 31, 23, 23, "qr", "qr")
    L.badge(4, 31.5, case["tags"][0], 5, "box")
    y = max(L.person("r", 13, 31, 4.4, 57, case.get("order", "np/a"), case.get("strong", "npa")), 56)
    L.line(3, y, 97, y)
    L.badge(4, y + 2, case["tags"][1], 4, "ring")
    y = max(L.person("s", 13, y + 1.6, 3.3, 82, "np/a", ""), y + 13)
    L.line(3, y, 97, y)
    y = L.code(10, y + 3, 80, 16, human=3.6, spaced=True)[3] + 6
    L.line(3, y, 97, y, dash=1.5)
    t = tail(L, 5, y + 2, 90, 3.1)
    hand(L, 12, t + 2)
    L.text(5, 144.6, "请当面验货。本公司不会以任何理由索要验证码。", 2.4)
    return L


def egret(case):
    """北鹭物流, 100 x 180: two plies, the second one small with receiver and sender side by side."""
    L = Label(case, 100, 180)
    L.text(4, 3, "北鹭物流", 5.4, True)
    L.text(32, 4.4, "标快  1/1件", 3.4)
    L.text(0, 4.4, case["date"], 3, right=96)
    L.line(3, 11, 97, 11, 0.5)
    L.text(0, 11.4, case["route"], 11, True, mid=50)
    L.line(3, 25, 97, 25, 0.5)
    L.text(4, 25.6, "收", 6, True)
    y = max(L.person("r", 13, 26, 4.6, 82, case.get("order", "np/a"), case.get("strong", "np")), 46)
    L.line(3, y, 97, y)
    L.text(4.6, y + 1, "寄", 4.4)
    y = max(L.person("s", 13, y + 1.2, 3.4, 82, "np/a", ""), y + 12)
    L.line(3, y, 97, y)
    y = L.code(9, y + 2, 82, 17, human=3.8)[3] + 6
    tail(L, 5, y, 60, 3)
    hand(L, 50, y + 10)
    L.line(0, 118, 100, 118, 0.3, dash=1.8)
    L.text(4, 119.4, "北鹭物流  收件存根", 3.2, True)
    L.code(40, 120, 56, 9, human=2.4)
    L.line(3, 134, 97, 134)
    L.line(52, 134, 52, 164)
    L.person("r", 4, 135.4, 3.1, 46, "np/a", "", tag="second", labels=("收件 ", "", ""))
    L.person("s", 54, 135.4, 2.8, 42, "np/a", "", tag="second", labels=("寄件 ", "", ""))
    L.line(3, 164, 97, 164)
    L.text(4, 166, "签收人：", 3)
    L.text(54, 166, "签收时间：", 3)
    return L


def tangerine(case):
    """橘子同城, 60 x 90: the errand's strip, big tail number, receiver, shop."""
    L = Label(case, 60, 90)
    L.text(3, 2, "橘子同城", 4.4, True, RUST if case["dots"] > 8 else None)
    L.text(0, 1.8, "#" + case["route"], 6.4, True, right=57)
    L.line(2, 9.6, 58, 9.6, 0.4)
    y = L.person("r", 3, 11, 3.9, 54, case.get("order", "a/np"), case.get("strong", "a"), gap=2) + 1
    L.line(2, y, 58, y, dash=1)
    y = L.person("s", 3, y + 1, 2.8, 54, "np/a", "n", labels=("商家 ", "", "")) + 0.6
    L.line(2, y, 58, y, dash=1)
    y = tail(L, 3, y + 1, 54, 2.8, goods="商品 ", remark="备注 ")
    L.code(6, max(y + 0.6, 68), 46, 9, human=2.4)
    hand(L, 8, y - 2)
    L.text(3, 85.6, case["date"] + " 下单", 2.2)
    return L


def relay(case):
    """邮驿通, 100 x 100: square, route at the left in upright type, fields at the right."""
    L = Label(case, 100, 100)
    L.rect(2, 2, 98, 98, 0.4)
    L.rect(2, 2, 15, 66, fill=L.ink)
    L.vtext(5, 7, case["hub"][:5], 7, True, WHITE)
    L.text(17, 3.4, "邮驿通", 4.6, True)
    L.text(38, 4, case["route"], 4.4, True)
    L.line(15, 10.4, 98, 10.4)
    y = max(L.person("r", 17, 12, 4.2, 79, case.get("order", "np/a"), case.get("strong", ""), labels=("收：", "", "")), 33)
    L.line(15, y, 98, y)
    y = max(L.person("s", 17, y + 1.4, 3.2, 79, "np/a", "", labels=("寄：", "", "")), y + 11)
    L.line(15, y, 98, y)
    tail(L, 17, y + 1.4, 56, 2.8)
    L.line(2, 66, 98, 66)
    L.code(6, 68.5, 62, 19, human=3.4)
    L.code(75, 69, 21, 21, "qr", "qr")
    hand(L, 40, 90)
    L.text(75, 92.4, case["date"][:10], 2.6)
    return L


def elephant(case):
    """小象到家, 80 x 125: a supermarket's slip with the bill on it."""
    L = Label(case, 80, 125)
    L.text(0, 2, "小象到家", 6, True, mid=40)
    L.text(0, 9.6, case["hub"], 3.2, mid=40)
    L.line(3, 14.4, 77, 14.4, dash=1)
    L.text(4, 15.4, "配送单 " + case["route"], 3.6, True)
    L.text(4, 20.4, "时间 " + case["date"], 2.9)
    L.line(3, 24.6, 77, 24.6, dash=1)
    y = L.person("r", 4, 26, 3.7, 72, case.get("order", "n/p/a"), case.get("strong", "na"), labels=("顾客 ", "电话 ", "地址 ")) + 1
    L.line(3, y, 77, y, dash=1)
    y = L.put("goods", 4, y + 1, 3, 72)[3] + 1
    for line in case["extra"]:
        y = L.text(4, y, line, 2.8)[3] + 0.5
    L.line(3, y, 77, y, dash=1)
    if case.get("remark"):
        y = L.put("remark", 4, y + 1, 3.6, 72, True, prefix="备注 ")[3]
    y = L.person("s", 4, y + 1, 2.8, 72, "np/a", "", labels=("门店 ", "", "")) + 1
    y = max(y, 100)
    L.code(12, y, 56, 11, human=2.6)
    hand(L, 10, y - 8)
    return L


def locker(case):
    """丰塔柜, 70 x 45: the sticker put on when a parcel goes into a locker."""
    L = Label(case, 70, 45)
    L.text(2.5, 1.6, "丰塔柜", 3.8, True)
    L.text(0, 1.2, case["route"], 7, True, right=67.5)
    L.line(2, 9.4, 68, 9.4, 0.3)
    y = L.person("r", 2.5, 10.4, 3.5, 65, case.get("order", "np/a"), case.get("strong", "np"))
    tail(L, 2.5, y, 65, 2.5, 0.4)
    L.code(5, 30, 56, 8.4, human=2.4)
    L.text(2.5, 41.8, case["date"], 2)
    return L


def icecape(case):
    """冰岬冷链, 100 x 130: banner, temperature, receiver in a frame with round corners."""
    L = Label(case, 100, 130)
    L.rect(0, 0, 100, 13, fill=NAVY if case["dots"] > 8 else L.ink)
    L.text(4, 2.8, "冰岬冷链", 6, True, WHITE)
    L.text(0, 3.8, "0~4℃ 冷藏", 4.4, True, WHITE, right=96)
    L.text(4, 14.4, case["route"], 8, True)
    L.text(0, 16.4, case["hub"], 4, right=96)
    y = max(L.person("r", 13, 28.4, 4.2, 81, case.get("order", "np/a"), case.get("strong", "a")), 47)
    L.rect(3, 26.4, 97, y + 1, 0.4, round_=2)
    L.badge(5, 29, case["tags"][0], 4.6, "disc")
    y += 2.4
    a = max(L.person("s", 13, y + 1.6, 3.2, 81, "np/a", ""), y + 11)
    L.rect(3, y, 97, a + 0.6, 0.25, round_=2)
    L.badge(5, y + 2, case["tags"][1], 3.4, "ring")
    b = L.code(6, a + 4, 66, 14, human=3.2)[3]
    L.code(77, a + 3.4, 18, 18, "qr", "qr")
    t = tail(L, 5, b + 7, 90, 3)
    hand(L, 20, t + 2)
    L.text(5, 124.6, "生鲜急送，请勿倒置  " + case["date"], 2.8)
    return L


def moose(case):
    """驮鹿大件, 130 x 95: a table that lies, receiver left and sender right."""
    L = Label(case, 130, 95)
    L.rect(2, 2, 128, 93, 0.4)
    L.text(5, 3.6, "驮鹿大件", 5.6, True)
    L.text(40, 4.6, case["route"], 5, True)
    L.text(0, 5, case["date"], 3, right=125)
    L.line(2, 12, 128, 12, 0.4)
    L.line(72, 12, 72, 46)
    L.text(4, 13, "收件方", 3.2, True)
    L.person("r", 4, 17.6, 4, 66, case.get("order", "np/a"), case.get("strong", "n"))
    L.text(74, 13, "寄件方", 3.2, True)
    L.person("s", 74, 17.6, 3.3, 52, "n/p/a", "")
    L.line(2, 46, 128, 46, 0.4)
    L.code(5, 49, 74, 16, human=3.4)
    L.line(84, 46, 84, 93)
    tail(L, 86, 48, 40, 2.9)
    L.line(2, 73, 84, 73)
    L.text(4, 74.4, "件数 1   重量 18.6kg   送货上楼", 3)
    hand(L, 30, 80)
    L.text(4, 88, "签收：", 3)
    return L


def magpie(case):
    """鹊桥退换, 76 x 130: a return; the sender comes first, the shop's store is the receiver."""
    L = Label(case, 76, 130)
    L.text(3, 2, "鹊桥退换", 4.8, True)
    bar(L, 50, 2, 24, 7, "退货件", 4.4, mid=62)
    L.line(2, 10.4, 74, 10.4, 0.4)
    y = L.code(7, 12.4, 62, 12, human=3)[3] + 5
    L.line(2, y, 74, y)
    y = max(L.person("s", 4, y + 1.4, 3.5, 69, "np/a", case.get("strong", ""), labels=("寄件人 ", "", "")), y + 17)
    L.line(2, y, 74, y)
    y = max(L.person("r", 4, y + 1.6, 4, 69, case.get("order", "np/a"), "n", labels=("退至 ", "", "")), y + 20)
    L.line(2, y, 74, y)
    L.text(4, y + 1, case["route"], 7, True)
    L.code(55, y + 2, 18, 18, "qr", "qr")
    tail(L, 4, y + 10.6, 48)
    hand(L, 6, 113)
    L.text(4, 125, case["date"] + "  退换热线 96552", 2.3)
    return L


def bamboo(case):
    """竹签快递, 76 x 150: a table with a heading before every field."""
    L = Label(case, 76, 150)
    L.rect(2, 2, 74, 148, 0.35)
    L.text(0, 3, "竹签快递", 5, True, mid=38)
    L.line(2, 10.4, 74, 10.4)
    L.text(4, 11, case["route"], 8.6, True)
    L.text(0, 13.4, case["hub"], 3.4, right=72)
    y = 22

    def row(title, key, h, low):
        nonlocal y
        L.line(2, y, 74, y)
        L.text(3.6, y + 1.2, title, 2.9)
        box = L.put(key, 18, y + 1, h, 54, key in ("rn", "rp"))
        y = max(box[3] + 0.8, y + low)

    for title, key, h, low in (("收件人", "rn", 4.2, 6.4), ("电  话", "rp", 4.2, 6.4), ("地  址", "ra", 3.9, 15), ("寄件人", "sn", 3, 5.4), ("电  话", "sp", 3, 5.4), ("地  址", "sa", 3, 9), ("内  件", "goods", 3, 5.4), ("备  注", "remark", 3.2, 6)):
        row(title, key, h, low)
    L.line(17, 22, 17, y)
    L.line(2, y, 74, y)
    y = L.code(7, y + 2, 62, 13, human=3)[3] + 5
    L.line(2, y, 74, y)
    L.code(53, y + 1.6, 19, 19, "qr", "qr")
    for i, line in enumerate(case["extra"]):
        L.text(4, y + 1.6 + 3.6 * i, line, 2.5)
    hand(L, 6, y + 10)
    L.text(4, 143.6, case["date"], 2.4)
    return L


def gull(case):
    """海鸥国际, 100 x 150: bilingual, imports and mail from abroad."""
    L = Label(case, 100, 150)
    L.text(4, 3, "海鸥国际 GULL PARCEL", 4.6, True, PLUM if case["dots"] > 8 else None)
    L.line(3, 10.4, 97, 10.4, 0.5)
    y = max(L.person("s", 5, 14.6, 3.3, 90, "np/a", ""), 30)
    L.text(5, 11.2, "寄件人 FROM", 2.6, True)
    L.line(3, y, 97, y)
    L.text(5, y + 0.8, "收件人 TO", 3, True)
    y = max(L.person("r", 5, y + 5, 4.3, 90, case.get("order", "np/a"), case.get("strong", "n")), y + 30)
    L.line(3, y, 97, y, 0.5)
    L.text(5, y + 0.6, case["route"], 9, True)
    L.text(0, y + 3, case["hub"], 4, right=96)
    L.line(3, y + 12.4, 97, y + 12.4)
    y = L.code(8, y + 15, 78, 16, human=3.6, spaced=True)[3] + 6.4
    L.line(3, y, 97, y)
    L.code(76, y + 2.4, 19, 19, "qr", "dm")
    t = tail(L, 5, y + 2, 66, 2.9, goods="品名 Goods：", remark="备注 Note：")
    hand(L, 8, t + 2)
    L.text(5, 144.4, case["date"], 2.6)
    return L


def notice(case):
    """The property office's sheet about parcels: no label."""
    L = Label(case, 100, 140)
    L.text(0, 8, "温 馨 提 示", 9, True, mid=50)
    y = 26
    for line in ("各位业主：", "    因快递柜检修，10月9日至11日沁芳园东门丰塔柜", "暂停使用，包裹请到南门物业前台领取，领取时间为", "每日8:30至20:00。请勿将快递长时间堆放在楼道，", "大件家具送货上楼请提前预约货梯。", "    给您带来不便，敬请谅解。"):
        L.text(8, y, line, 3.8)
        y += 9
    L.text(0, y + 14, "沁芳园物业服务中心", 4.2, right=92)
    L.text(0, y + 22, "2026年10月8日", 4, right=92)
    L.stamp(56, y + 10, "沁芳园物业", 5, angle=8)
    return L


LAYOUTS = {f.__name__: f for f in (isle, tundra, parasol, egret, tangerine, relay, elephant, locker, icecape, moose, magpie, bamboo, gull, notice)}
