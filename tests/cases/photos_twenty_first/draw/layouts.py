"""Fourteen layouts of carriers that do not exist, as they lie on a sorting belt at night. Each takes a case and gives a Label."""

from kit import Label

WHITE = (252, 252, 250)
TEAL, PURPLE, RED, NAVY, BROWN = (8, 110, 116), (92, 40, 128), (186, 28, 36), (20, 40, 96), (116, 66, 20)


def colour(L, c):
    """Colour only where the printer has it (300 dpi)."""
    return c if L.dots > 8 else L.ink


def extras(L, x, y, h, w):
    for line in L.case.get("extra", ()):
        y = L.para(x, y, line, h, w)[3] + 0.3
    return y


def marks(L, x, y):
    if "stamp" in L.case:
        L.stamp(x, y, L.case["stamp"], 3.6)
    if "pen" in L.case:
        L.pen(x - 4, y + 1, L.case["pen"], L.case.get("pen_h", 4.6))


def tail(L, x, y, h, w, goods="物品：", remark="备注："):
    y = L.put("goods", x, y, h, w, prefix=goods)[3] + 0.6
    y = L.put("remark", x, y, h + 0.3, w, prefix=remark)[3] + 0.6
    return extras(L, x, y, h - 0.3, w)


def bochuan(c):
    """泊川速递: one ply 76 x 130; code above, three-part route, 收/寄 in boxes, token at the foot."""
    L = Label(c, 76, 130)
    L.text(3, 1.8, "泊川速递", 4.6, True, cond=1)
    L.text(0, 2.2, c["date"] + " 23:" + str(L.rng.randrange(10, 59)), 2.6, right=73)
    L.line(2, 8, 74, 8, 0.3)
    L.code(8, 9.2, 60, 11, human=3, spaced=True)
    L.line(2, 25, 74, 25, 0.5)
    L.text(0, 25.4, c["route"], 9.4, True, cond=0.9, mid=38)
    L.line(2, 36.5, 74, 36.5, 0.5)
    L.text(3, 37.2, c["hub"], 4.2, True)
    L.text(0, 37.6, "标快  1/1", 3.2, right=73)
    L.line(2, 43, 74, 43)
    L.badge(3, 45.6, c["tags"][0], 4.6, "box")
    y = max(L.person("r", 11, 44.4, 4, 62, c.get("order", "np/a"), "npa"), 62)
    L.line(2, y, 74, y, dash=1)
    L.badge(3.4, y + 2, c["tags"][1], 3.4, "ring")
    y = max(L.person("s", 11, y + 1.4, 2.9, 62, "np/a", ""), y + 11)
    L.line(2, y, 74, y)
    L.code(3, y + 2, 21, 21, "qr", "qr")
    yy = tail(L, 27, y + 1.8, 2.8, 46)
    L.text(27, max(yy + 0.6, y + 20), "已验视 已安检 夜班3线", 2.5)
    marks(L, 42, y + 11)
    L.text(3, 125, "拆箱前请核对外包装。客服 95072", 2.2)
    return L


def helu(c):
    """禾鹭快递: one ply 76 x 130; a ruled table with words for tags, address first, code standing at the right."""
    L = Label(c, 76, 130)
    L.rect(1.5, 1.5, 74.5, 128.5, 0.4)
    L.text(4, 2.6, "禾鹭", 7.4, True, cond=1)
    L.text(21, 3, "HELU EXPRESS", 2.6)
    L.text(21, 6.4, "经济件", 3.4, True)
    L.text(0, 2.6, c["route"], 6.6, True, right=73, cond=0.8)
    L.line(1.5, 12, 74.5, 12, 0.4)
    L.text(4, 12.6, "到 " + c["hub"], 5, True)
    L.line(1.5, 19.6, 74.5, 19.6, 0.4)
    L.text(3, 20.6, c["tags"][0], 3.2, True)
    y = max(L.person("r", 4, 25, 3.8, 56, c.get("order", "a/n/p"), "a", labels=("姓名 ", "电话 ", "")), 50)
    L.line(1.5, y, 62, y)
    L.text(3, y + 1, c["tags"][1], 2.8, True)
    y = max(L.person("s", 4, y + 4.8, 2.8, 56, "np/a", ""), 76)
    L.line(62, 19.6, 62, 84, 0.3)
    L.code(64.5, 22, 8, 58, turn=90)
    y = max(y, 84)
    L.line(1.5, y, 74.5, y, 0.4)
    L.code(5, y + 1.8, 62, 9, human=2.8)
    y += 16
    L.line(1.5, y, 74.5, y, 0.3)
    L.code(54, y + 2, 18, 18, "qr", "qr")
    yy = tail(L, 4, y + 1.4, 2.7, 48, "内件 ", "留言 ")
    L.text(4, max(yy + 0.5, 122.5), "打印 " + c["date"] + "  签收：", 2.5)
    marks(L, 28, 110)
    return L


def lanqiao(c):
    """岚桥物流: two plies on 100 x 150, black band with the route, second ply for the receiver."""
    L = Label(c, 100, 150)
    L.draw.rectangle(L.px(0, 0, 100, 16), colour(L, TEAL))
    L.text(4, 1.4, c["route"], 11, True, WHITE, cond=0.92)
    L.text(0, 2.4, "岚桥物流", 5, True, WHITE, right=96, cond=1)
    L.text(0, 9.4, c["hub"], 4.4, True, WHITE, right=96)
    L.badge(4, 18.6, c["tags"][0], 4.6, "disc")
    left = 18 if len(c["tags"][0]) > 1 else 13
    y = max(L.person("r", left, 18, 4.5, 97 - left, c.get("order", "np/a"), "np", 4.1), 36)
    L.line(3, y, 97, y)
    L.badge(4, y + 1.6, c["tags"][1], 3.2, "disc")
    y = max(L.person("s", left, y + 1.4, 3.1, 97 - left, "np/a", ""), y + 10.5)
    L.line(3, y, 97, y)
    L.code(10, y + 2, 62, 13, human=3.4)
    L.code(78, y + 2, 18, 18, "qr", "qr")
    y += 23.5
    L.line(0, y, 100, y, dash=1.6)
    L.text(4, y + 1.4, "收件客户联", 2.8, True)
    L.text(0, y + 1.4, c["no"], 2.8, True, right=96)
    y += 6
    L.line(3, y, 97, y)
    L.text(4, y + 1, "收", 3.2, True)
    yy = L.person("r", 11, y + 1, 3.2, 84, "np/a", "", tag="second")
    L.text(4, yy + 0.6, "寄", 3.2, True)
    y = max(L.person("s", 11, yy + 0.6, 2.9, 84, "np/a", "", tag="second"), y + 22)
    L.line(3, y, 97, y)
    y = tail(L, 4, y + 1.2, 2.9, 90, "托寄物：", "买家备注：")
    L.text(4, max(y + 1, 141), "付款方式 月结   重量 " + f"{L.rng.uniform(0.3, 6):.2f}" + "kg", 2.8)
    L.text(0, 145.6, "打印 " + c["date"], 2.5, right=96)
    marks(L, 66, 122)
    return L


def yanshan(c):
    """砚山速运: 100 x 180, three panels; big hub, labelled rows, receipt at the foot."""
    L = Label(c, 100, 180)
    L.rect(2, 2, 98, 178, 0.5)
    L.text(5, 4, "砚山速运", 6.4, True, colour(L, PURPLE), cond=1)
    L.text(0, 4.4, "特快 · 次日", 4.4, True, right=95)
    L.line(2, 13, 98, 13, 0.5)
    L.code(13, 14.6, 74, 13, human=3.6, spaced=True)
    L.line(2, 34, 98, 34, 0.5)
    L.text(0, 34.4, c["hub"], 9, True, mid=50, cond=1)
    L.text(0, 46, c["route"], 8, True, mid=50)
    L.line(2, 56, 98, 56, 0.5)
    L.draw.rectangle(L.px(2, 56, 9, 84), L.ink)
    for i, ch in enumerate(c["tags"][0]):
        L.text(0, 64 + i * 5.4 - len(c["tags"][0]), ch, 4.4, True, WHITE, mid=5.5, cond=1)
    y = max(L.person("r", 12, 57.6, 4.4, 84, c.get("order", "n/p/a"), "n", labels=("姓名：", "电话：", "地址：")), 84)
    L.line(2, y, 98, y, 0.3)
    for i, ch in enumerate(c["tags"][1]):
        L.text(0, y + 4 + i * 4.8, ch, 3.8, True, mid=5.5, cond=1)
    L.line(9, y, 9, y + 20, 0.3)
    y = max(L.person("s", 12, y + 1.6, 3.4, 84, "n/p/a", "", labels=("姓名：", "电话：", "地址：")), y + 20)
    L.line(2, y, 98, y, 0.3)
    L.code(72, y + 2, 24, 24, "qr", "qr")
    yy = tail(L, 5, y + 2, 3.1, 64, "物品名称：", "附言：")
    L.text(5, max(yy + 1, y + 22), "打单 " + c["date"] + "  计费 1.0kg", 2.8)
    y += 28
    L.line(2, y, 98, y, dash=1.5)
    L.text(5, y + 1.6, "回执", 3.6, True)
    L.text(20, y + 1.8, c["no"], 3.2, True)
    L.text(5, y + 8, "签收人：            日期：     年   月   日", 3)
    L.text(5, 172, "网点电话印于背面；请当面验收。", 2.6)
    marks(L, 60, y + 10)
    return L


def letter(c):
    """云笺信函: a registered letter's sticker 120 x 75, postcode boxes, receiver in the middle, sender at the foot."""
    L = Label(c, 120, 75)
    for i, d in enumerate(c.get("post", "310016")):
        L.rect(5 + i * 7.4, 4, 10.6 + i * 7.4, 10.6, 0.35)
        L.text(0, 4.7, d, 4.6, True, mid=7.8 + i * 7.4)
    L.text(0, 3.4, "云笺信函  挂号", 4.6, True, colour(L, RED), right=116, cond=1)
    L.code(66, 10, 50, 8, human=2.6)
    y = max(L.person("r", 16, 23, 4.6, 92, c.get("order", "a/np"), "n"), 42)
    L.text(5, 23.4, c["tags"][0], 3, True)
    L.line(5, y + 0.6, 115, y + 0.6, 0.25)
    L.text(46, y + 2.4, c["tags"][1], 2.8, True)
    y = L.person("s", 56, y + 2.2, 3, 60, "a/np", "")
    L.code(5, 52, 19, 19, "qr", "qr")
    L.text(27, 67.6, c["date"] + " " + c["hub"], 2.6)
    L.put("goods", 27, 63.4, 2.6, 26, prefix="内件 ")
    L.put("remark", 56, max(y + 0.4, 66), 3, 60, prefix="附言 ")
    marks(L, 94, 62)
    return L


def zhongyue(c):
    """重岳零担: a piece label of a consignment 100 x 80, heavy type, pieces and station, no sender's address by wont."""
    L = Label(c, 100, 80)
    L.rect(1.5, 1.5, 98.5, 78.5, 0.6)
    L.text(4, 2.6, "重岳零担", 5, True, cond=1)
    L.text(0, 2.8, "件号 " + c.get("piece", "002/006"), 4.4, True, right=96)
    L.line(1.5, 10, 98.5, 10, 0.5)
    L.text(4, 10.4, c["hub"], 8.6, True, cond=1)
    L.text(0, 11.6, c["route"], 6, True, right=96)
    L.line(1.5, 21.6, 98.5, 21.6, 0.5)
    L.text(4, 22.6, c["tags"][0], 3.4, True)
    y = max(L.person("r", 22, 22.4, 3.9, 74, c.get("order", "n/p/a"), "n"), 40)
    L.line(1.5, y, 98.5, y, 0.3)
    L.text(4, y + 1, c["tags"][1], 3.2, True)
    y = max(L.person("s", 22, y + 1, 3.1, 74, "np/a", ""), y + 9.5)
    L.line(1.5, y, 98.5, y, 0.5)
    L.code(4, y + 1.6, 64, 9.5, human=3)
    L.code(79, y + 1.6, 17, 17, "qr", "qr")
    y = L.put("goods", 4, y + 15.8, 2.8, 70, prefix="货物：")[3] + 0.3
    y = L.put("remark", 4, y, 2.9, 70, prefix="备注：")[3] + 0.3
    extras(L, 4, y, 2.5, 70)
    L.text(0, 74.6, c["date"], 2.5, right=96)
    marks(L, 56, 60)
    return L


def table(c):
    """苍梧货运: a consignment note 140 x 95 in rows and columns, both parties side by side."""
    L = Label(c, 140, 95)
    L.rect(2, 2, 138, 93, 0.5)
    L.text(0, 3, "苍梧货运 托运单", 5.6, True, mid=54, cond=1)
    L.text(0, 3, "单号 " + c["no"], 3.2, True, right=135)
    L.text(0, 7, "开单 " + c["date"] + "   到站 " + c["hub"], 2.9, right=135)
    L.line(2, 12, 138, 12, 0.5)
    ends = []
    for x, who, tag in ((2, "r", c["tags"][0]), (70, "s", c["tags"][1])):
        L.draw.rectangle(L.px(x, 12, x + 7, 46), (225, 226, 226), L.ink, 2)
        for i, ch in enumerate(tag):
            L.text(0, 16 + i * 6, ch, 4, True, mid=x + 3.5, cond=1)
        ends.append(L.person(who, x + 9, 13.4, 3.6, 57, c.get("order", "n/p/a"), "n", labels=("名称 ", "电话 ", "地址 ")))
    L.line(70, 12, 70, 46, 0.4)
    y = max(*ends, 46)
    L.line(2, y, 138, y, 0.5)
    cells = [("件数", str(L.rng.randrange(1, 9))), ("重量kg", str(L.rng.randrange(8, 240))), ("体积m3", f"{L.rng.uniform(0.05, 2):.2f}"), ("付款", "到付" if L.rng.random() < 0.4 else "回单付"), ("交货", "送货上门" if L.rng.random() < 0.5 else "自提"), ("线路", c["route"])]
    for i, (k, v) in enumerate(cells):
        x = 2 + i * 22.7
        L.text(x + 1.4, y + 0.8, k, 2.6)
        L.text(x + 1.4, y + 4.4, v, 3.4, True, cond=0.85)
        if i:
            L.line(x, y, x, y + 9.4, 0.3)
    y += 9.4
    L.line(2, y, 138, y, 0.5)
    L.code(6, y + 2.4, 72, 12, human=3.2)
    L.code(114, y + 2, 22, 22, "qr", "qr")
    yy = L.put("goods", 6, y + 20, 3, 70, prefix="货物名称 ")[3] + 0.3
    yy = L.put("remark", 6, yy, 3.1, 100, prefix="备注 ")[3] + 0.3
    extras(L, 6, yy, 2.6, 90)
    L.text(82, y + 14, "发货人签字", 2.8)
    marks(L, 84, y + 2)
    return L


def shuang(c):
    """霜橘冷运: 100 x 100 for fresh food, temperature in a black box, tags in words."""
    L = Label(c, 100, 100)
    L.draw.rectangle(L.px(70, 0, 100, 15), colour(L, NAVY))
    L.text(0, 2, "-18℃", 8.4, True, WHITE, mid=85, cond=1)
    L.text(4, 2, "霜橘冷运", 6, True, colour(L, NAVY), cond=1)
    L.text(4, 9.4, c["route"] + "  " + c["hub"], 3.8, True)
    L.line(0, 15, 100, 15, 0.5)
    t = L.badge(4, 17.4, c["tags"][0], 3.8, "box") + 2
    y = max(L.person("r", t, 17, 4.4, 96 - t, c.get("order", "np/a"), "np", 4), 36)
    L.line(3, y, 97, y, dash=1.2)
    L.badge(4, y + 1.4, c["tags"][1], 3, "box")
    y = max(L.person("s", t, y + 1.4, 3.1, 96 - t, "np/a", ""), y + 11)
    L.line(0, y, 100, y, 0.5)
    L.code(5, y + 2, 60, 12, human=3.2)
    L.code(75, y + 2, 21, 21, "qr", "qr")
    tail(L, 5, y + 19, 3, 66, "品名 ", "备注 ")
    L.text(0, 95.4, "打印 " + c["date"] + " 请勿倒置", 2.5, right=96)
    marks(L, 62, 82)
    return L


def cang(c):
    """仓雀云配: a warehouse's own label 100 x 110; QR in the corner, receiver in a round box, sender in one line."""
    L = Label(c, 100, 110)
    L.text(4, 2.4, "仓雀云配", 5.4, True, cond=1)
    L.text(32, 3.6, c["hub"], 3.8, True)
    L.text(4, 10, c["route"], 9.6, True, cond=0.9)
    L.code(76, 3, 20, 20, "qr", "qr")
    L.text(5, 26, c["tags"][0], 3.4, True, colour(L, BROWN))
    y = max(L.person("r", 5, 31, 4.5, 90, c.get("order", "np/a"), "np", 4.1), 49)
    L.rect(3, 25, 97, y + 0.8, 0.4, round_=2.5)
    y += 2.4
    L.text(5, y, c["tags"][1], 2.9, True)
    x = 5 + L.width(c["tags"][1], 2.9, True) + 2
    y = max(L.person("s", x, y, 2.9, 95 - x, "np/a", ""), y + 9)
    L.line(3, y, 97, y, 0.3)
    L.code(11, y + 1.8, 78, 14, human=3.6, spaced=True)
    y += 22
    L.line(3, y, 97, y, 0.3)
    y = tail(L, 5, y + 1.2, 3, 90, "商品：", "备注：")
    L.text(5, 105, "打印时间 " + c["date"] + " 22:1" + str(L.rng.randrange(9)), 2.6)
    L.text(0, 105, "波次 " + str(L.rng.randrange(100, 999)) + " 货位 B-07-12", 2.6, right=96)
    marks(L, 64, 92)
    return L


def langang(c):
    """澜港国际: two languages on 100 x 150, From above To, customs line."""
    L = Label(c, 100, 150)
    L.rect(2, 2, 98, 148, 0.5)
    L.text(5, 3.4, "澜港国际 LANGANG INTL", 4.6, True, colour(L, NAVY), cond=1)
    L.text(0, 9.4, "PARCEL / 包裹", 3.2, right=95)
    L.line(2, 14, 98, 14, 0.5)
    L.text(5, 15, c["tags"][1], 3.2, True)
    y = max(L.person("s", 5, 19.4, 3.3, 90, "np/a", "", labels=("", "Tel ", "")), 34)
    L.line(2, y, 98, y, 0.5)
    L.text(5, y + 1, c["tags"][0], 4, True)
    y = max(L.person("r", 5, y + 6.6, 4.5, 90, c.get("order", "n/p/a"), "n", labels=("", "Tel ", "")), y + 32)
    L.line(2, y, 98, y, 0.5)
    L.text(5, y + 0.6, c["route"], 8, True)
    L.text(0, y + 2, c["hub"], 5, True, right=95)
    y += 11
    L.line(2, y, 98, y, 0.5)
    L.code(12, y + 2.4, 76, 14, human=3.6, spaced=True)
    y += 23
    L.line(2, y, 98, y, 0.5)
    L.code(74, y + 2, 21, 21, "qr", "qr")
    yy = tail(L, 5, y + 2, 3, 66, "Contents 内件: ", "Note 附注: ")
    L.text(5, yy + 1, "Value 申报 USD " + str(L.rng.randrange(8, 90)) + "  CN", 2.8)
    L.text(5, 143, "Date " + c["date"], 2.7)
    marks(L, 44, 132)
    return L


def jinshu(c):
    """锦书专递: a wallet for papers and cards 110 x 90, red head, sender an office as a rule."""
    L = Label(c, 110, 90)
    L.draw.rectangle(L.px(0, 0, 110, 9), colour(L, RED))
    L.text(4, 1.2, "锦书专递 · 公文证照", 5, True, WHITE, cond=1)
    L.text(0, 2.2, c["date"], 3.4, True, WHITE, right=106)
    L.code(5, 10.8, 58, 9, human=2.8)
    L.text(0, 11, c["route"], 7, True, right=106, cond=0.85)
    L.text(0, 19, c["hub"], 3.8, True, right=106)
    L.line(0, 25, 110, 25, 0.4)
    L.text(4, 26.4, c["tags"][1], 2.9, True)
    y = max(L.person("s", 19, 26.2, 3.1, 88, "np/a", ""), 36)
    L.line(0, y, 110, y, dash=1.2)
    L.text(4, y + 1.4, c["tags"][0], 3.6, True)
    y = max(L.person("r", 19, y + 1.2, 4.3, 88, c.get("order", "np/a"), "np"), y + 18)
    L.line(0, y, 110, y, 0.4)
    L.code(87, y + 2, 20, 20, "qr", "qr")
    yy = tail(L, 4, y + 1.6, 3, 80, "内件：", "投递要求：")
    L.text(4, max(yy + 0.6, 82), "收件人签名：", 3)
    marks(L, 56, y + 8)
    return L


def xikou(c):
    """溪口乡邮: village post 90 x 110 in serif, tags standing, name first."""
    L = Label(c, 90, 110)
    L.rect(2, 2, 88, 108, 0.7)
    L.text(5, 3.4, "溪口乡邮", 6, True, colour(L, TEAL), cond=1)
    L.text(0, 4.2, "邮编 " + c.get("post", "323000"), 3.6, True, right=85)
    L.line(2, 12, 88, 12, 0.4)
    L.text(5, 12.6, c["route"] + " " + c["hub"], 5, True, cond=0.9)
    L.line(2, 20, 88, 20, 0.4)
    L.vtext(3.8, 22, c["tags"][0], 3.8, True)
    L.line(9.5, 20, 9.5, 64, 0.3)
    y = max(L.person("r", 11.5, 21.4, 4.3, 74, c.get("order", "n/p/a"), "n"), 43)
    L.line(2, y, 88, y, 0.3)
    L.vtext(3.8, y + 2, c["tags"][1], 3.4, True)
    y = max(L.person("s", 11.5, y + 1.4, 3.4, 74, "n/p/a", ""), 64)
    L.line(2, y, 88, y, 0.4)
    L.code(5, y + 2, 54, 11, human=3)
    L.code(66, y + 2, 20, 20, "qr", "qr")
    tail(L, 5, y + 18.5, 3, 58, "内件品名 ", "附言 ")
    L.text(0, 103, "收寄 " + c["date"], 2.7, right=85)
    marks(L, 52, 92)
    return L


def huisuo(c):
    """回梭退换: returns slip 100 x 90; sender is the customer, receiver the shop's store."""
    L = Label(c, 100, 90)
    L.text(4, 2, "退", 9, True, cond=1)
    L.text(16, 2.2, "回梭退换件", 4.6, True, cond=1)
    L.text(16, 8, "打印 " + c["date"], 2.6)
    L.code(48, 2.4, 48, 9, human=2.8)
    L.line(3, 16.4, 97, 16.4, 0.6)
    L.text(4, 17.4, c["tags"][0], 3.4, True)
    y = max(L.person("r", 20, 17.2, 4.1, 76, c.get("order", "np/a"), "n"), 34)
    L.line(3, y, 97, y, 0.3)
    L.text(4, y + 1.2, c["tags"][1], 3.2, True)
    y = max(L.person("s", 20, y + 1.2, 3.4, 76, "np/a", "n"), y + 13)
    L.line(3, y, 97, y, 0.6)
    L.code(76, y + 2, 20, 20, "qr", "qr")
    L.text(4, y + 1.4, c["route"], 6, True, cond=0.9)
    L.text(40, y + 3, c["hub"], 3.6, True)
    tail(L, 4, y + 10, 3, 70, "退回：", "原因：")
    marks(L, 50, y + 16)
    return L


def yinghuo(c):
    """萤火夜送: night same-city strip 72 x 140, no rulings but dashes, large number."""
    L = Label(c, 72, 140)
    L.text(0, 2, "萤火夜送 " + str(L.rng.randrange(11, 299)), 7, True, mid=36, cond=1)
    L.text(0, 11, c["hub"] + " · " + c["route"], 3.4, mid=36)
    L.text(0, 15.8, "下单 " + c["date"] + " 21:4" + str(L.rng.randrange(9)), 3, mid=36)
    L.line(3, 20.4, 69, 20.4, dash=1)
    y = L.put("remark", 4, 22, 4, 64, bold=True, prefix="备注：")[3] + 1
    y = L.put("goods", 4, y, 3.4, 64, prefix="商品：")[3] + 1
    y = extras(L, 4, y, 3, 64) + 0.6
    L.line(3, y, 69, y, dash=1)
    L.text(4, y + 1, c["tags"][0], 3.6, True)
    y = L.person("r", 4, y + 6, 4.8, 64, c.get("order", "a/np"), "ap") + 0.6
    L.line(3, y, 69, y, dash=1)
    L.text(4, y + 1, c["tags"][1], 3.2, True)
    y = L.person("s", 4, y + 5.4, 3.3, 64, "n/p/a", "n") + 1
    L.line(3, y, 69, y, dash=1)
    y = L.code(8, y + 2, 56, 10, human=3)[3] + 5
    L.code(8, y, 22, 22, "qr", "qr")
    L.text(34, y + 2, "打印 " + c["date"], 2.8)
    marks(L, 40, y + 8)
    return L


def notice(c):
    """A sheet on the wall: no label at all."""
    L = Label(c, 150, 200)
    L.text(0, 10, c["heading"], 11, True, mid=75, cond=1)
    y = 32
    for line in c["extra"]:
        y = L.para(12, y, line, 5.4, 126, lead=1.5)[3] + 4
    if "stamp" in c:
        L.stamp(96, y - 4, c["stamp"], 6)
    return L


LAYOUTS = {f.__name__: f for f in (bochuan, helu, lanqiao, yanshan, letter, zhongyue, table, shuang, cang, langang, jinshu, xikou, huisuo, yinghuo, notice)}
