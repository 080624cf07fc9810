"""The labels' layouts: sheets of twelve invented carriers and of warehouses' own systems."""

from kit import FIELDS, PARTIES, Label


class Sheet(Label):
    """A label whose values may stand again on a second (2) or third (3) ply; {…} lies under a dark sticker."""

    def value(self, key):
        text = self.case.get(key)
        return self.case.get(key[:-1]) if text is None and key[-1] in "23" else text

    def para(self, x, y, text, h, maxw, bold=False, lead=1.2, ink=None):
        if "{" not in text:
            return super().para(x, y, text, h, maxw, bold, lead, ink)
        bare, hidden, on = "", set(), False
        for ch in text:
            if ch in "{}":
                on = ch == "{"
                continue
            if on:
                hidden.add(len(bare))
            bare += ch
        at = 0
        for n, line in enumerate(self.lines(bare, h, maxw, bold)):
            at = bare.index(line, at)
            run = [i - at for i in sorted(hidden) if at <= i < at + len(line)]
            if run:
                a, b = (self.width(line[:i], h, bold) if i else 0 for i in (run[0], run[-1] + 1))
                yy = y + n * h * lead
                self.cover = [*getattr(self, "cover", []), (x + a - 0.3, yy - 0.2, x + b + 0.4, yy + h * 1.12)]
            at += len(line)
        return super().para(x, y, bare, h, maxw, bold, lead, ink)

    def put(self, key, x, y, h, maxw=200, bold=False, lead=1.2, prefix=""):
        text = self.value(key)
        if text is None:
            return [x, y, x, y]
        if prefix:
            x0, x = x, self.text(x, y, prefix, h)[2] + 0.4
            maxw -= x - x0
        box = self.para(x, y, text.lstrip("!"), h, maxw, bold, lead)
        base = key.rstrip("23")
        field, party = (FIELDS[base[1]], PARTIES[base[0]]) if len(base) == 2 else (base, "")
        self.mark(field, party, "fail" if text.startswith("!") else "pass", box)
        return box

    def block(self, who, x, y, h, w, order="np/a", ply="", labels=("", "", ""), bold="n", gap=2.4, small=None):
        """Rows of n, p and a; + between two letters sets them in one token. Returns y below."""
        names = dict(zip("npa", labels, strict=True))
        for row in order.split("/"):
            cx, low, glue = x, y, False
            for key in row:
                if key == "+":
                    glue = True
                    continue
                text = self.value(who + key + ply)
                if text is None:
                    continue
                hh = (small or h) if key == "a" else h
                need = self.width(names[key] + text.lstrip("!"), hh, key in bold)
                if glue:
                    cx -= gap - 0.35
                elif cx > x and cx + need > x + w:
                    cx, y = x, low + 0.5
                b = self.put(who + key + ply, cx, y, hh, x + w - cx, key in bold, prefix=names[key])
                cx, low, glue = b[2] + gap, max(low, b[3]), False
            y = low + 0.6
        return y

    def done(self):
        for x0, y0, x1, y1 in getattr(self, "cover", []):
            self.rect(x0, y0, x1, y1, fill=(26, 26, 30))
        boxes = [b for *_, b in self.fields]
        for i, (x0, y0, x1, y1) in enumerate(boxes):
            if x0 < 0 or y0 < 0 or x1 > self.w or y1 > self.h:
                print("outside", self.case["id"], self.fields[i], self.w, self.h)
            for f, (u0, v0, u1, v1) in zip(self.fields[i + 1 :], boxes[i + 1 :], strict=True):
                if min(x1, u1) - max(x0, u0) > 0.3 and min(y1, v1) - max(y0, v0) > 0.5:
                    print("overlap", self.case["id"], self.fields[i], f)
        return self

    def get(self, key, other=""):
        return self.case.get(key, other)

    def bottom(self, y, left=2.5):
        """Goods, then the remark, on one line each or more."""
        if self.value("goods"):
            y = self.put("goods", left, y, 2.7, self.w - 2 * left, prefix=self.get("gh", "品名:"))[3] + 0.5
        if self.value("remark"):
            y = self.put("remark", left, y, 2.9, self.w - 2 * left, prefix=self.get("rh", "备注:"))[3] + 0.5
        return y


def brand(s, x, y, h=5):
    s.text(x, y, s.get("brand"), h, True)


def ply2(c):
    """Two plies, 100 x 180; the lower one carries both parties again."""
    s = Sheet(c, 100, 180)
    brand(s, 3, 3, 6)
    s.text(0, 3.5, c["kind_"], 5, True, right=97)
    s.text(0, 9.6, "打印 " + c["date"] + "  第1/1件", 2.5, right=97)
    s.line(0, 13.5, 100, 13.5)
    s.text(0, 14, c["sort"], 12, True, mid=50)
    s.line(0, 29, 100, 29)
    s.text(3, 30, "集包 " + c["hub"], 4.5, True)
    s.line(0, 36.5, 100, 36.5)
    s.badge(2, 39, "收", 5, c.get("shape", "disc"))
    y = s.block("r", 11, 38, 4.6, 86, c.get("order", "np/a"), small=4)
    y = max(y, 52)
    s.line(2, y, 98, y, dash=1.2)
    s.badge(2.6, y + 1.6, "寄", 3.4, c.get("shape", "disc"))
    y = max(s.block("s", 11, y + 1, 3, 86, c.get("order", "np/a")), y + 9) + 1
    s.line(0, y, 100, y)
    s.code(14, y + 2, 74, 15, "bar", human=4, spaced=True)
    s.line(0, 99, 100, 99)
    s.text(3, 101, "快件送达收件人地址，经收件人或其允许的代收人签字，", 2.4)
    s.text(3, 104.4, "视为送达。签收前请查验外包装。", 2.4)
    s.text(3, 109, "签收人:            时间:", 3.4)
    s.code(76, 100.5, 20, 20, "qr", "qr")
    s.line(0, 123, 100, 123, dash=1.6)
    brand(s, 3, 125, 4.4)
    s.code(48, 125, 49, 8, human=2.8)
    s.line(0, 139, 100, 139)
    y = s.block("r", 3, 140, 3.2, 94, "np/a", "2", ("收件:", "", ""))
    y = s.block("s", 3, y + 0.6, 3, 94, "np/a", "2", ("寄件:", "", ""))
    s.line(0, y + 0.4, 100, y + 0.4)
    s.bottom(y + 1.2)
    s.text(3, 176, c.get("ad", "客服热线 95 0 118 · 官网查件"), 2.4)
    return s.done()


def ply3(c):
    """Three plies, 100 x 190: for the courier, the receiver, the warehouse."""
    s = Sheet(c, 100, 190)
    s.text(3, 2, "①派件存根", 2.6)
    brand(s, 24, 2, 5)
    s.text(0, 2, c["kind_"], 4.6, True, right=97)
    s.text(0, 8.4, c["sort"], 9, True, mid=50)
    s.line(0, 20, 100, 20)
    s.code(6, 22, 66, 12, "bar", human=3.4)
    s.code(79, 21.4, 18, 18, "qr", "qr")
    s.line(0, 40.5, 100, 40.5)
    s.vtext(2.4, 43, "收件方", 3.6, True)
    y = max(s.block("r", 9, 42, 4.2, 88, c.get("order", "np/a")), 58)
    s.line(0, y, 100, y)
    s.vtext(2.6, y + 1.4, "寄件方", 2.8, True)
    y = max(s.block("s", 9, y + 1.2, 2.9, 88, c.get("order", "np/a")), y + 11.5)
    s.line(0, y, 100, y)
    s.bottom(y + 1)
    for top, title, ply in ((97, "②收件人存根", "2"), (144, "③仓库存根", "3")):
        s.line(0, top, 100, top, dash=1.4)
        s.text(3, top + 1.6, title, 2.6)
        s.code(46, top + 2, 50, 8, human=2.8)
        s.text(3, top + 7, c["brand"] + " " + c["date"], 3)
        y = s.block("r", 3, top + 16, 3.1, 94, "np/a", ply, ("收 ", "", ""))
        y = s.block("s", 3, y + 0.8, 3.1, 94, "np/a", ply, ("寄 ", "", ""))
        s.text(3, min(y + 0.8, top + 42), "件数 1   实重 %s kg" % c.get("kg", "1.20"), 2.8)
    return s.done()


def tall(c):
    """76 x 130, bar code upright at the right, headings above the fields."""
    s = Sheet(c, 76, 130)
    brand(s, 2.5, 2, 4.6)
    s.text(0, 2.4, c["date"][5:], 3, right=73.5)
    s.line(0, 8.5, 76, 8.5)
    s.text(2.5, 9, c["sort"], 8.6, True, cond=0.84)
    s.line(0, 20.5, 76, 20.5)
    s.code(62, 24, 11, 72, "bar", turn=90)
    heads = c.get("heads", ("收件人信息", "发件人信息"))
    s.rect(0, 21, 59, 25, fill=s.ink)
    s.text(2, 21.3, heads[0], 2.9, True, ink=(252, 252, 250))
    y = max(s.block("r", 2.5, 26.2, 4, 56, c.get("order", "np/a")), 50)
    s.rect(0, y, 59, y + 4, fill=s.ink)
    s.text(2, y + 0.3, heads[1], 2.9, True, ink=(252, 252, 250))
    y = max(s.block("s", 2.5, y + 5, 3, 56, c.get("order", "np/a")), 76)
    s.line(0, y, 60, y)
    s.text(2.5, y + 1, "运单 " + c["no"], 3.6, True)
    s.line(0, 100, 76, 100)
    s.bottom(101.5)
    s.code(57, 112, 17, 17, "qr", "qr")
    s.text(2.5, 120, c.get("ad", "开箱如有破损请当面拍照"), 2.6)
    s.text(2.5, 124, "客服 400-188-0917", 2.6)
    return s.done()


def low(c):
    """76 x 130 with the sender first and the receiver at the foot."""
    s = Sheet(c, 76, 130)
    s.code(5, 3, 66, 12, "bar", human=3.6, spaced=True)
    s.line(0, 20.5, 76, 20.5)
    s.text(0, 21.5, c["sort"], 10, True, mid=38, cond=0.86)
    s.line(0, 34, 76, 34)
    brand(s, 2.5, 35, 4.2)
    s.text(0, 35.4, c["kind_"], 3.6, True, right=73.5)
    s.line(0, 41, 76, 41)
    y = s.block("s", 2.5, 42.4, 2.9, 71, c.get("order", "np/a"), labels=("FROM ", "", ""))
    s.line(0, y + 0.5, 76, y + 0.5)
    s.bottom(y + 1.6)
    s.code(57, 68, 17, 17, "qr", "qr")
    s.text(2.5, 72, "打单 " + c["date"], 2.6)
    s.text(2.5, 76, "仓位 " + c.get("bin", "B-07-3-12"), 3.2)
    s.text(2.5, 81, "波次 " + c.get("wave", "W20261105-018"), 2.8)
    s.rect(0.6, 88, 75.4, 129.2, 0.5)
    s.rect(0.6, 88, 12, 94, fill=s.ink)
    s.text(2.6, 88.6, "送至", 3.6, True, ink=(252, 252, 250))
    s.block("r", 3, 96, 4.6, 70, c.get("order", "np/a"), bold="na", small=4.2)
    return s.done()


def freight(c):
    """Freight note, 150 x 100, both parties side by side."""
    s = Sheet(c, 150, 100)
    brand(s, 3, 2, 6)
    s.text(0, 2.6, "货物托运单", 5.6, True, mid=75)
    s.code(102, 2, 46, 8, "bar", human=2.8)
    s.line(0, 15, 150, 15, 0.4)
    s.text(3, 16, "发站 " + c["hub"], 4)
    s.text(52, 16, "到站", 4)
    s.text(63, 15.4, c["sort"], 6, True)
    s.text(0, 16.4, c["date"], 3, right=147)
    s.line(0, 23.5, 150, 23.5, 0.4)
    s.line(75, 23.5, 75, 64, 0.3)
    lab = c.get("labels", ("姓名:", "电话:", "地址:"))
    s.text(3, 24.6, "托运人（发货）", 3.6, True)
    s.text(78, 24.6, "收货人", 3.6, True)
    s.block("s", 3, 31, 3.5, 70, "n/p/a", labels=lab)
    s.block("r", 78, 31, 3.5, 70, "n/p/a", labels=lab)
    s.line(0, 64, 150, 64, 0.4)
    for i, (t, v) in enumerate((("件数", "3"), ("包装", "纸箱"), ("重量", c.get("kg", "46") + "kg"), ("体积", "0.31m³"), ("运费", "到付"), ("保价", "2000"))):
        s.text(3 + i * 20, 65, t, 3)
        s.text(3 + i * 20, 69.4, v, 3.8, True)
    s.line(0, 75.5, 126, 75.5)
    s.code(129, 66, 18, 18, "qr", "qr")
    s.bottom(77, 3)
    s.line(0, 91, 150, 91)
    s.text(3, 92.6, "发货方签字            司机签字            收货方签字           年   月   日", 3)
    return s.done()


def back(c):
    """Returns slip put into the parcel, 100 x 110: back to the warehouse."""
    s = Sheet(c, 100, 110)
    s.rect(0, 0, 100, 12, fill=s.ink)
    s.text(3, 2.4, "退 货 单", 6.4, True, ink=(252, 252, 250))
    s.text(0, 3.6, c["brand"], 4.2, True, ink=(252, 252, 250), right=97)
    s.text(3, 14, "退货单号 " + c.get("rno", "TH26110500731"), 3.2)
    s.text(0, 14, c["date"], 3, right=97)
    s.line(0, 19, 100, 19)
    s.text(3, 20.4, "退回至 ▼", 3.4, True)
    y = s.block("r", 3, 26, 3.8, 94, c.get("order", "np/a"))
    s.line(0, y + 0.6, 100, y + 0.6)
    s.text(3, y + 1.6, "退件客户 ▼", 3.4, True)
    y = s.block("s", 3, y + 7, 3.4, 94, c.get("order", "np/a"))
    s.line(0, y + 0.6, 100, y + 0.6)
    s.bottom(y + 1.6)
    s.line(0, 82, 100, 82)
    s.code(5, 84, 62, 13, "bar", human=3.6)
    s.code(78, 84, 20, 20, "qr", "qr")
    s.text(3, 104.4, "□七天无理由  □质量问题  □发错  □漏发", 3)
    return s.done()


def pick(c):
    """Pick list with a waybill, 100 x 150: goods in a table, parties below."""
    s = Sheet(c, 100, 150)
    s.text(3, 2.4, "拣货单", 6.4, True)
    s.text(28, 3.2, c["brand"], 3.6)
    s.text(28, 7.4, "波次 " + c.get("wave", "PK1105-0042") + "  格口 " + c.get("cell", "17"), 3)
    s.code(70, 2, 28, 9, number=c.get("pno", "PK26110542"), kind="128")
    s.line(0, 13, 100, 13, 0.4)
    s.text(3, 14, "货位", 3, True)
    s.text(32, 14, "货品", 3, True)
    s.text(88, 14, "数量", 3, True)
    y = 19
    for i, (where, what, n) in enumerate(c["rows"]):
        s.line(0, y - 0.6, 100, y - 0.6)
        s.text(3, y, where, 3.2, True)
        b = s.text(32, y, what, 3)
        if i == 0:
            s.mark("goods", "", "pass", b)
        s.text(92, y, n, 3.2, True)
        y += 5.4
    s.line(0, y, 100, y, 0.4)
    s.text(3, y + 1, "订单号 " + c.get("ono", "2611051380024"), 3.2)
    s.text(0, y + 1, c["date"], 2.8, right=97)
    s.line(0, 62, 100, 62, dash=1.4)
    s.text(3, 64, c["sort"], 9, True)
    s.text(0, 66, c["kind_"], 4.4, True, right=97)
    s.line(0, 76, 100, 76)
    s.badge(2.5, 78, "收", 4.4, c.get("shape", "box"))
    y = max(s.block("r", 11, 77.6, 4, 86, c.get("order", "np/a")), 94)
    s.line(0, y, 100, y)
    s.badge(3, y + 1.4, "寄", 3, c.get("shape", "box"))
    y = max(s.block("s", 11, y + 1.2, 2.9, 86, c.get("order", "np/a")), y + 8)
    s.line(0, y, 100, y)
    y = s.bottom(y + 1)
    s.code(12, 127, 60, 13, "bar", human=4, spaced=True)
    s.code(80, 127, 18, 18, "qr", "qr")
    return s.done()


def bin_(c):
    """Sticker of a warehouse's own system, 80 x 60."""
    s = Sheet(c, 80, 60)
    s.text(2.5, 1.6, c["brand"], 3.4, True)
    s.text(0, 1.8, c["date"], 2.6, right=77.5)
    s.line(0, 6.6, 80, 6.6)
    s.text(2.5, 7, c["sort"], 7.4, True)
    s.code(56, 8, 17, 17, "qr", "qr")
    s.text(2.5, 17, "箱 " + c.get("box", "501/3"), 3)
    s.line(0, 26, 80, 26)
    y = s.block("r", 2.5, 27, 3.4, 75, c.get("order", "np/a"), labels=c.get("labels", ("", "", "")))
    if s.value("sn"):
        y = s.block("s", 2.5, y, 2.6, 75, "np/a", labels=("发:", "", ""))
    s.bottom(y)
    s.text(0, 56, c["no"], 3, True, right=77.5)
    return s.done()


def keys(c):
    """A warehouse system's key and value table in a ruled grid, 100 x 100."""
    s = Sheet(c, 100, 100)
    s.text(0, 1.8, c["brand"], 4.6, True, mid=50)
    s.code(14, 9, 74, 10, "bar", human=3)
    y = 24
    for key, head, h in (("rn", "收货姓名", 3.8), ("rp", "收货电话", 3.8), ("ra", "收货地址", 3.6), ("sn", "发货单位", 3.2), ("sp", "发货电话", 3.2), ("sa", "发货地址", 3.2), ("goods", "货品", 3), ("remark", "客户留言", 3)):
        if s.value(key) is None:
            continue
        s.line(1, y, 99, y)
        s.text(2.4, y + 0.8, head, 3.2)
        y = s.put(key, 24, y + 0.6, h, 73)[3] + 0.8
    s.line(1, y, 99, y)
    s.line(22, 24, 22, y)
    s.rect(1, 24, 99, y)
    s.text(2.4, y + 1.4, "打印机P03  " + c["date"] + "  流水 " + c.get("wave", "0007415"), 2.6)
    return s.done()


def cols(c):
    """100 x 90: fields in columns under their headings, a line for each party."""
    s = Sheet(c, 100, 90)
    brand(s, 3, 2, 5)
    s.text(0, 2, c["sort"], 7, True, right=97)
    s.line(0, 11.5, 100, 11.5, 0.4)
    y = 12.5
    for who, a in (("r", "收件人"), ("s", "寄件人")):
        for x, t in ((3, a), (24, "联系电话"), (54, "详细地址")):
            s.text(x, y, t, 2.7)
        y0 = y + 4.4
        low = [s.put(who + k, x, y0, 3.4, w, k == "n")[3] for k, x, w in (("n", 3, 20), ("p", 24, 29), ("a", 54, 43))]
        y = max(*low, y0 + 9) + 1
        s.line(0, y, 100, y)
        y += 1
    y = s.bottom(y)
    s.code(6, 68, 62, 12, "bar", human=3.4)
    s.code(80, 68, 18, 18, "qr", "qr")
    return s.done()


def strip(c):
    """Narrow roll of 58 mm from a receipt printer."""
    s = Sheet(c, 58, 112)
    s.text(0, 2, c["brand"], 4.6, True, mid=29)
    s.text(0, 8.4, "云仓面单  " + c["date"], 2.6, mid=29)
    s.line(2, 12.6, 56, 12.6, dash=1)
    s.text(0, 13.4, c["sort"], 8, True, mid=29, cond=0.86)
    s.line(2, 23.6, 56, 23.6, dash=1)
    y = s.block("r", 2.5, 25, 3.6, 53, c.get("order", "n/p/a"), labels=c.get("labels", ("收件 ", "电话 ", "地址 ")))
    s.line(2, y + 0.6, 56, y + 0.6, dash=1)
    y = s.block("s", 2.5, y + 1.6, 2.9, 53, c.get("order", "n/p/a"), labels=c.get("labels", ("寄件 ", "电话 ", "地址 ")))
    s.line(2, y + 0.6, 56, y + 0.6, dash=1)
    s.bottom(y + 1.6)
    s.code(3, 95, 50, 10, "bar", human=3.2)
    return s.done()


def notice(c):
    """A warehouse's notice for its packers: no label of a parcel."""
    s = Sheet(c, 100, 130)
    s.text(0, 8, "打单区作业须知", 8, True, mid=50)
    y = 26
    for n, t in enumerate(("面单打印后须在两小时内贴箱。", "错单、废单投入碎纸箱，不得带出。", "热敏纸每卷约八百张，换卷后试打。", "禁止拍摄他人面单并外传。", "交接时核对箱数并在台账签字。"), 1):
        y = s.para(6, y, f"{n}. {t}", 5, 88, lead=1.35)[3] + 4
    s.text(0, 116, "二号仓  仓储部", 4.6, right=94)
    return s


FORMS = {"ply2": ply2, "ply3": ply3, "tall": tall, "low": low, "freight": freight, "back": back, "pick": pick, "bin": bin_, "keys": keys, "cols": cols, "strip": strip, "notice": notice}
