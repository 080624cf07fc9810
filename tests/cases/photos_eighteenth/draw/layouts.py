"""Layouts of carriers that do not exist. Each takes a case and gives a Label."""

import re

import kit
from PIL import ImageDraw

BLUE, GREEN, RED, BROWN = (24, 58, 140), (16, 98, 70), (188, 30, 36), (112, 62, 24)
WHITE = (252, 252, 250)
BOX, BLOT = "\ue000", "\ue001"  # an empty outlined box; marker ink. One em each, a run is one shape


class Label(kit.Label):
    """kit's paper, with masks that are shapes and with marker strokes over a field."""

    def glyphs(self, text, h, face, cond):
        if BOX not in text and BLOT not in text:
            return super().glyphs(text, h, face, cond)
        plain = text.replace(BOX, "口").replace(BLOT, "口")
        mask = super().glyphs(plain, h, face, 1.0)
        f = kit.font(face, max(8, round(h * self.dots)))
        d = ImageDraw.Draw(mask)
        for m in re.finditer(f"{BOX}+|{BLOT}+", text):
            x0, x1 = f.getlength(plain[: m.start()]), f.getlength(plain[: m.end()])
            y0, y1 = mask.height * 0.08, mask.height * 0.9
            d.rectangle((x0, 0, x1, mask.height), 0)
            if text[m.start()] == BOX:
                d.rectangle((x0 + 2, y0, x1 - 2, y1), None, 255, max(1, self.dots // 5))
            else:
                n = 0
                while y0 + n < y1:
                    d.line((x0 + self.rng.uniform(-1, 4), y0 + n, x1 - self.rng.uniform(-1, 4), y0 + n + self.rng.uniform(-2, 2)), 255, 5)
                    n += 3
        if cond != 1.0:
            mask = mask.resize((max(1, round(mask.width * cond)), mask.height))
        return mask.point(lambda v: 255 if v > 110 else 0) if self.dots == 8 else mask

    def width(self, text, h, bold=False, cond=None):
        return super().width(text.replace(BOX, "口").replace(BLOT, "口"), h, bold, cond)

    def put(self, key, *args, **kw):
        box = super().put(key, *args, **kw)
        if key in self.case.get("marker", {}):  # wet marker: nothing is read under it
            a, b = self.case["marker"][key]
            x0, x1, y = box[0] + (box[2] - box[0]) * a, box[0] + (box[2] - box[0]) * b, box[1] + 0.2
            while y < box[3] - 0.4:
                j = [self.rng.uniform(-0.5, 0.5) for _ in range(4)]
                self.draw.line(self.px(x0 + j[0], y + j[1] / 2, x1 + j[2], y + j[3] / 2), (30, 28, 34), round(1.5 * self.dots))
                y += 0.8
        if key in self.case.get("dry", ()):  # a dry one: it is
            self.felt(box[0] - 0.6, box[1] + 0.4, box[2] + 0.6, box[3])
        return box


def tail(L, x, y, h, w, names=("物品：", "备注：")):
    """Goods, remark and lines that are no field. Returns y below."""
    for key, prefix in zip(("goods", "remark"), names, strict=True):
        if L.value(key) is not None:
            y = L.put(key, x, y, h, w, prefix=prefix)[3] + 0.7
    for line in L.case.get("extra", ()):
        y = L.para(x, y, line, h * 0.92, w)[3] + 0.4
    return y


def notes(L, x, y):
    """Pen and stamp where there is room."""
    if "stamp" in L.case:
        L.stamp(x, y, L.case["stamp"], 3.4)
    if "pen" in L.case:
        L.pen(*L.case.get("pen_at", (x, y)), L.case["pen"], L.case.get("pen_h", 4.4), L.case.get("pen_ink", (24, 44, 140)))


def bare(case):
    """潮汐速运: 76 x 118, neither 收 nor 寄: the receiver large, the sender small under a dashed line."""
    L = Label(case, 76, 118)
    L.code(5, 3, 66, 12, human=3, spaced=True)
    L.line(0, 20, 76, 20, 0.5)
    L.text(3, 20.6, case["route"], 9, True, cond=0.9)
    L.text(0, 22, case["hub"], 4.4, True, right=73)
    L.line(0, 31.5, 76, 31.5, 0.5)
    y = max(L.person("r", 4, 33.5, 4.6, 69, case.get("order", "np/a"), "np", 4.2), 56)
    L.line(3, y, 73, y, dash=1)
    y = max(L.person("s", 4, y + 1.5, 2.8, 69, "np/a", ""), y + 11)
    L.line(0, y, 76, y, 0.5)
    L.code(53, y + 2, 20, 20, "qr", "qr")
    yy = tail(L, 4, y + 2, 2.8, 46)
    L.text(4, max(yy + 1, y + 24), "潮汐速运", 4.6, True)
    L.text(0, 113.5, case["date"] + " 10:2" + str(L.rng.randrange(9)), 2.4, right=73)
    notes(L, 34, 98)
    return L


def grid(case):
    """木棉快递: 100 x 112, a ruled table, every field in a cell with its word."""
    L = Label(case, 100, 112)
    L.text(4, 3, "木棉快递", 6, True, cond=1)
    L.text(4, 10.5, "电子运单", 3)
    L.code(38, 3, 58, 9, human=2.8)
    y = 18
    rows = []
    for who, tag in (("r", case["tags"][0]), ("s", case["tags"][1])):
        for key, word in zip("npa", case.get("words", ("姓名", "电话", "地址")), strict=True):
            rows.append((who, tag, key, word))
    top = y
    for i, (who, tag, key, word) in enumerate(rows):
        h = 3.9 if who == "r" else 3.2
        if i % 3 == 0:
            top = y
        L.text(0, y + 1.4, word, 3, mid=21)
        text = L.value(who + key)
        box = L.put(who + key, 28.5, y + 1.1, h, 66, key != "a" and who == "r") if text is not None else [0, 0, 0, L.text(30, y + 1.1, "／", h)[3]]
        low = max(box[3] + 1, y + 6.2)
        L.line(14, low, 97, low)
        y = low
        if i % 3 == 2:
            L.line(3, top, 97, top, 0.4)
            L.line(3, y, 97, y, 0.4)
            L.line(14, top, 14, y)
            L.line(27, top, 27, y)
            n = len(tag)
            L.vtext(6.6, (top + y) / 2 - n * 2.2, tag, 4, True)
    L.rect(3, 18, 97, y, 0.4)
    L.code(74, y + 3, 22, 22, "qr", "qr")
    yy = tail(L, 5, y + 2, 3, 66, ("品名：", "附言："))
    L.text(5, max(yy, y + 18), case["route"], 6.4, True, cond=0.9)
    L.text(0, 107.5, "打印日期 " + case["date"], 2.6, right=97)
    notes(L, 44, y + 12)
    return L


def retslip(case):
    """回舟退换: 100 x 100, returns, its own words for the two parties; the customer stands first."""
    L = Label(case, 100, 100)
    L.rect(2, 2, 98, 98, 0.5, round_=3)
    L.text(6, 4, "回舟", 7, True, cond=1)
    L.text(23, 5.5, case.get("head", "退换货专用单"), 4.2, True)
    L.text(0, 5.8, case["route"], 4, True, right=95)
    L.line(2, 13, 98, 13, 0.5)
    y = 14
    for who, tag, h, least in (("s", case["tags"][1], 3.5, 15), ("r", case["tags"][0], 4.1, 17)):
        L.text(5, y + 0.6, tag + "：", 3.6, True)
        x = max(24, 7 + L.width(tag + "：", 3.6, True))
        y = max(L.person(who, x, y + 0.6, h, 95 - x, case.get("order", "np/a"), "n"), y + least)
        L.line(5, y, 95, y, dash=1.2)
        y += 0.8
    L.code(5, y + 1.5, 60, 11, human=3)
    L.code(72, y + 1.5, 22, 22, "qr", "qr")
    tail(L, 5, y + 18, 2.9, 64, ("商品 ", "原因 "))
    L.text(0, 93, case["date"], 2.5, right=95)
    notes(L, 50, y + 20)
    return L


def solo(case):
    """青螺速配: 60 x 80, thermal, one party only."""
    L = Label(case, 60, 80)
    L.text(3, 2, "青螺速配", 4.4, True, cond=1)
    L.text(0, 2.6, case["route"], 3.8, True, right=57)
    L.line(2, 8.4, 58, 8.4, 0.4)
    x = 3
    if case["tags"][0]:
        x = L.badge(3, 10.4, case["tags"][0], 4, "box") + 1.6
    y = max(L.person("r", x, 10, 3.9, 57 - x, case.get("order", "n/p/a"), "np", 3.5), 36)
    L.line(2, y, 58, y, 0.4)
    L.code(4, y + 1.6, 52, 9, human=2.8)
    y += 15.6
    L.line(2, y, 58, y, dash=1)
    tail(L, 3, y + 1, 2.6, 54)
    L.text(0, 76, case["date"], 2.3, right=57)
    notes(L, 26, y + 8)
    return L


def triple(case):
    """三江快运: 100 x 165, three plies: delivery, receiver's, sender's."""
    L = Label(case, 100, 165)
    L.text(4, 2.5, "三江快运", 6, True, RED if case["dots"] > 8 else None, cond=1)
    L.text(0, 3.4, case["date"], 3, right=96)
    L.line(2, 10.5, 98, 10.5, 0.4)
    L.text(0, 10.8, case["route"], 12, True, mid=50, cond=0.92)
    L.line(2, 25, 98, 25)
    tags = case["tags"]
    x = 9 + max(L.width(t, 4.2, True, 1.0) for t in tags)
    L.badge(4, 27, tags[0], 4.2, "disc" if len(tags[0]) == 1 else "box")
    y = max(L.person("r", x, 26.5, 4.4, 96 - x, case.get("order", "np/a"), "np"), 46)
    L.line(2, y, 98, y, dash=1)
    L.badge(4, y + 1.6, tags[1], 4.2, "ring" if len(tags[1]) == 1 else "plain")
    y = max(L.person("s", x, y + 1.4, 3.2, 96 - x, "np/a", ""), y + 11)
    L.line(2, y, 98, y)
    L.code(14, y + 1.6, 72, 12, human=3.2)
    y += 20
    plies = [(tags[0] + "件联" if len(tags[0]) == 1 else "客户联", "2"), (tags[1] + "件联" if len(tags[1]) == 1 else "存根联", "3")]
    for name, n in plies:
        L.line(0, y, 100, y, 0.35, dash=1.6)
        L.text(4, y + 1.2, name, 2.8, True)
        L.code(32, y + 1.4, 48, 6.5, human=2.2)
        yy = y + 12.4
        for who, h in (("r", 3.2), ("s", 2.8)):
            L.text(4, yy, tags["rs".index(who)], h, True)
            xx = 6 + max(L.width(t, 3.2, True) for t in tags)
            old = {k: case.get(k) for k in (who + "n2", who + "p2", who + "a2")}
            if n == "3":
                for k in old:
                    case[k] = case.get(k[:-1] + "3") or case[k[:-1]]
            yy = L.person(who, xx, yy, h, (72 if n == "3" else 96) - xx, "np/a", "", tag="second") + 0.4
            if n == "3":
                for k, v in old.items():
                    case.pop(k)
                    if v is not None:
                        case[k] = v
        if n == "3":
            L.code(75, y + 11.5, 21, 21, "qr", "qr")
            yy = max(yy, y + 33)
        else:
            yy = tail(L, 4, yy + 0.6, 2.9, 92, ("托寄物 ", "备注 "))
        y = yy + 2
    notes(L, 60, 150)
    return L


def duo(case):
    """银杏速递: 100 x 150, two plies, the lower one in two columns."""
    L = Label(case, 100, 150)
    L.draw.rectangle(L.px(0, 0, 100, 11), BLUE if case["dots"] > 8 else L.ink)
    L.text(4, 2, "银杏速递", 6, True, WHITE, cond=1)
    L.text(0, 3, "GINKGO  " + case["date"], 3.4, True, WHITE, right=96)
    L.text(4, 12, case["route"], 11, True, cond=0.9)
    L.text(0, 14.4, case["hub"], 5.4, True, right=96)
    L.line(0, 26, 100, 26, 0.5)
    tags = case["tags"]
    x = max(15, 8 + L.width(tags[0], 4.6, True, 1.0))
    L.text(4, 28.5, tags[0], 4.6, True)
    y = max(L.person("r", x, 28, 4.5, 96 - x, case.get("order", "np/a"), "np"), 48)
    L.line(0, y, 100, y)
    L.text(4, y + 1.8, tags[1], 3.6, True)
    y = max(L.person("s", x, y + 1.6, 3.2, 96 - x, case.get("order", "np/a"), ""), y + 12)
    L.line(0, y, 100, y)
    L.code(10, y + 2, 80, 14, human=3.6, spaced=True)
    y += 23.5
    L.line(0, y, 100, y, 0.3, dash=1.6)
    L.text(4, y + 1.2, "存根", 2.8, True)
    L.code(44, y + 1.6, 50, 6.5, human=2.3)
    y += 12.5
    L.line(0, y, 100, y)
    L.line(50, y, 50, y + 23)
    L.text(3, y + 1, tags[0], 2.8, True)
    L.text(53, y + 1, tags[1], 2.8, True)
    a = L.person("r", 3, y + 5, 2.9, 45, "np/a", "", tag="second")
    b = L.person("s", 53, y + 5, 2.9, 45, "np/a", "", tag="second")
    y = max(a, b, y + 21)
    L.line(0, y, 100, y)
    L.code(77, y + 1.5, 20, 20, "qr", "qr")
    tail(L, 4, y + 1.4, 2.9, 70, ("内件 ", "留言 "))
    notes(L, 40, y + 8)
    return L


def strip(case):
    """蜻蜓跑腿: till strip 58 x 150, same day, hardly a ruling."""
    L = Label(case, 58, 150)
    L.text(0, 3, "蜻蜓跑腿 #" + case["route"], 5.2, True, mid=29, cond=0.95)
    L.text(0, 10, case["hub"], 3.2, mid=29)
    L.line(2, 15, 56, 15, 0.3, dash=0.8)
    t = case["tags"]
    L.text(3, 16.5, "【" + t[1] + "】", 3.4, True)
    y = L.person("s", 3, 21.5, 3.4, 52, "n/p/a", "n") + 1
    L.line(2, y, 56, y, 0.3, dash=0.8)
    L.text(3, y + 1.5, "【" + t[0] + "】", 3.4, True)
    y = L.person("r", 3, y + 6.5, 4.2, 52, case.get("order", "a/np"), "np") + 1
    L.line(2, y, 56, y, 0.3, dash=0.8)
    y = tail(L, 3, y + 1.5, 3.1, 52, ("", "备注："))
    L.line(2, y + 1, 56, y + 1, 0.3, dash=0.8)
    L.text(3, y + 2.5, "打印 " + case["date"] + " 17:4" + str(L.rng.randrange(9)), 2.6)
    L.code(18, max(y + 9, 108), 23, 23, "qr", "qr")
    L.text(0, max(y + 34, 134), case["no"], 2.8, mid=29)
    notes(L, 20, 124)
    return L


def pallet(case):
    """磐石物流: 150 x 100 landscape, freight; large piece count, parties side by side in boxes."""
    L = Label(case, 150, 100)
    L.rect(2, 2, 148, 98, 0.6)
    L.text(5, 4, "磐石物流", 7, True, cond=1)
    L.text(38, 5.6, "零担 · " + case["hub"], 4.2, True)
    L.text(0, 3.4, case.get("pieces", "1/4 件"), 9, True, right=145)
    L.line(2, 15, 148, 15, 0.6)
    t = case["tags"]
    bottoms = []
    for who, tag, x in (("r", t[0], 5), ("s", t[1], 78)):
        L.text(x, 16.4, tag, 3.6, True)
        bottoms.append(L.person(who, x, 21.8, 4.0, 68, case.get("order", "n/p/a"), "n" if who == "r" else ""))
    y = max(*bottoms, 50)
    L.line(75, 15, 75, y)
    L.line(2, y, 148, y, 0.6)
    L.code(6, y + 3, 84, 16, human=4)
    L.code(118, y + 3, 26, 26, "qr", "qr")
    tail(L, 6, y + 26, 3.2, 106, ("货名 ", "备注 "))
    L.text(94, y + 4, case["route"], 5, True, cond=0.9)
    L.text(94, y + 11, case["date"], 3)
    notes(L, 92, y + 16)
    return L


def letter(case):
    """尺素函件: 220 x 110 envelope; postcode boxes, receiver in the middle, sender at the lower right."""
    L = Label(case, 220, 110, (244, 238, 224))
    for i, d in enumerate(case.get("post", "320104")):
        L.rect(12 + i * 10, 8, 20 + i * 10, 17, 0.35)
        L.text(0, 9.2, d, 5.6, mid=16 + i * 10)
    L.rect(184, 8, 208, 32, 0.35)
    L.text(0, 17, "函件", 5, mid=196)
    y = L.person("r", 46, 34, 5.6, 150, case.get("order", "a/np"), "n", labels=case.get("labels", ("", "", "")))
    y = max(y, 60)
    L.person("s", 96, y + 4, 4.2, 116, "a/np", "", labels=case.get("labels2", ("", "", "")))
    L.code(12, 84, 70, 11, human=3.4)
    L.text(12, 102.5, "尺素函件  " + case["date"], 3.2)
    tail(L, 12, y + 6, 3.4, 74, ("内件：", "附注："))
    notes(L, 150, 14)
    return L


def shelf(case):
    """麻雀小站: 80 x 62 landscape sticker for pick-up."""
    L = Label(case, 80, 62)
    L.text(4, 1.6, case["route"], 12, True, cond=0.9)
    L.text(0, 4, case["hub"], 3.8, True, right=77)
    L.text(0, 10, case["date"], 2.6, right=77)
    L.line(2, 17, 78, 17, 0.4)
    y = L.person("r", 4, 18.2, 4.2, 73, case.get("order", "np/a"), "np", 3.4, labels=case.get("labels", ("", "", "")))
    y = max(y, 34)
    if case.get("sn"):
        y = L.person("s", 4, y, 2.7, 73, "np/a", "", labels=(case["tags"][1] + " ", "", ""))
    L.line(2, y, 78, y, 0.3)
    L.code(4, y + 1.2, 52, 7.5, human=2.5)
    tail(L, 58, y + 1.4, 2.5, 20, ("", ""))
    notes(L, 48, 44)
    return L


def columns(case):
    """晴川国际: 110 x 88, two columns with words in two languages."""
    L = Label(case, 110, 88)
    L.text(4, 3, "晴川国际 QINGCHUAN", 5, True, GREEN if case["dots"] > 8 else None, cond=1)
    L.text(0, 3.4, case["route"], 5.4, True, right=106)
    L.line(3, 11, 107, 11, 0.4)
    t = case["tags"]
    bottoms = []
    w = ("姓名 Name ", "电话 Tel ", "地址 Add ") if case.get("worded") else ("", "", "")
    for who, tag, x in (("s", t[1], 4), ("r", t[0], 57)):
        L.draw.rectangle(L.px(x, 12, x + 49, 17.6), (224, 224, 224))
        L.text(x + 1, 12.6, tag, 3.6, True)
        bottoms.append(L.person(who, x, 19, 3.3, 49, "n/p/a", "n", labels=w))
    y = max(*bottoms, 44)
    L.line(55, 11, 55, y)
    L.line(3, y, 107, y, 0.4)
    L.code(8, y + 2.4, 66, 13, human=3.2)
    L.code(80, y + 2.4, 26, 26, "qr", "qr")
    yy = tail(L, 4, y + 22, 3, 72, ("品名 ", "备注 "))
    L.line(3, yy + 1, 78, yy + 1)
    L.text(4, 83, "PRINTED " + case["date"], 2.6)
    notes(L, 54, 76)
    return L


def wrap(case):
    """杏林冷运: 115 x 84 landscape, cold goods, small type."""
    L = Label(case, 115, 84)
    L.draw.rectangle(L.px(0, 0, 13, 84), BLUE if case["dots"] > 8 else L.ink)
    L.vtext(3.6, 8, "杏林冷运", 6, True, WHITE)
    L.text(1.6, 48, "2-8℃", 4, True, WHITE, cond=0.9)
    L.code(18, 3, 62, 8, human=2.6)
    L.text(0, 4, case["route"], 5, True, right=112)
    L.line(14, 16, 114, 16, 0.3)
    t = case["tags"]
    x = 19 + max(L.width(t[0], 3.4, True), L.width(t[1], 3.4, True))
    L.text(17, 17.6, t[0], 3.4, True)
    y = max(L.person("r", x, 17.2, 3.5, 112 - x, case.get("order", "np/a"), "n", 3.2), 31)
    L.line(14, y, 114, y, 0.3)
    L.text(17, y + 1, t[1], 3.4, True)
    y = max(L.person("s", x, y + 1, 2.9, 112 - x, case.get("order", "np/a"), "", 2.7), y + 11)
    L.line(14, y, 114, y, 0.3)
    tail(L, 17, y + 1, 2.8, 66, ("内件 ", "提示 "))
    L.code(90, y + 2, 21, 21, "qr", "qr")
    L.text(17, 79, "出库 " + case["date"], 2.5)
    notes(L, 58, 62)
    return L


def post(case):
    """云栖乡邮: 100 x 116, serif, tags written downwards, codes in both lower corners."""
    L = Label(case, 100, 116)
    L.rect(2, 2, 98, 114, 0.3)
    L.rect(3.2, 3.2, 96.8, 112.8, 0.6)
    L.text(0, 5, "云栖乡邮", 8, True, BROWN if case["dots"] > 8 else None, mid=50, cond=1)
    L.text(0, 15, case["hub"] + "  " + case["route"], 4, mid=50)
    L.line(3.2, 21, 96.8, 21, 0.4)
    y = 21
    for who, tag, h in (("r", case["tags"][0], 4.5), ("s", case["tags"][1], 3.7)):
        L.vtext(6, y + 2.4, tag, h, True)
        y = max(L.person(who, 15, y + 2.2, h, 79, case.get("order", "a/n/p"), "n"), y + 4 + len(tag) * h * 1.13)
        L.line(3.2, y, 96.8, y, 0.4)
    L.code(7, y + 3, 60, 13, human=3.2)
    L.code(72, y + 3, 21, 21, "qr", "qr")
    tail(L, 7, y + 25, 3.3, 86, ("内件：", "附言："))
    L.text(0, 108, case["date"], 2.7, right=94)
    notes(L, 52, y + 26)
    return L


def group(case):
    """邻里拼团: 70 x 100, community purchase: member, pick-up place, the basket."""
    L = Label(case, 70, 100)
    L.draw.rectangle(L.px(0, 0, 70, 9), GREEN if case["dots"] > 8 else L.ink)
    L.text(3, 1.6, "邻里拼团", 5, True, WHITE, cond=1)
    L.text(0, 2, case["route"], 4.2, True, WHITE, right=67)
    y = L.person("r", 3, 11, 4.2, 64, case.get("order", "n/p/a"), "n", 3.8, labels=case.get("labels", ("团员 ", "电话 ", "自提点 ")))
    y = max(y, 36)
    L.line(2, y, 68, y, 0.4)
    if case.get("sn"):
        y = L.person("s", 3, y + 1, 3, 64, "n/p/a", "", labels=("供货 ", "客服 ", "仓库 "))
        L.line(2, y, 68, y, 0.3, dash=1)
    tail(L, 3, y + 1.4, 3, 64, ("", "备注 "))
    L.code(4, 78, 50, 10, human=2.8)
    L.text(0, 95.5, case["date"], 2.4, right=67)
    notes(L, 36, 68)
    return L


def notice(case):
    """No label: a sheet on a shop's door."""
    L = Label(case, 105, 140, (250, 246, 226))
    L.text(0, 9, case["heading"], 9, True, RED, mid=52.5, cond=1)
    y = 26
    for line in case["extra"]:
        y = L.para(9, y, line, 4.8, 87)[3] + 2.6
    L.stamp(60, 116, case["stamp"], 4)
    return L


LAYOUTS = {f.__name__: f for f in (bare, grid, retslip, solo, triple, duo, strip, pallet, letter, shelf, columns, wrap, post, group, notice)}
