"""Labels as small carriers, forwarders, bus stations and fresh-food sellers might print them."""

from base import Paper

WHITE = (250, 250, 247)


def regional(c):
    """76 x 130: sorting code in white on black, mark of the party at the right edge, phone before the name."""
    l = Paper(c, 76, 130)
    l.each(("text", 3, 2.5, c.get("car", "蓝峪速递"), 5, True), ("text", 0, 3.4, c.get("kind", "区域次日达"), 3, dict(right=73)))
    l.each(("text", 3, 8.3, "客服 " + c.get("hot", "400-811-0376"), 2.3), ("rect", 2, 11.5, 74, 24, dict(fill=l.ink)))
    l.each(("text", 0, 13, c.get("sort", "K07-B 21-04"), 9, True, WHITE, dict(mid=38)), ("code", 8, 26.5, 60, 11, dict(human=3, spaced=True)))
    l.line(2, 42.6, 74, 42.6, 0.4)
    y = l.f("rp", 4, 44, 4.4, 58, True)
    y = l.pile(4, y, ("until", 0, 2.5, 58), ("rn", 0.4, 4.4, 58, True), ("ra", 0.4, 3.5, 59, True))
    l.each(("badge", 66, 46, "收", 5, "box"), ("line", 2, max(y + 1, 70), 74, max(y + 1, 70), 0.25, 1))
    y = max(y + 1, 70) + 1
    l.badge(66.5, y + 1, "寄", 4, "ring")
    y = l.pile(4, y, ("sp", 0, 3, 58), ("sn", 0, 3, 58), ("sa", 0, 2.9, 60))
    y = max(y + 0.6, 89)
    l.each(("line", 2, y, 74, y, 0.4), ("code", 4, y + 2, 23, 23, "code", "qr"), ("text", 30, y + 2, "打印 " + c.get("at", "11-26 21:40") + "  第1次", 2.5))
    l.text(30, y + 5.6, c.get("order", "订单 5024471966"), 2.5)
    z = l.f("goods", 30, y + 9.4, 3, 43, prefix="物品:")
    l.each(("f", "remark", 30, z + 0.6, 3, 43, True, dict(prefix="附言:")), ("text", 0, 126, "签收前请验视外包装  谢绝刷单返现来电", 2.3, dict(mid=38)))
    return l.finish()


def columns(c):
    """100 x 100: two columns with small headings above each value, receiver at the right."""
    l = Paper(c, 100, 100)
    l.each(("text", 3, 2.4, c.get("car", "渠丰快运"), 5.2, True), ("text", 42, 3.2, c.get("kind", "当日配"), 4.2, True))
    l.each(("text", 0, 2.6, c.get("sort", "西线 06"), 5, True, dict(right=97)), ("line", 2, 9.4, 98, 9.4, 0.4), ("code", 4, 11, 66, 10, dict(human=2.8)))
    l.each(("code", 77, 11, 20, 18, "code", "qr"), ("line", 2, 29.5, 98, 29.5, 0.4), ("line", 42, 29.5, 42, 78, 0.25))
    for who, x, w, big, title in (("s", 3, 37, 3, "发件方 FROM"), ("r", 44, 53, 3.8, "到件方 TO")):
        l.rect(x, 30.6, x + w, 34.6, fill=l.ink)
        l.text(x + 1, 31.1, title, 2.7, True, WHITE)
        l.head(x, 36, "姓名")
        y = l.f(who + "n", x, 38.6, big, w, who == "r")
        l.head(x, y + 0.3, "电话")
        y = l.f(who + "p", x, y + 2.9, big, w, who == "r")
        if who == "r":
            y = l.f("until", x, y, 2.4, w)
        l.head(x, y + 0.3, "地址")
        l.f(who + "a", x, y + 2.9, 2.9 if who == "s" else 3.3, w, who == "r")
    l.line(2, 78.4, 98, 78.4, 0.4)
    l.pile(3, 80, ("goods", 0, 3, 94, False, 1.22, "品名 "), ("remark", 0.5, 3.2, 94, True, 1.22, "备注 "))
    l.text(3, 94.6, c.get("order", "客户单号 20261127004415") + "   制单 " + c.get("at", "2026-11-27 08:15"), 2.5)
    return l.finish()


def till(c):
    """58 mm roll of a fresh-food platform: a list of goods, the receiver at the bottom."""
    goods = c["items"]
    l = Paper(c, 58, 90 + 4.2 * len(goods) + (8 if "until" in c else 0))
    l.each(("text", 0, 2, c.get("car", "菜园里·次晨达"), 4.4, True, dict(mid=29)), ("text", 0, 8, c.get("sort", "#37 晨一线"), 6.5, True, dict(mid=29)))
    y = l.till_line(16, "=")
    l.each(("text", 2, y, c.get("order", "单号 8813 5520 7719 04"), 2.6), ("text", 2, y + 3.4, "下单 " + c.get("at", "2026-11-28 20:11"), 2.6))
    y = l.till_line(y + 6.8)
    for name, n in goods:
        l.text(2, y, name, 3)
        l.text(0, y, "x" + str(n), 3, right=56)
        y += 4.2
    l.mark("goods", "", "pass", [2, y - 4.2 * len(goods), 56, y])
    y = l.till_line(y)
    y = l.pile(2, y, ("remark", 0, 3.1, 54, True, 1.22, "备注:"), ("rp", 1, 4, 54, True), ("until", 0, 2.5, 54), ("rn", 0, 4, 54, True), ("ra", 0.3, 3.3, 54))
    y = l.till_line(y + 0.3)
    if "sn" in c:
        y = l.f("sn", 2, y, 2.8, 54, prefix="店:")
        y = l.f("sp", 2, y, 2.8, 54, prefix="电:")
    l.code(17, y + 1, 22, 18, "code", "qr")
    return l.finish()


def cold(c):
    """100 x 70, foam box: temperature zone, tray place, receiver in the lower half, name and phone in one token."""
    l = Paper(c, 100, 70)
    l.each(("rect", 2, 2, 27, 17, 0.6, dict(round_=2)), ("text", 0, 3.2, c.get("zone", "冷藏"), 6.5, True, dict(mid=14.5)))
    l.each(("text", 0, 11.5, c.get("deg", "0~4℃"), 3.6, True, dict(mid=14.5)), ("text", 30, 2, c.get("car", "鲜驿到家"), 4.6, True))
    l.each(("text", 30, 8, c.get("sort", "3号车 12框-0604"), 5.4, True), ("text", 0, 2.4, c.get("pc", "1/2箱"), 4, True, dict(right=97)))
    l.each(("code", 30, 15, 52, 7.5, dict(human=2.5)), ("line", 2, 27.5, 98, 27.5, 0.5))
    if "both" in c:  # one token: name and phone grown together
        l.f("rn", 4, 29, 4.2, 70, True)
        b = l.box_of("rn")
        l.f("rp", b[2] + 0.2, 29, 4.2, 60, True)
        y = b[3] + 0.5
    else:
        y = l.f("rp", 4, 29, 4.2, 48, True)
        b = l.box_of("rp")
        l.f("rn", b[2] + 3, 29, 4.2, 40, True)
        if l.box_of("rn")[3] > y:
            y = l.box_of("rn")[3] + 0.5
    y = l.f("until", 4, y, 2.4, 70)
    l.each(("f", "ra", 4, y + 0.3, 3.5, 69, True), ("code", 77, 30, 20, 18, "code", "qr"), ("line", 2, 49.5, 98, 49.5, 0.25, 1.2))
    x = 4
    if "sn" in c:
        y = l.f("sn", x, 50.5, 2.8, 60, prefix="发货 ")
        l.f("sp", l.box_of("sn")[2] + 2.5, 50.5, 2.8, 40)
        y = l.f("sa", x, y, 2.6, 92)
    y = l.f("goods", 4, 58.4, 2.8, 92, prefix="内装 ")
    l.each(("f", "remark", 4, max(y, 62), 3, 92, True, dict(prefix="嘱 ")), ("text", 0, 66.5, c.get("at", "分拣 11-28 03:52 台07"), 2.1, dict(right=97)))
    return l.finish()


def forwarder(c):
    """120 x 90, a freight forwarder's piece label, English and Chinese, consignee below."""
    l = Paper(c, 120, 90)
    l.each(("text", 3, 2.5, c.get("car", "Haizhou Freight 海舟货代"), 5, True), ("text", 0, 2.8, c.get("kind", "空运 AIR"), 4.4, True, dict(right=117)))
    l.line(2, 9.6, 118, 9.6, 0.5)
    for x, head, val in ((3, "MAWB", c.get("mawb", "784-4471 9026")), (43, "HAWB", c.get("hawb", c["no"])), (86, "FLT", c.get("flt", "CZ3501/28"))):
        l.text(x, 10.6, head, 2.4)
        l.text(x, 13.4, val, 3.6, True)
    l.each(("line", 2, 19, 118, 19, 0.25), ("code", 5, 20.6, 68, 11), ("text", 80, 20.4, "DEST 目的站", 2.4))
    l.each(("text", 79, 23.2, c.get("sort", "CTU"), 8, True, dict(cond=0.9)), ("text", 101, 20.4, "PCS 件", 2.4))
    l.each(("text", 101, 24, c.get("pc", "3/18"), 5.4, True, dict(cond=0.85)), ("line", 2, 33.4, 118, 33.4, 0.5))
    for who, y, h, tags in (("s", 34.4, 3, ("SHPR 发货", "TEL", "ADDR")), ("r", 51.5, 3.7, ("CNEE 收货", "TEL 电话", "ADDR 地址"))):
        x = 23
        l.text(4, y, tags[0], 2.6)
        y1 = l.f(who + "n", x, y, h, 92, who == "r")
        l.text(4, y1, tags[1], 2.6)
        y1 = l.f(who + "p", x, y1, h, 92, who == "r")
        if who == "r":
            y1 = l.f("until", x, y1, 2.5, 92)
        l.text(4, y1, tags[2], 2.6)
        l.f(who + "a", x, y1, h * 0.95, 70 if who == "r" else 93, who == "r")
        if who == "s":
            l.line(2, 50.4, 118, 50.4, 0.25)
    l.each(("code", 97, 56, 20, 19, "code", "qr"), ("line", 2, 76.5, 118, 76.5, 0.25))
    l.pile(4, 77.6, ("goods", 0, 3, 112, False, 1.22, "GOODS 品名 "), ("remark", 0.3, 3.2, 112, True, 1.22, "RMK "))
    l.text(0, 86.4, "毛重 " + c.get("kg", "21.4kg") + "   制单 " + c.get("at", "2026-11-28"), 2.3, right=117)
    return l.finish()


def note(c):
    """140 x 95 carbon copy of a less-than-load freight note: red form, values by pins."""
    c.setdefault("paper", (253, 236, 240))
    l = Paper(c, 140, 95)
    red, l.ink = (170, 40, 60), (170, 40, 60)
    l.text(0, 2, c.get("car", "汇陇物流货物托运单"), 5.6, True, red, "serifbold", mid=70)
    for y in (18, 27, 36, 49, 58, 67, 80):
        l.line(4, y, 136, y, 0.25)
    for x in (4, 136):
        l.line(x, 18, x, 80, 0.25)
    l.line(70, 18, 70, 27, 0.25)
    for x, y, t in ((6, 20.6, "发站"), (72, 20.6, "到站"), (6, 29.6, "托运人"), (6, 40, "地址"), (6, 51, "收货人"), (6, 60, "电话"), (6, 71, "地址"), (6, 82, "货物"), (6, 88, "备注"), (78, 29.6, "电话")):
        l.text(x, y, t, 3, ink=red)
    l.ink = (52, 44, 120)
    l.each(("text", 6, 10.4, "No. " + c["no"], 4), ("code", 84, 9.4, 50, 6.6), ("text", 22, 20.3, c.get("from_", "兰州东"), 4), ("text", 88, 20.3, c.get("sort", "天水 直"), 4))
    l.each(("f", "sn", 22, 29.4, 3.8, 54), ("f", "sp", 90, 29.4, 3.8, 45), ("f", "sa", 22, 38, 3.6, 110), ("f", "rn", 22, 50.8, 3.9, 60), ("f", "rp", 22, 59.8, 3.9, 100))
    l.each(("f", "ra", 22, 68.8, 3.7, 110), ("f", "goods", 22, 81.8, 3.6, 76), ("f", "remark", 22, 87.6, 3.6, 110))
    l.text(0, 81.8, c.get("pc", "件数 4  到付 86元"), 3.4, right=135)
    return l.finish()


def two_ply(c):
    """100 x 150: upper ply for the carrier, below a tear line the receiver's ply with the same once more."""
    l = Paper(c, 100, 150)
    l.each(("text", 3, 2, c.get("car", "顺江快递 SJ"), 5, True), ("text", 0, 2.6, c.get("kind", "标快"), 4, dict(right=97)))
    l.each(("text", 0, 9, c.get("sort", "312-C09 051"), 10, True, dict(mid=50)), ("line", 2, 21.4, 98, 21.4, 0.4))
    x = l.badge(3, 23.4, "收", 4.4, "disc")
    y = l.f("rn", x + 2, 23, 4, 30, True)
    l.f("rp", l.box_of("rn")[2] + 3, 23, 4, 55, True)
    y = max(y, l.box_of("rp")[3] + 0.4)
    y = l.f("until", x + 2, y, 2.4, 80)
    l.f("ra", x + 2, y + 0.2, 3.5, 86, True)
    x = l.badge(3, 42.4, "寄", 3.2, "disc")
    l.f("sn", x + 2, 42, 3, 40)
    l.f("sp", l.box_of("sn")[2] + 3, 42, 3, 50)
    l.each(("f", "sa", x + 2, 46.2, 2.8, 86), ("line", 2, 53.6, 98, 53.6, 0.25), ("code", 12, 55.4, 76, 13, dict(human=3.2, spaced=True)), ("line", 2, 74, 98, 74, 0.25))
    l.pile(4, 75.4, ("goods", 0, 3, 92, False, 1.22, "托寄物:"), ("remark", 0.3, 3.2, 92, True, 1.22, "备注:"))
    l.each(("line", 0, 89, 100, 89, 0.3, 1.6), ("text", 3, 91, c.get("car", "顺江快递 SJ"), 3.6, True), ("code", 44, 91.4, 52, 6.5, dict(human=2.4)))
    y = 103
    l.each(("text", 3, y, "收方", 2.8), ("f", "rn2", 13, y, 3.2, 30), ("f", "rp2", 42, y, 3.2, 54))
    y = l.f("ra2", 13, y + 4.4, 3, 82) + 0.6
    l.each(("text", 3, y, "寄方", 2.8), ("f", "sn2", 13, y, 2.8, 42), ("f", "sp2", 56, y, 2.8, 42), ("f", "sa2", 13, y + 4, 2.7, 82), ("line", 2, 123.6, 98, 123.6, 0.25))
    l.each(("code", 4, 125.4, 22, 22, "code", "qr"), ("text", 32, 126, c.get("ad", "年货早囤早安心"), 5.4, True), ("text", 32, 133.4, c.get("ad2", "扫码查件 · 到店寄件首重 5 元"), 3))
    l.each(("text", 32, 138.6, c.get("order", "订单号 6120 2290 8841"), 2.7), ("text", 32, 143, "打印 " + c.get("at", "2026/11/27 19:22:08") + "  未签收前请勿丢弃", 2.3))
    return l.finish()


def stub(c):
    """140 x 72: main part left, a stub to tear off at the right with its own fields."""
    l = Paper(c, 140, 72)
    l.each(("text", 3, 2, c.get("car", "皖东小件快运"), 4.8, True), ("text", 0, 2, c.get("sort", "A3 滁州南"), 5, True, dict(right=94)), ("code", 5, 9.6, 78, 9.5, dict(human=2.8)))
    l.each(("line", 2, 24.4, 95, 24.4, 0.4), ("text", 3, 25.6, "收", 6, True))
    y = l.f("ra", 12, 25.6, 3.5, 82, True)
    y = l.f("rn", 12, y + 0.2, 4, 34, True)
    l.f("rp", l.box_of("rn")[2] + 3, l.box_of("rn")[1], 4, 82, True)
    y = max(y, l.box_of("rp")[3] + 0.4)
    l.each(("f", "until", 12, y, 2.4, 80), ("line", 2, 46.4, 95, 46.4, 0.25), ("text", 3, 47.6, "寄", 4.4))
    y = l.f("sa", 12, 47.4, 2.8, 82)
    y = l.f("sn", 12, y, 2.8, 42)
    l.f("sp", l.box_of("sn")[2] + 3, l.box_of("sn")[1], 2.8, 40)
    l.line(2, 58.6, 95, 58.6, 0.25)
    l.pile(3, 59.6, ("goods", 0, 3, 91, False, 1.22, "物:"), ("remark", 0.2, 3.1, 91, True, 1.22, "注:"))
    l.each(("line", 98, 0, 98, 72, 0.3, 1.5), ("text", 101, 2, "存根", 3.2, True), ("text", 113, 2.4, c.get("at", "11.28 16:05"), 2.6), ("text", 101, 7, c["no"], 3, True))
    y = l.f("rn2", 101, 12, 3.3, 36)
    y = l.f("rp2", 101, y, 3.3, 36)
    l.each(("f", "ra2", 101, y, 3, 36), ("code", 108, 46, 22, 22, "code", "qr"))
    return l.finish()


def returns(c):
    """100 x 125: a returns slip as a table, the customer above as sender, the shop's store as receiver."""
    l = Paper(c, 100, 125)
    l.each(("text", 0, 2.4, c.get("car", "退 货 面 单"), 6.4, True, dict(mid=50)), ("code", 15, 11, 70, 10, dict(human=3)))
    rows = [("退货人", "sn"), ("联系方式", "sp"), ("取件地", "sa"), ("退至", "rn"), ("电话", "rp"), ("退货地址", "ra"), ("商品", "goods"), ("原因/备注", "remark")]
    y = 27
    top = y
    for head, key in rows:
        if l.value(key) is None:
            continue
        l.line(3, y, 97, y, 0.25)
        l.text(4.5, y + 1.4, head, 2.8)
        y = max(l.f(key, 25, y + 1.2, 3.4, 70, key in ("rn", "ra")), y + 7) + 0.6
    l.line(3, y, 97, y, 0.25)
    for x in (3, 23.5, 97):
        l.line(x, top, x, y, 0.25)
    l.each(("code", 5, y + 2, 22, 22, "code", "qr"), ("text", 32, y + 3, c.get("order", "退款单 7714 0092 1385 0006"), 2.8))
    l.each(("text", 32, y + 7.6, "开单 " + c.get("at", "2026-11-25 13:37"), 2.6), ("text", 32, y + 12, "请将此单贴于外箱  仓库见单入库", 2.6))
    return l.finish()


def tag(c):
    """62 x 112, a manila tag with a hole and a printed form; the values by pen (`pens`)."""
    c.setdefault("paper", (226, 200, 150))
    l = Paper(c, 62, 112)
    l.draw.ellipse(l.px(27, 3, 35, 11), (60, 56, 50), (120, 90, 60), 8)
    l.each(("text", 0, 14, c.get("car", "金槐货运部"), 5, True, dict(mid=31)), ("code", 8, 21, 46, 7, dict(human=2.6)))
    for y, t in ((34, "收货"), (44, "电话"), (54, "地址"), (78, "发货"), (88, "电话"), (98, "件数")):
        l.text(3, y, t, 3)
        l.line(11, y + 5, 59, y + 5, 0.25)
    l.line(11, 69, 59, 69, 0.25)
    for key, y in (("rn", 32.6), ("rp", 42.6), ("sn", 76.6), ("sp", 86.6)):
        v = l.value(key)
        if v is not None:
            l.pen(12, y, v, c.get("penh", 4.4), (30, 34, 90), {"n": "name", "p": "phone"}[key[1]], {"r": "receiver", "s": "sender"}[key[0]])
    parts = c["ra"].lstrip("!").split("\n")
    boxes = [l.pen(12, 52.6 + 9.3 * i, t, 3.9, (30, 34, 90), None) for i, t in enumerate(parts)]
    l.mark("address", "receiver", "fail" if c["ra"][0] == "!" else "pass",
           [min(b[0] for b in boxes), boxes[0][1], max(b[2] for b in boxes), boxes[-1][3]])  # fmt: skip
    l.pen(12, 96.6, c.get("pc", "3件 到付"), 4.2, (30, 34, 90), None)
    return l.finish()


def pallet(c):
    """150 x 100 for a pallet: dock and lane large, consignee in the middle row, small sender."""
    l = Paper(c, 150, 100)
    l.each(("rect", 2, 2, 148, 98, 0.6), ("text", 5, 4, "道口 DOCK", 3), ("text", 5, 7.6, c.get("sort", "B-1203"), 13, True), ("text", 84, 4, "托 PALLET", 3))
    l.each(("text", 84, 7.6, c.get("pc", "02/05"), 9, True), ("text", 84, 18.4, c.get("car", "中禾冷链干线"), 4, True), ("line", 2, 25, 148, 25, 0.5))
    l.head(5, 26.6, "收货单位 / 联系人", 2.6)
    y = l.f("rn", 5, 30, 4.6, 138, True)
    l.head(5, y, "联系电话", 2.6)
    y = l.f("rp", 5, y + 3, 4.6, 138, True)
    l.each(("head", 5, y, "送达", 2.6), ("f", "ra", 5, y + 3, 4, 138, True), ("line", 2, 62, 148, 62, 0.5), ("f", "sn", 5, 63.6, 3, 70, dict(prefix="发 ")))
    l.each(("f", "sp", 80, 63.6, 3, 66), ("f", "sa", 5, 68, 3, 120), ("line", 2, 73, 148, 73, 0.25), ("code", 6, 75, 90, 13, dict(human=3)))
    y = l.f("goods", 102, 75, 3, 44)
    l.each(("f", "remark", 102, y + 0.4, 3.1, 44, True), ("text", 0, 93.6, c.get("at", "装车 2026-11-28 02:30"), 2.5, dict(right=146)))
    return l.finish()


def bus(c):
    """80 x 84, a parcel carried by an intercity coach."""
    l = Paper(c, 80, 84)
    l.each(("text", 0, 2, c.get("car", "豫南客运·小件快运"), 4.6, True, dict(mid=40)), ("text", 4, 9, c.get("from_", "驻马店站"), 5, True), ("text", 36, 9.4, "→", 5, True))
    l.each(("text", 45, 9, c.get("sort", "信阳东站"), 5, True), ("text", 4, 16, c.get("trip", "班次 1386  发车 14:02  座下舱"), 3), ("line", 2, 20.6, 78, 20.6, 0.4))
    y = l.f("rn", 4, 22, 4, 72, True, prefix="取件人 ")
    y = l.pile(4, y, ("rp", 0, 4, 72, True, 1.22, "手机 "), ("ra", 0, 3.3, 72, False, 1.22, "地址 "))
    l.line(2, max(y, 41), 78, max(y, 41), 0.25, 1)
    y = max(y, 41) + 1
    y = l.pile(4, y, ("sn", 0, 3, 72, False, 1.22, "交寄人 "), ("sp", 0, 3, 72, False, 1.22, "手机 "), ("goods", 0, 3, 72, False, 1.22, "物品 "))
    l.each(("f", "remark", 4, y, 3, 72, True, dict(prefix="说明 ")), ("code", 4, 65, 50, 9, dict(human=2.6)), ("code", 59, 63, 18, 18, "code", "qr"))
    l.text(4, 79.6, c.get("at", "2026-11-28 13:20") + "  凭取件码领取", 2.3)
    return l.finish()


def relay(c):
    """75 x 50 sticker of a village relay: shelf number, name and phone in the last row."""
    l = Paper(c, 75, 50)
    l.each(("text", 3, 2, c.get("sort", "12-3-0604"), 10, True), ("text", 0, 2.4, c.get("car", "乡递通"), 4, True, dict(right=72)))
    l.each(("text", 0, 7.6, c.get("at", "入站 11-28"), 2.6, dict(right=72)), ("line", 2, 14.6, 73, 14.6, 0.4), ("code", 4, 16.2, 46, 7, dict(human=2.4)))
    l.code(56, 16, 16, 16, "code", "qr")
    y = l.f("ra", 4, 27.4, 3.1, 50)
    y = max(y, l.f("remark", 4, y, 3, 50, prefix=""))
    y = max(y, 37)
    l.each(("line", 2, y, 73, y, 0.25), ("f", "rp", 4, y + 1, 4, 40, True))
    l.f("rn", l.box_of("rp")[2] + 3, y + 1, 4, 28, True)
    if "sn" in c:
        l.f("sn", 4, y + 6.6, 2.6, 68, prefix="寄:")
    return l.finish()


def strip(c):
    """110 x 62, small print shop's dry label: all in three long lines, sender first, receiver at the bottom."""
    l = Paper(c, 110, 62)
    l.each(("rect", 1.5, 1.5, 108.5, 60.5, 0.35, dict(round_=3)), ("text", 5, 3.4, c.get("car", "捷邻同城"), 4.6, True))
    l.each(("text", 0, 3.4, c.get("sort", "环北 9区"), 4.6, True, dict(right=80)), ("code", 84, 4, 21, 21, "code", "qr"), ("code", 5, 10, 70, 8, dict(human=2.5)))
    y = l.f("sn", 5, 23, 2.9, 30, prefix="自 ")
    l.f("sp", l.box_of("sn")[2] + 2, 23, 2.9, 40)
    l.each(("f", "sa", 5, max(y, 27), 2.8, 76), ("line", 4, 32, 106, 32, 0.25))
    y = l.f("ra", 5, 33.2, 3.6, 98, True, prefix="至 ")
    y = l.f("rn", 5, y, 4, 40, True)
    l.f("rp", l.box_of("rn")[2] + 3, l.box_of("rn")[1], 4, 58, True)
    y = l.f("until", 5, max(y, l.box_of("rp")[3] + 0.4), 2.4, 90)
    l.f("remark", 5, max(y, 50), 3, 98, True, prefix="※ ")
    l.text(0, 56.6, c.get("at", "出单 11-28 10:44") + "  " + c.get("order", "流水 0377"), 2.2, right=105)
    return l.finish()


def sign(c):
    """No label: a shelf's notice."""
    l = Paper(c, 100, 70, (255, 236, 120))
    l.text(0, 5, "冷库 3 区 作业须知", 8, True, mid=50)
    for i, t in enumerate(("1. 进库穿防寒服,出库随手关门", "2. 堆码不超过 1.8 米,五面距墙 30 厘米", "3. 每 2 小时记一次温度:-18℃ 以下", "4. 叉车限速 5 公里,鸣号转弯", "值班表见门后   安全生产第 412 天")):
        l.text(8, 19 + 9.5 * i, t, 4.6)
    return l
