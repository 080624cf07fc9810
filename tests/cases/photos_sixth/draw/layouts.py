"""Sixteen labels as print shops of the south set them; the height of most follows what stands on them."""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

sys.path.append(str(Path(__file__).parents[1] / "../photos_third/draw"))
from kit import FIELDS, PARTIES, Label

WHITE = (252, 252, 250)


def fit(L, x, y, text, h, maxw, bold=False, **kw):
    while L.width(text, h, bold) > maxw:
        h *= 0.95
    return L.text(x, y, text, h, bold, **kw)


def sect(L, x, y, who, h, w, icon, shape="disc", order=None, tag="2", **kw):
    """An icon, then the person. Returns y below both."""
    x1 = L.badge(x, y, icon, h * 1.15, shape) + 1.3 if icon else x
    kw.setdefault("labels", L.case.get("labels", ("", "", "")))
    kw.setdefault("gap", L.case.get("gap", 2.5))
    y2 = L.person(who, x1, y + 0.2, h, w - (x1 - x), order or L.case.get("order", "np/a"), tag=tag, **kw)
    return max(y2, y + h * 1.5 + 1)


def bar(L, x, y, w, h, text, size, ink=WHITE):
    L.rect(x, y, x + w, y + h, fill=L.ink)
    fit(L, 0, y + (h - size * 1.14) / 2, text, size, w - 2, True, ink=ink, mid=x + w / 2)


def note(L, x, y, w, h, *keys):
    """Remark and goods, each with its heading, where the case has them."""
    for key in keys or ("goods", "remark"):
        if L.value(key):
            heads = {"goods": L.case.get("goodshead", "物品："), "remark": L.case.get("remarkhead", "备注：")}
            y = L.put(key, x, y, h, w, prefix=heads[key])[3] + 0.6
    return y


def row(L, y, x, w, cells, h, hw=None, small=2.6):
    """A row of a ruled table: cells of (share, heading, key or =text). Returns y below."""
    low, edges = y, [x]
    for share, heading, key in cells:
        cw, x0 = w * share, edges[-1]
        hx = L.text(x0 + 1, y + 0.9, heading, small)[2] if heading else x0
        hx = max(hx, x0 + hw) if hw and heading else hx
        room = x0 + cw - hx - 2.5
        if key.startswith("="):
            box = L.para(hx + 1.2, y + 0.8, key[1:], h, room)
        else:
            box = L.put(key, hx + 1.2, y + 0.8, h, room)
        low = max(low, box[3], y + h * 1.2 + 1)
        edges.append(x0 + cw)
    low += 1
    for e in edges:
        L.line(e, y, e, low)
    L.line(x, low, x + w, low)
    return low


def done(L, y):
    """Dark stickers, pen and stamp, then fading; cut to the height."""
    c = L.case
    for who, part, x0, y0, x1, y1 in c.get("cover", ()):
        boxes = [f[3] for f in L.fields if (f[0], f[1]) == (FIELDS[who[1]], PARTIES[who[0]])]
        a, b, d, e = boxes[part]
        L.rect(a + (d - a) * x0 - 0.3, b + (e - b) * y0 - 0.2, a + (d - a) * x1 + 0.6, b + (e - b) * y1 + 0.3, fill=c.get("stickercolour", L.ink))
    if "pen" in c:
        L.pen(5, y + 0.5, c["pen"], c.get("penh", 5.2), c.get("penink", (24, 44, 140)))
        y += 9
    if "stamp" in c:
        L.stamp(L.w - 34, y + 0.2, c["stamp"], 4)
        y += 13
    L.fields = [f for f in L.fields if f[3][2] - f[3][0] > 0.6]  # empty ones
    L.h = y + 1.5
    L.image = L.image.crop((0, 0, L.image.width, L.px(L.h)[0]))
    if "washed" in c:
        art = np.asarray(L.image.filter(ImageFilter.BoxBlur(L.dots * 0.9)).resize((60, 90)).resize(L.image.size), np.float32)
        spots = np.random.default_rng(7).random((9, 7)).astype(np.float32) * 255
        spots = np.asarray(Image.fromarray(spots.astype(np.uint8)).resize(L.image.size, Image.Resampling.BICUBIC), np.float32)[..., None] / 255
        L.image = Image.fromarray(np.clip(art * (0.75 + 0.25 * spots) * np.array([1, 0.97, 0.88]) + 18, 0, 255).astype(np.uint8))
    if "fade" in c:
        art = np.asarray(L.image, np.float32)
        r = np.random.default_rng(len(c["id"]) + int(c["id"][1:]))
        band = np.asarray(Image.fromarray((r.random((14, 3)) * 255).astype(np.uint8)).resize(L.image.size, Image.Resampling.BICUBIC), np.float32)[..., None] / 255
        L.image = Image.fromarray((art + (255 - art) * np.clip(c["fade"] * (0.55 + 0.6 * band), 0, 0.78)).astype(np.uint8))
    if "dead" in c:  # dots of the print head that no longer burn
        d = ImageDraw.Draw(L.image)
        for mm in c["dead"]:
            d.line((mm * L.dots, 0, mm * L.dots, L.image.height), WHITE, max(1, L.dots // 8))
    return L


def cloud(c):
    """Two plies of 76 mm, the receiver under a large sorting code, all again on the lower ply."""
    L = Label(c, 76, 260)
    fit(L, 3, 2.2, c["carrier"], 5, 40, True)
    L.text(0, 3.6, c["date"], 2.4, right=73)
    L.line(0, 9.4, 76, 9.4, 0.4)
    fit(L, 0, 10, c["sort"], 9, 70, True, mid=38)
    L.line(0, 21.5, 76, 21.5)
    L.text(3, 22, c["hub"], 4.2, True)
    L.text(0, 22.4, "已验视 已安检", 2.6, right=73)
    y = sect(L, 3, 28.5, "r", 3.9, 70, "收", c.get("icon", "disc"))
    L.line(3, y, 73, y, dash=1)
    y = sect(L, 3, y + 1, "s", 2.8, 70, "寄", c.get("icon", "disc"))
    L.line(0, y + 0.5, 76, y + 0.5, 0.4)
    y = L.code(8, y + 2.5, 60, 12, human=3.2, spaced=True)[3] + 6
    for x in range(0, 76, 3):
        L.line(x, y, x + 1.5, y)
    side = 25 if len(c.get("qr", "")) > 40 else 19
    top = y + 2
    L.code(73 - side, top, side, side, "qr", "qr")
    w = 70 - side - 2
    y = sect(L, 3, top, "r", 2.8, w, "收", "box", tag="second")
    y = sect(L, 3, y, "s", 2.5, w, "寄", "box", tag="second")
    y = note(L, 3, max(y, top + side) + 1, 70, 2.9)
    if "ad" in c:
        bar(L, 0, y + 1, 76, 7, c["ad"], 3.4)
        y += 8
    return done(L, y)


def foot(c):
    """Square label of 100 mm, sender small above, the receiver large at the foot, the sorting code upright at the left."""
    L = Label(c, 100, 220)
    bar(L, 0, 0, 100, 8, c["carrier"] + "  " + c.get("kindword", "标准件"), 4.6)
    y = sect(L, 16, 9.5, "s", 2.8, 80, c.get("si", "寄方"), "plain")
    L.line(14, y, 100, y)
    y = L.code(19, y + 2, 74, 13, human=3.4)[3] + 5.5
    L.line(14, y, 100, y)
    y0 = y
    y = sect(L, 16, y + 1.5, "r", 4.8, 80, c.get("ri", "收方"), "plain", small=4.2)
    y = max(note(L, 16, y + 0.5, 60, 2.8), y0 + 24)
    L.text(0, y, c["date"], 2.4, right=97)
    L.vtext(3.5, 11, c["sort"].replace(" ", ""), 7, True)
    L.line(13.5, 8, 13.5, y + 4)
    return done(L, y + 4)


def columns(c):
    """Two columns with small headings above each value."""
    L = Label(c, 100, 240, c.get("paper", (252, 252, 250)))
    fit(L, 4, 3, c["carrier"], 6, 52, True)
    L.code(62, 3, 34, 9, human=0)
    L.text(4, 10.5, c["hub"] + "  " + c["date"], 2.6)
    fit(L, 0, 15, c["sort"], 9, 90, True, mid=50)
    L.line(3, 26, 97, 26, 0.5)
    heads = c.get("heads", ("姓名 Name", "电话 Tel", "地址 Address"))
    low = 0
    for x, who, title in ((4, "s", c.get("si", "寄件人 FROM")), (51, "r", c.get("ri", "收件人 TO"))):
        bar(L, x, 27.5, 44, 5, title, 3)
        y = 34
        for key, head in zip(c.get("colorder", "npa"), heads, strict=True):
            L.text(x, y, head, 2.1, ink=(90, 90, 90))
            y = L.put(who + key, x, y + 3, 3.6, 43, key == "n")[3] + 1.4
        low = max(low, y)
    L.line(49.5, 27.5, 49.5, low)
    L.line(3, low + 0.5, 97, low + 0.5, 0.5)
    side = 27 if len(c.get("qr", "")) > 40 else 20
    y = note(L, 4, low + 2, 88 - side, 3)
    L.text(4, y + 1, "收件人签名：____________", 3)
    L.code(97 - side, low + 2, side, side, "qr", "qr")
    y = max(y + 6, low + side + 3)
    y = L.code(14, y, 72, 12, human=3.4, spaced=True)[3] + 5
    return done(L, y)


def slip58(c):
    """Printer of 58 mm: a heading before each value, rows of dashes."""
    L = Label(c, 58, 240)
    fit(L, 0, 2, c["carrier"], 4.6, 52, True, mid=29)
    L.text(3, 8, "单号:" + c["no"], 2.8)
    L.text(3, 11.6, c["date"], 2.6)
    y = 15.5
    for who, title in c.get("turns", (("r", "【收】"), ("s", "【发】"))):
        L.line(2, y, 56, y, 0.3, dash=0.8)
        y = L.text(2, y + 1, title, 3.6, True)[3] + 0.3
        y = sect(L, 3, y, who, 3.5, 53, "", order=c.get("order", "p/n/a"))
    L.line(2, y, 56, y, 0.3, dash=0.8)
    y = note(L, 3, y + 1.2, 52, 3)
    y = L.code(5, y + 1, 48, 10)[3] + 1
    fit(L, 0, y, c["sort"], 5.4, 52, True, mid=29)
    return done(L, y + 7)


def market(c):
    """A supermarket's delivery slip: number of the basket, goods with prices, the customer below."""
    L = Label(c, 80, 300)
    fit(L, 0, 3, c["carrier"], 6, 70, True, mid=40)
    L.text(0, 10.5, "—— 线上订单·配送联 ——", 3, mid=40)
    L.text(4, 15, "#" + c.get("basket", "27"), 11, True)
    L.text(0, 17, "预计 18:30 送达", 3.8, True, right=76)
    L.text(0, 22.5, "下单 " + c["date"], 2.6, right=76)
    L.line(3, 29, 77, 29, 0.3, dash=1)
    y = 30.5
    L.text(4, y, "品名", 3), L.text(48, y, "数量", 3), L.text(0, y, "金额", 3, right=76)
    y += 5
    items = [i.split("|") for i in c.get("items", "菜心 500g|2|7.60;农夫鲜鸡蛋 10枚|1|12.80;盐焗鸡 半只|1|39.00").split(";")]
    box = [4, y, 76, y]
    for a, n, p in items:
        L.text(4, y, a, 3.3), L.text(50, y, n, 3.3), L.text(0, y, p, 3.3, right=76)
        y += 4.6
    L.mark("goods", "", "pass", [4, box[1], 76, y])
    L.line(3, y, 77, y, 0.3, dash=1)
    L.text(4, y + 1, "合计", 3.6, True), L.text(0, y + 1, "￥" + c.get("total", "59.40"), 4, True, right=76)
    y = L.text(4, y + 6.5, "订单号 " + c.get("orderno", c["no"]), 3)[3] + 1
    L.line(3, y, 77, y, 0.5)
    y = sect(L, 4, y + 1.2, "r", 4.6, 72, "", order=c.get("order", "a/np"))
    y = note(L, 4, y, 72, 4, "remark")
    L.line(3, y + 0.5, 77, y + 0.5, 0.3, dash=1)
    side = 26 if len(c.get("qr", "")) > 40 else 18
    L.code(4, y + 2.5, side, side, "qr", "qr")
    L.para(8 + side, y + 4, f"{c['sn']}\n客服 {c['sp']}", 3, 42)
    return done(L, y + side + 4)


def group(c):
    """A group-buying leader's sticker of 70 x 50, several to a bag."""
    L = Label(c, 70, 120)
    bar(L, 0, 0, 70, 8, c["carrier"], 4.2)
    L.text(3, 9, c.get("basket", "A-07"), 10, True)
    L.text(0, 10, c.get("pick", "取货码 3-2-501"), 4.2, True, right=67)
    L.text(0, 16, c["date"], 2.5, right=67)
    L.line(0, 21.5, 70, 21.5)
    y = sect(L, 3, 22.5, "r", 4.4, 64, c.get("ri", "团员"), "box", small=3.4)
    y = note(L, 3, y, 44, 3)
    L.code(51, y, 16, 16, "qr", "qr")
    L.text(3, y + 0.6, c.get("si", "团长"), 2.8)
    y = max(sect(L, 3, y + 4.2, "s", 2.8, 46, "", order="np/a"), y + 17)
    return done(L, y)


def drug(c):
    """A drug store's bag label: cross, medicines, then who gets it."""
    L = Label(c, 75, 220)
    L.rect(3, 5.2, 11, 7.8, fill=L.ink), L.rect(5.7, 2.5, 8.3, 10.5, fill=L.ink)
    fit(L, 13, 3, c["carrier"], 5.2, 58, True)
    L.text(13, 9.6, c["date"] + "  夜间急送", 2.6)
    L.rect(3, 14, 72, 14.4, fill=L.ink)
    y = note(L, 3, 15.5, 69, 3.2, "goods")
    L.line(3, y + 0.5, 72, y + 0.5)
    y = sect(L, 3, y + 2, "r", 4, 69, c.get("ri", "顾客"), "ring", order=c.get("order", "n/p/a"))
    y = note(L, 3, y, 69, 3.4, "remark")
    L.line(3, y + 0.5, 72, y + 0.5)
    side = 24 if len(c.get("qr", "")) > 40 else 17
    L.code(72 - side, y + 2, side, side, "qr", "qr")
    y2 = sect(L, 3, y + 2, "s", 2.7, 66 - side, "店", "ring", order="n/p/a")
    y = max(y2, y + side + 3)
    return done(L, L.code(8, y, 58, 9, human=2.8)[3] + 4)


def flower(c):
    """A florist's card, lying, serif, message at the left."""
    L = Label(c, 120, 150, (253, 246, 240))
    L.rect(2, 2, 118, 75, 0.4, round_=4)
    fit(L, 6, 5, c["carrier"], 6.5, 52, True)
    L.text(6, 13.5, "送花单  " + c["date"], 2.8)
    L.line(61, 5, 61, 72, 0.3, dash=1)
    L.text(6, 20, "贺卡 / 嘱咐", 3, ink=(120, 60, 60))
    L.put("remark", 6, 25, 4, 51, lead=1.4)
    L.code(6, 54, 17, 17, "qr", "qr")
    if L.value("goods"):
        L.put("goods", 26, 56, 3, 32)
    y = sect(L, 64, 6, "r", 4.6, 51, c.get("ri", "收花人"), "plain", order=c.get("order", "n/p/a"), small=3.8, labels=("", "", ""))
    L.line(64, y + 0.5, 114, y + 0.5)
    y = sect(L, 64, y + 2, "s", 3.2, 51, c.get("si", "订花人"), "plain", order="n/p/a", labels=("", "", ""))
    L.code(66, max(y, 55), 44, 9, human=2.8)
    return done(L, 75.5)


def freight(c):
    """A carrier's freight note of 150 mm, ruled, lying."""
    L = Label(c, 150, 200)
    fit(L, 4, 3, c["carrier"], 6.5, 66, True)
    L.text(4, 11, "货物托运单（客户联）   " + c["date"], 3)
    L.code(82, 3, 62, 9, human=2.8)
    y = 18
    L.line(4, y, 146, y, 0.4)
    y = row(L, y, 4, 142, ((0.34, "发站", "=" + c.get("from", "佛山乐从")), (0.34, "到站", "=" + c["hub"]), (0.32, "件数", "=" + c.get("pieces", "1-6/6 件"))), 4.4)
    for who, words in (("r", c.get("ri", "收货人")), ("s", c.get("si", "发货人"))):
        y = row(L, y, 4, 142, ((0.6, words, who + "n"), (0.4, "联系电话", who + "p")), 4, small=3)
        y = row(L, y, 4, 142, ((1, "地址", who + "a"),), 3.7, small=3)
    y = row(L, y, 4, 142, ((0.4, "货名", "goods"), (0.3, "运费", "=" + c.get("fee", "到付 186 元")), (0.3, "代收", "=" + c.get("cod", "无"))), 3.4, small=3)
    y = row(L, y, 4, 142, ((1, "备注", "remark"),), 3.4, small=3)
    L.text(4, y + 1, "托运人签字________  收货人签字________  查询 " + c.get("hotline", "400-628-3300"), 3)
    return done(L, y + 6)


def back(c):
    """A returns slip to be stuck on by the customer."""
    L = Label(c, 100, 260)
    bar(L, 3, 3, 94, 10, "退  货  单", 6.5)
    L.text(3, 14.5, c["carrier"] + "   " + c["date"], 3)
    y = sect(L, 3, 20, "r", 4.2, 94, "退至", "box")
    L.line(3, y, 97, y)
    y = sect(L, 3, y + 1, "s", 3.6, 94, "顾客", "box")
    L.line(3, y, 97, y)
    for mark, word in zip("☑□□", ("尺码不合", "质量问题", "其他"), strict=True):
        x = 4 + 30 * ("尺码不合", "质量问题", "其他").index(word)
        L.rect(x, y + 1.8, x + 3.2, y + 5, 0.3, fill=L.ink if mark == "☑" else None)
        L.text(x + 4.5, y + 1.3, word, 3.4)
    y = note(L, 4, y + 7.5, 90, 3.2)
    if "qr" in c:
        y = L.code(71, y - 4, 26, 26, "qr", "qr")[3] + 2
    y = L.code(18, y + 1, 64, 13, human=3.4, spaced=True)[3] + 5.5
    return done(L, y)


def pick(c):
    """A label with a pick list below the tear line."""
    L = Label(c, 100, 300)
    bar(L, 0, 0, 34, 12, c["hub"], 6)
    fit(L, 36, 2, c["sort"], 8, 60, True)
    L.line(0, 12, 100, 12)
    y = L.code(14, 14, 72, 12, human=3.2)[3] + 5
    L.line(0, y, 100, y)
    y = sect(L, 3, y + 1, "r", 4.2, 94, "收", c.get("icon", "ring"))
    y = sect(L, 3, y, "s", 3, 94, "寄", c.get("icon", "ring"))
    L.text(3, y, c["carrier"] + "  " + c["date"], 2.6)
    y += 5
    for x in range(0, 100, 3):
        L.line(x, y, x + 1.6, y)
    L.text(0, y + 2, "拣 货 清 单", 4.6, True, mid=50)
    y += 9
    L.line(3, y, 97, y)
    y = row(L, y, 3, 94, ((0.5, "客户", "rn2"), (0.5, "电话", "rp2")), 3.2)
    y = row(L, y, 3, 94, ((0.5, "波次", "=" + c.get("wave", "B12-0603")), (0.5, "货位", "=" + c.get("rack", "3-2-501"))), 3.2)
    y = row(L, y, 3, 94, ((0.8, "商品", "goods"), (0.2, "数量", "=1")), 3.2)
    y = row(L, y, 3, 94, ((1, "留言", "remark"),), 3.2)
    return done(L, y + 1)


def pins(c):
    """Address first, name and phone under it, the sorting code at the foot."""
    L = Label(c, 80, 220)
    side = 27 if len(c.get("qr", "")) > 40 else 17
    L.code(3, 3, side, side, "qr", "qr")
    fit(L, side + 6, 3, c["carrier"], 5, 70 - side, True)
    L.text(side + 6, 10, c["date"], 2.7)
    L.text(side + 6, 14, c["hub"], 4, True)
    y = side + 5
    L.line(3, y, 77, y, 0.4)
    y = sect(L, 3, y + 1.5, "r", 4.2, 74, "到", c.get("icon", "ring"), order=c.get("order", "a/np"), bold=c.get("bold", "np"))
    L.line(3, y, 77, y)
    y = sect(L, 3, y + 1, "s", 3, 74, "发", c.get("icon", "ring"), order=c.get("order", "a/np"))
    y = note(L, 3, y, 74, 2.9)
    L.line(3, y, 77, y)
    y = L.code(9, y + 1.5, 62, 10, human=3)[3] + 4.5
    bar(L, 0, y, 80, 11, c["sort"], 8)
    return done(L, y + 11)


def fresh(c):
    """Fresh goods, lying: black band, the bars upright at the right."""
    L = Label(c, 110, 140)
    bar(L, 0, 0, 92, 9, "生鲜 优先派送   " + c["carrier"], 5)
    y = sect(L, 3, 11, "r", 4.3, 86, "收", "box")
    L.line(3, y, 91, y)
    y = sect(L, 3, y + 1, "s", 3.1, 86, "寄", "box")
    L.line(3, y, 91, y)
    y = note(L, 3, y + 1, 86, 3.2)
    L.text(3, y + 0.5, c["date"] + "  " + c["hub"], 3)
    y = max(y + 4, 61)
    L.code(95, 4, 11, 56, turn=90, number=c["no"])
    return done(L, y)


def bag(c):
    """Tag on a village carrier's bag, four rows with large headings."""
    L = Label(c, 90, 160, c.get("paper", (248, 240, 205)))
    fit(L, 0, 3, c["carrier"], 6, 80, True, mid=45)
    L.line(3, 11, 87, 11, 0.5)
    y = row(L, 11, 3, 84, ((0.5, "收件", "rn"), (0.5, "手机", "rp")), 4.4, small=3.4)
    y = row(L, y, 3, 84, ((1, "住址", "ra"),), 4, small=3.4)
    y = row(L, y, 3, 84, ((0.5, "寄件", "sn"), (0.5, "手机", "sp")), 3.4, small=3)
    y = row(L, y, 3, 84, ((1, "住址", "sa"),), 3.2, small=3)
    y = row(L, y, 3, 84, ((1, "备注", "remark"),), 3.2, small=3)
    L.text(3, y + 2, c["sort"], 5.4, True)
    L.text(3, y + 9, c["date"], 2.6)
    L.code(38, y + 2, 48, 9, human=2.8)
    return done(L, y + 15)


def sample(c):
    """A factory's label for samples sent out: bilingual headings in a grid."""
    L = Label(c, 100, 200)
    fit(L, 4, 3, c["carrier"], 5, 64, True)
    L.text(4, 9.6, "样品寄送标签 SAMPLE", 3.4)
    side = 26 if len(c.get("qr", "")) > 40 else 17
    L.code(96 - side, 2, side, side, "qr", "qr")
    y = max(15, side + 3.5)
    L.line(4, y, 96, y, 0.5)
    for words, key in c.get("rows", (("客户 Attn", "rn"), ("电话 Tel", "rp"), ("地址 Add", "ra"), ("寄样 From", "sn"), ("电话 Tel", "sp"), ("厂址 Add", "sa"), ("品名 Item", "goods"), ("备注 Note", "remark"))):
        if key.startswith("=") or L.value(key):
            y = row(L, y, 4, 92, ((1, words, key),), 3.7, hw=19, small=2.8)
    y = row(L, y, 4, 92, ((0.5, "日期", "=" + c["date"]), (0.5, "线路", "=" + c["sort"])), 3, small=2.8)
    return done(L, L.code(18, y + 2, 64, 10, human=3)[3] + 4)


def carton(c):
    """The side of a carton: what is in it and who made it, sent to nobody."""
    L = Label(c, 110, 160, (214, 178, 132))
    fit(L, 0, 6, c["goods"], 11, 96, True, mid=55)
    y = 24
    for line in ("规格：450g × 24 罐", "净重：10.8 kg    毛重：12.4 kg", "保质期：24 个月    生产日期见罐底", "执行标准：QB/T 3600", "体积：38 × 26 × 22 cm"):
        y = L.text(10, y, line, 5)[3] + 2
    L.text(0, y + 2, c["carrier"], 5, True, mid=55)
    L.fields = []
    return done(L, y + 14)


LAYOUTS = {f.__name__: f for f in (cloud, foot, columns, slip58, market, group, drug, flower, freight, back, pick, pins, fresh, bag, sample, carton)}
