"""Twelve layouts of cloud labels, slips and stickers. Lengths are millimetres; a value that starts with ! shows too much."""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[2] / "photos_third" / "draw"))
import kit  # noqa: E402

WHITE = (252, 252, 250)


class Label(kit.Label):
    """The third set's paper; a █ in a text is covered by a dark sticker, and people shrink until they fit."""

    def text(self, x, y, text, h, *rest, **more):
        box = super().text(x, y, text.replace("█", "口"), h, *rest, **more)
        if "█" in text:
            w = box[2] - box[0]
            a = box[0] + w * self.width(text.split("█")[0], h) / self.width(text.replace("█", "口"), h) if text[0] != "█" else box[0]
            b = a + text.count("█") * h * self.style[2]
            e = self.rng.uniform(0.1, 0.5)
            self.draw.polygon([tuple(self.px(*p)) for p in ((a - e, y - 0.5), (b + 0.8, y - 0.2), (b + 0.5, y + h * 1.2), (a - 0.1, y + h * 1.15 + e))], (26, 26, 30))
        return box

    def fit(self, who, x, y, w, low, h, order, bold="n", small=None, second=False, gap=2.5):
        """A person between y and low; the case may give the order and what stands before the fields."""
        order = self.case.get("order" + who, self.case.get("order", order))
        gap = self.case.get("gap", gap)
        names = self.case.get("names", ("", "", ""))
        h, small = h * self.case["grow"], small and small * self.case["grow"]
        image, n = self.image.copy(), len(self.fields)
        while True:
            if self.person(who, x, y, h, w, order, bold, small, gap, "second" if second else "2", names) <= low + 0.9 or h < 1.9:
                return
            self.image, h, small = image.copy(), h - 0.15, small and small - 0.15
            self.draw = kit.ImageDraw.Draw(self.image)
            del self.fields[n:]

    def bar(self, x0, y0, x1, y1, text, h, mid=False):
        self.rect(x0, y0, x1, y1, fill=self.ink)
        self.text(x0 + 1.5, y0 + (y1 - y0 - h * 1.14) / 2, text, h, True, WHITE, **({"mid": (x0 + x1) / 2} if mid else {}))

    def big(self, x, y, text, h, w):
        while self.width(text, h, True) > w:
            h -= 0.3
        self.text(x, y, text, h, True)

    def extras(self, x, y, w, h=2.3, keys=("goods", "remark", "order_no")):
        """Goods, remark and the case's free lines under one another."""
        heads = {"goods": "品名：", "remark": "备注："}
        for key in keys:
            if key in heads and self.value(key):
                y = self.put(key, x, y, h, w, prefix=heads[key])[3] + 0.6
        for line in (*self.case.get("free", ()), *self.case["fill"]):
            y = self.para(x, y, line, h, w)[3] + 0.6
        if "pen" in self.case:
            y = self.pen(x + 1, y + 1, self.case["pen"], 4.2)[3]
        if "stamp" in self.case:
            self.stamp(x + 6, y + 1.5, self.case["stamp"], 3.2, angle=self.rng.uniform(-7, 7))
        return y


def cloud(c):
    l = Label(c, 76, 130)
    l.text(3, 2.5, c["brand"], 4.4, True)
    l.text(0, 3.5, c.get("service", "标准快递"), 2.8, right=73)
    l.line(0, 9, 76, 9, 0.4)
    l.big(3, 10.2, c["sort"], 8.6, 70)
    l.line(0, 21, 76, 21)
    l.text(3, 22, "集 " + c["hub"], 3.6, True)
    l.text(0, 22.6, c["time"], 2.4, right=73)
    l.line(0, 27, 76, 27)
    l.badge(2.5, 30, "收", 4, "disc")
    l.fit("r", 11, 28.5, 63, 51, 3.9, "np/a", "np", 3.5)
    l.line(0, 52.5, 76, 52.5, 0.25, 1)
    l.badge(3.2, 54.5, "寄", 2.8, "ring")
    l.fit("s", 11, 53.5, 63, 66.5, 2.6, "np/a", "")
    l.line(0, 67.5, 76, 67.5)
    l.code(7, 69.5, 62, 13, human=3.2, spaced=True)
    l.line(0, 88.5, 76, 88.5)
    l.extras(3, 90, 45)
    l.code(51, 91, 22, 22, "qr", "qr")
    l.line(0, 117, 76, 117)
    l.text(3, 119, c.get("ad", "寄件就用小程序 · 上门取件"), 3, True)
    l.text(3, 124, "签收人/时间：", 2.4)
    l.rect(59, 118.5, 73, 125, 0.4)
    l.text(0, 120, "已验视", 3, True, mid=66)
    return l


def bars(c):
    l = Label(c, 76, 130)
    l.code(8, 3, 60, 12, human=2.8)
    l.bar(0, 20.5, 76, 24.5, "收件信息  RECIPIENT", 2.6)
    l.fit("r", 3, 25.5, 70, 47, 4.2, "pn/a", "p", 3.4)
    l.bar(0, 48.5, 76, 52, "寄件信息  SENDER", 2.3)
    l.fit("s", 3, 53, 70, 67, 2.7, "pn/a", "")
    l.line(0, 68.5, 76, 68.5, 0.5)
    l.big(3, 69.5, c["sort"], 10, 48)
    l.text(3, 82, c["hub"] + " 转", 3.4, True)
    l.text(3, 87, "打印 " + c["time"], 2.3)
    l.code(53, 70.5, 20, 20, "qr", "qr")
    l.line(0, 93, 76, 93)
    l.extras(3, 94.5, 70)
    l.bar(0, 119, 76, 130, c["brand"], 5, True)
    return l


def foot(c):
    l = Label(c, 100, 150)
    l.big(4, 3, c["brand"], 6, 50)
    l.text(0, 3, c.get("service", "次日达"), 5, True, right=96)
    l.line(3, 12, 97, 12, 0.5)
    l.text(4, 13, "FROM 寄", 2.8, True)
    l.fit("s", 22, 13, 74, 30, 2.9, "np/a", "")
    l.line(3, 31.5, 97, 31.5)
    l.code(14, 34, 72, 15, human=3.6, spaced=True)
    l.line(3, 56, 97, 56)
    l.big(4, 57.5, c["sort"], 11, 90)
    l.line(3, 71.5, 97, 71.5)
    l.extras(4, 73, 64, 2.7)
    l.text(4, 98, c["hub"] + "   " + c["time"], 2.6)
    l.code(72, 74, 24, 24, "qr", "qr")
    l.line(3, 102.5, 97, 102.5, 0.8)
    l.text(4, 104, "TO 收", 4.4, True)
    l.fit("r", 22, 104, 74, 138, 4.8, "np/a", "np", 4.2)
    l.line(3, 141, 97, 141)
    l.text(4, 142.5, "本单受快件服务合同约束，贵重物品请保价。", 2.3)
    return l


def ply2(c):
    l = Label(c, 100, 180)
    l.text(4, 3, c["brand"], 5, True)
    l.code(40, 3, 57, 11, human=2.6)
    l.line(0, 19, 100, 19)
    l.big(4, 20, c["sort"], 10, 92)
    l.line(0, 33, 100, 33)
    l.badge(3, 38, "收", 4.6, "box")
    l.fit("r", 13, 35, 84, 58, 4.4, "np/a", "n", 3.8)
    l.line(0, 59.5, 100, 59.5)
    l.badge(4, 63, "寄", 3.2, "box")
    l.fit("s", 13, 61, 84, 75, 2.9, "np/a", "")
    l.line(0, 76.5, 100, 76.5)
    l.extras(4, 78, 62, 2.6)
    l.code(72, 79, 24, 24, "qr", "qr")
    l.text(4, 105, "签收：", 3)
    l.text(0, 105, c["time"], 2.6, right=96)
    l.line(0, 112, 100, 112, 0.4, 1.5)
    l.text(4, 113.5, c["brand"] + " 收件联", 3.2, True)
    l.code(50, 114, 46, 9, "code2", human=2.4)
    l.line(0, 128, 100, 128)
    l.text(4, 129, "收件方", 2.8, True)
    l.fit("r", 4, 133, 43, 155, 2.8, "n/p/a", "", second=True)
    l.line(50, 128, 50, 157)
    l.text(53, 129, "寄件方", 2.8, True)
    l.fit("s", 53, 133, 43, 155, 2.8, "n/p/a", "", second=True)
    l.line(0, 157, 100, 157)
    l.text(4, 160, c.get("ad", "扫码关注 领5元寄件券"), 3.6, True)
    l.text(4, 167, "客服热线 95" + c["no"][-3:], 2.8)
    l.code(80, 159, 18, 18, "qr2", "qr")
    return l


def cols(c):
    l = Label(c, 100, 100)
    l.text(4, 3, c["brand"], 4.6, True)
    l.big(46, 2, c["sort"], 8, 51)
    l.line(0, 12, 100, 12, 0.5)
    l.bar(0, 12, 40, 16.5, "寄件人", 2.8, True)
    l.bar(41, 12, 100, 16.5, "收件人", 2.8, True)
    l.fit("s", 3, 18, 35, 49, 2.9, "n/p/a", "")
    l.line(40.5, 12, 40.5, 51)
    l.fit("r", 44, 18, 53, 49, 4, "n/p/a", "np", 3.5)
    l.line(0, 51, 100, 51, 0.5)
    l.code(4, 54, 62, 15, human=3.2)
    l.code(73, 54, 23, 23, "qr", "qr")
    l.line(0, 79, 100, 79)
    l.extras(4, 80.3, 66)
    l.text(0, 80.5, c["time"], 2.1, right=97)
    l.text(0, 85, c["hub"], 3.4, True, right=97)
    return l


def slim(c):
    l = Label(c, 58, 100)
    l.text(0, 2.5, c["brand"], 4, True, mid=29)
    l.line(2, 8, 56, 8, 0.25, 1)
    l.big(3, 9, c["sort"], 7, 52)
    l.fit("r", 3, 19, 52, 40, 3.5, "np/a", "", 3.2)
    l.line(2, 41.5, 56, 41.5, 0.25, 1)
    l.fit("s", 3, 43, 52, 57, 2.6, "np/a", "")
    l.line(2, 58.5, 56, 58.5, 0.25, 1)
    l.code(5, 60.5, 48, 10, human=2.5)
    l.extras(3, 76, 34, 2.2)
    l.code(39, 76, 17, 17, "qr", "qr")
    l.text(3, 95, c["time"], 2.1)
    return l


def side(c):
    l = Label(c, 100, 140)
    l.code(83, 8, 13, 100, turn=90)
    l.text(84, 111, "扫描单号", 2.6)
    l.line(79, 0, 79, 140)
    l.text(4, 4, c["brand"], 5.2, True)
    l.text(4, 11.5, c["no"], 3.4, True)
    l.line(0, 17, 79, 17)
    l.big(4, 18, c["sort"], 9.5, 72)
    l.line(0, 30.5, 79, 30.5)
    l.text(4, 32, "派送至", 2.6)
    l.fit("r", 4, 36, 72, 64, 4.5, "np/a", "p", 4)
    l.line(0, 66, 79, 66)
    l.text(4, 67.5, "来自", 2.4)
    l.fit("s", 12, 67.3, 64, 82, 2.8, "np/a", "")
    l.line(0, 84, 79, 84)
    l.extras(4, 86, 46, 2.6)
    l.code(53, 87, 23, 23, "qr", "qr")
    l.text(4, 122, c["hub"], 4, True)
    l.text(4, 130, c["time"], 2.6)
    l.rect(55, 121, 76, 132, 0.5, round_=2)
    l.text(0, 124, c.get("tick", "易碎"), 4, True, mid=65.5)
    return l


def ret(c):
    l = Label(c, 100, 125)
    l.bar(0, 0, 100, 10, c.get("title", "退 货 面 单"), 5.5, True)
    l.text(4, 12, c["brand"], 4, True)
    l.text(0, 12.5, c["time"], 2.5, right=96)
    l.code(14, 19, 72, 13, human=3.2, spaced=True)
    l.line(3, 38.5, 97, 38.5)
    l.text(4, 40, "寄回人（买家）", 2.7, True)
    l.fit("s", 4, 44.5, 92, 61, 3.4, "np/a", "")
    l.line(3, 62.5, 97, 62.5)
    l.text(4, 64, "退至（商家仓）", 2.7, True)
    l.fit("r", 4, 68.5, 92, 85, 3.6, "np/a", "n")
    l.line(3, 87, 97, 87)
    l.extras(4, 88.5, 66, 2.6)
    l.code(73, 89, 24, 24, "qr", "qr")
    l.text(4, 119, c["sort"], 3.4, True)
    return l


def pick(c):
    l = Label(c, 76, 150)
    l.text(0, 3, c["brand"], 4.4, True, mid=38)
    l.text(0, 9, c.get("title", "随货单 / 拣货联"), 3, mid=38)
    l.code(10, 14, 56, 9, human=2.5)
    l.line(3, 28.5, 73, 28.5, 0.25, 1)
    l.fit("r", 3, 30, 70, 50, 3.3, "np/a", "")
    l.line(3, 51.5, 73, 51.5, 0.25, 1)
    for x, t in ((3, "货位"), (18, "商品"), (66, "数量")):
        l.text(x, 52.5, t, 2.6, True)
    y = 57
    for place, item, count in c["rows"]:
        l.text(3, y, place, 2.6)
        l.mark("goods", "", "pass", l.para(18, y, item, 2.6, 46))
        l.text(68, y, count, 2.6)
        y += 3.4 * len(l.lines(item, 2.6, 46)) + 1
    l.line(3, y, 73, y, 0.25, 1)
    l.extras(3, y + 1.5, 70, 2.6)
    l.line(3, 109, 73, 109, 0.25, 1)
    l.fit("s", 3, 110.5, 46, 127, 2.6, "np/a", "")
    l.code(52, 111, 21, 21, "qr", "qr")
    l.text(3, 136, c["time"] + "  " + c["hub"], 2.4)
    l.text(3, 141, c.get("ad", "满意请给五星，有事请联系客服"), 2.8)
    return l


def freight(c):
    l = Label(c, 130, 90)
    l.text(4, 3, c["brand"] + "  零担运单", 5, True)
    l.text(0, 4, c["time"], 2.6, right=126)
    l.rect(3, 11, 127, 74, 0.5)
    l.line(65, 11, 65, 48)
    l.text(5, 12.5, "发货方", 2.8, True)
    l.fit("s", 5, 17, 57, 46, 3.2, "n/p/a", "")
    l.text(67, 12.5, "收货方", 2.8, True)
    l.fit("r", 67, 17, 57, 46, 3.6, "n/p/a", "n")
    l.line(3, 48, 127, 48)
    l.extras(5, 49.5, 64, 2.8)
    l.code(72, 50, 24, 22, "qr", "qr")
    for i, t in enumerate(c.get("freight", ("件数 3  木架", "重量 86.5 kg", "付款 到付", "提货 送货上门"))):
        l.text(99, 50 + i * 5.4, t, 2.9)
    l.code(4, 76.5, 66, 8, human=2.3)
    l.text(0, 77, c["sort"], 6, True, right=126)
    return l


def grid(c):
    l = Label(c, 100, 150)
    rows = [16, 30, 62, 84, 112, 132]
    l.rect(2, 2, 98, 148, 0.5)
    for y in rows:
        l.line(2, y, 98, y, 0.3)
    l.text(5, 5.5, c["brand"], 5.5, True)
    l.text(0, 6.5, c.get("service", "电商件"), 3.6, right=95)
    l.big(5, 17.5, c["sort"], 9.5, 62)
    l.text(0, 19, c["hub"], 4, True, right=95)
    l.line(12, 30, 12, 84)
    l.vtext(5, 35, "收件方", 4.4, True, lead=1.5)
    l.fit("r", 14.5, 32, 81, 60, 4.6, "n/p/a", "n", 4)
    l.vtext(5.4, 65, "寄件方", 3.4, lead=1.4)
    l.fit("s", 14.5, 63.5, 81, 82.5, 3.1, "np/a", "")
    l.extras(5, 86, 60, 2.6)
    l.code(71, 86, 24, 24, "qr", "qr")
    l.code(16, 114, 68, 11, human=3)
    l.text(5, 134, "打印时间 " + c["time"], 2.7)
    l.text(5, 139, c.get("ad", "客户签字：____________  日期："), 2.8)
    return l


def station(c):
    l = Label(c, 70, 48, (250, 236, 150))
    l.text(3, 2, c["brand"], 3.4, True)
    l.text(0, 2.5, c["time"], 2.2, right=67)
    l.big(3, 8, c["sort"], 12, 64)
    l.line(2, 24, 68, 24)
    l.fit("r", 3, 25.5, 46, 45, 4, "n/p", "n")
    l.code(50, 26, 17, 17, "qr", "qr")
    return l


LAYOUTS = {f.__name__: f for f in (cloud, bars, foot, ply2, cols, slim, side, ret, pick, freight, grid, station)}


def notice(c):
    l = Label(c, 100, 120, (246, 240, 214))
    l.bar(0, 0, 100, 18, "货 架 须 知", 9, True)
    y = 24
    for t in ("一、本架只放已安检、已扫描的快件。", "二、超过三日未取的件移至后排。", "三、破损件另放红筐，先拍照再登记。", "四、交接班请清点数量并签字。", "五、严禁踩踏、抛扔快件。"):
        y = l.para(6, y, t, 5, 88)[3] + 4
    l.text(0, 108, "北区分拣班  2026年11月", 4.4, True, right=94)
    return l


LAYOUTS["notice"] = notice
