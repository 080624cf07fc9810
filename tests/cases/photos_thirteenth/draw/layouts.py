"""Ten papers a shop sticks on a parcel; lengths in millimetres."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "photos_third" / "draw"))

from kit import FIELDS, PARTIES, Label

ORDERS = ["np/a", "np/a", "pn/a", "n/p/a", "a/np"]
CARRIERS = ["云程速递", "捷鹿快递", "百川速运", "远帆快递", "南雁快运", "九里速递"]


def start(c, w, h):
    lab = Label(c, w, h)
    r = lab.rng
    if "fade" in c["dist"]:
        lab.ink = (112, 110, 116)
    lab.sort = f"{r.randint(200, 899)}-{r.choice('ABCK')}{r.randint(10, 99)} {r.randint(100, 399)}"
    lab.order = c.get("order") or r.choice(ORDERS)
    lab.shape = r.choice(["disc", "box", "ring", "plain", "disc"])
    lab.carrier = c.get("carrier") or r.choice(CARRIERS)
    lab.bag = r.choice(["金华转运", "虎门集散", "郑州中心", "苏州B", "武汉南", "济南分拨"]) + f" {r.randint(1, 29):02}"
    lab.day = c.get("date", f"2026-11-{r.randint(20, 28)}") + f" {r.randint(8, 21):02}:{r.randint(10, 59)}"
    return lab


def finish(lab):
    """Stickers, felt pens, pen writing and stamps that came after the printing."""
    c = lab.case
    for how in ("cover", "felt"):
        for key in c.get(how, "").split():
            for field, party, _, b in lab.fields:
                if (field, party) == (FIELDS[key[1]], PARTIES[key[0]]):
                    if how == "felt":
                        lab.felt(b[0] - 1, b[1] + 0.5, b[2] + 1, b[3])
                    else:
                        lab.draw.polygon(lab.px(b[0] - 1, b[1] - 0.3) + lab.px(b[2] + 1.5, b[1] - 0.6) + lab.px(b[2] + 1, b[3] + 0.2) + lab.px(b[0] - 0.6, b[3] + 0.4), (34, 34, 38))
    if "pen" in c:
        x, y, text = c["pen"]
        lab.pen(x, y, text, 5.5)
    if "stamp" in c:
        x, y, text = c["stamp"]
        lab.stamp(x, y, text, 4.2)
    return lab


def head(lab, y, h=4.2):
    lab.text(3, y, lab.carrier, h, True)
    lab.text(0, y + h * 0.4, "打印 " + lab.day, 2.3, right=lab.w - 3)


def extra(lab, y, w, h=3.0):
    """Goods, notice and remark, each on its own line; what the case does not have is left out."""
    for key, word in (("virtual", ""), ("goods", "物品："), ("note", ""), ("remark", "备注：")):
        if lab.case.get(key):
            if key in ("virtual", "note"):
                b = lab.para(3, y, lab.case[key], h, w)
            else:
                b = lab.put(key, 3, y, h, w, prefix=word)
            y = b[3] + 0.8
    return y


def cloud130(c):
    lab = start(c, 76, 130)
    lab.rect(1, 1, 75, 129)
    head(lab, 2)
    lab.line(1, 8, 75, 8)
    lab.text(0, 8.4, lab.sort, 8.6, True, mid=38, cond=0.9)
    lab.line(1, 19, 75, 19)
    lab.text(3, 19.6, "集 " + lab.bag, 3.8, True)
    lab.line(1, 25, 75, 25)
    lab.badge(2.5, 27, "收", 4.4, lab.shape)
    y = lab.person("r", 11, 26.4, 3.9, 62, lab.order, bold="npa")
    y = max(y, 44)
    lab.line(1, y, 75, y, dash=1)
    lab.badge(2.8, y + 1.4, "寄", 3.4, lab.shape)
    y = lab.person("s", 11, y + 1, 2.9, 62, "np/a", bold="")
    y = max(y, 59)
    lab.line(1, y, 75, y)
    b = lab.code(7, y + 2, 63, 13, human=3.8, spaced=True)
    y = b[3] + 6.3
    lab.line(1, y, 75, y)
    lab.para(3, y + 1, "签收人/时间：", 3, 40)
    lab.text(3, y + 10, "您的签字代表已验收此包裹", 2.1)
    lab.code(56, y + 1.5, 17, 17, "qr", "qr")
    lab.line(1, y + 20, 75, y + 20)
    extra(lab, y + 21, 70)
    return finish(lab)


def slim(c):
    """76 x 130 without frame: bar code above and up the right edge, sender last and small."""
    lab = start(c, 76, 130)
    lab.code(4, 3, 58, 11, human=3.2)
    lab.text(3, 19.5, lab.sort, 7.2, True, cond=0.85)
    lab.line(3, 29, 62, 29, 0.5)
    lab.text(3, 30, "收件", 3, True)
    y = lab.person("r", 3, 34.2, 4.2, 58, lab.order, bold="np", small=3.7)
    y = max(y, 56)
    lab.line(3, y, 62, y, 0.5)
    y = extra(lab, y + 1, 58)
    lab.code(65, 30, 8, 62, turn=90)
    y = max(y, 76)
    lab.line(3, y, 62, y, 0.3)
    lab.text(3, y + 1, "寄件", 2.6, True)
    lab.person("s", 11, y + 1, 2.6, 51, "np/a", bold="")
    lab.code(4, 103, 22, 22, "qr", "qr")
    lab.text(30, 105, lab.carrier, 5, True)
    lab.text(30, 112, lab.bag, 3.6)
    lab.text(30, 117, lab.day, 2.4)
    lab.text(30, 121, "已验视  第1/1件", 2.6)
    return finish(lab)


def two150(c):
    lab = start(c, 100, 150)
    head(lab, 2, 5)
    lab.line(0, 9.5, 100, 9.5)
    lab.text(0, 9.8, lab.sort, 10.5, True, mid=50)
    lab.line(0, 23, 100, 23)
    b = lab.badge(3, 26, "收", 5, lab.shape)
    y = max(lab.person("r", b + 2.5, 24.4, 4.4, 82, lab.order, bold="np"), 44)
    lab.line(0, y, 100, y)
    b = lab.badge(3.5, y + 1.6, "寄", 3.8, lab.shape)
    y = max(lab.person("s", 12.5, y + 1.2, 3.2, 82, "np/a", bold=""), 58)
    lab.line(0, y, 100, y)
    lab.code(12, y + 2, 76, 14, human=4.4, spaced=True)
    y += 24
    lab.line(0, y, 100, y)
    lab.text(3, y + 1.5, "签收栏", 3)
    lab.text(3, y + 10, "收件人签名：", 3)
    lab.text(60, y + 1.5, lab.bag, 4.2, True)
    lab.line(0, 101, 100, 101, 0.4, dash=1.6)
    lab.text(3, 103, lab.carrier + " 留存联", 3.4, True)
    lab.code(48, 102.5, 48, 8, human=2.8)
    lab.line(0, 114.5, 100, 114.5)
    w = 70
    y = lab.person("r", 8, 115.3, 3.1, w - 8, "np/a", bold="", tag="second")
    lab.text(3, 115.5, "收", 3.2, True)
    lab.text(3, y + 0.4, "寄", 3.2, True)
    y = lab.person("s", 8, y + 0.3, 2.8, w - 8, "np/a", bold="", tag="second")
    lab.code(76, 117, 20, 20, "qr", "qr")
    lab.line(0, max(y, 134), 72, max(y, 134))
    extra(lab, max(y, 134) + 0.7, 70, 2.8)
    return finish(lab)


def three180(c):
    lab = start(c, 100, 180)
    head(lab, 2, 5)
    lab.code(10, 9, 80, 12, human=4)
    lab.line(0, 28, 100, 28)
    lab.text(4, 28.2, lab.sort, 9, True)
    lab.line(0, 40, 100, 40)
    lab.line(11, 40, 11, 78)
    lab.vtext(4, 44, "收件", 4.4, True)
    lab.person("r", 13.5, 41, 4.2, 84, lab.order, bold="n")
    lab.line(0, 61, 100, 61)
    lab.vtext(4.4, 63, "寄件", 3.6, True)
    lab.person("s", 13.5, 62, 3.3, 84, "np/a", bold="")
    lab.line(0, 78, 100, 78)
    extra(lab, 79, 94, 2.9)
    for y, title, tag in ((92, "收件联", "r"), (136, "寄件联", "s")):
        lab.line(0, y, 100, y, 0.4, dash=1.4)
        lab.text(3, y + 2, title, 3.6, True)
        lab.code(40, y + 1.5, 56, 7.5, human=2.9)
        lab.line(0, y + 13.5, 100, y + 13.5)
        who, other = tag, "s" if tag == "r" else "r"
        yy = lab.person(who, 14, y + 14.2, 3.2, 60, "np/a", bold="", tag="second")
        lab.text(3, y + 14.4, "收方" if who == "r" else "寄方", 3.2, True)
        if tag == "r":
            lab.text(3, yy + 0.6, "寄方", 3, True)
            lab.person(other, 14, yy + 0.4, 2.9, 60, "np/a", bold="", tag="second")
            lab.code(77, y + 16, 19, 19, "qr", "qr")
        else:
            lab.text(3, yy + 1, "付款：月结   件数：1   重量：1.2kg", 3)
            lab.text(3, yy + 6, "寄件人签名：", 3)
    return finish(lab)


def columns(c):
    """Sender and receiver side by side, headings above the fields."""
    lab = start(c, 100, 150)
    lab.rect(1, 1, 99, 149, 0.4)
    head(lab, 2.5, 4.6)
    lab.code(11, 9.5, 78, 13, human=3.8)
    lab.line(1, 29, 99, 29)
    lab.text(0, 29.4, lab.sort, 8.5, True, mid=50)
    lab.line(1, 40.5, 99, 40.5)
    lab.rect(1, 40.5, 99, 46, fill=lab.ink)
    for x, t in ((4, "寄件 FROM"), (46, "收件 TO")):
        lab.text(x, 41.2, t, 3.4, True, ink=(252, 252, 250))
    lab.line(43, 46, 43, 82)
    one = lab.case.get("one")
    for who, x, w, h in (("s", 3, 38, 3), ("r", 45, 52, 3.6)):
        y = 47
        if one:
            b = lab.put(who + "n", x, y, h, w, True)
            b = lab.put(who + "p", b[2], y, h, w, True)
            lab.put(who + "a", x, b[3] + 1, h, w)
        else:
            for k, t in (("n", "姓名"), ("p", "电话"), ("a", "地址")):
                lab.text(x, y, t, 2.3)
                b = lab.put(who + k, x, y + 2.8, h, w, k == "n")
                y = b[3] + 0.6
    lab.line(1, 82, 99, 82)
    y = extra(lab, 83.5, 93, 3.2)
    y = max(y, 104)
    lab.line(1, y, 99, y)
    lab.code(5, y + 3, 24, 24, "qr", "qr")
    lab.text(36, y + 3, lab.bag, 6.5, True)
    lab.text(36, y + 12, "签收人：", 3.6)
    lab.text(36, y + 22, "签收日期：      年    月    日", 3)
    lab.text(36, y + 30, "客服热线 400-" + str(lab.rng.randint(6000000, 6999999)), 3)
    return finish(lab)


def grid(c):
    """A ruled table as a small office prints it."""
    lab = start(c, 100, 100)
    lab.rect(2, 2, 98, 98, 0.3)
    lab.text(0, 3, lab.carrier + "运单", 4.6, True, mid=32)
    lab.code(58, 3.5, 38, 6.5, human=2.6)
    y = 14.5
    rows = [("收件人", "rn", 6.5), ("电  话", "rp", 6.5), ("地  址", "ra", 15), ("寄件人", "sn", 6), ("电  话", "sp", 6), ("地  址", "sa", 12)]
    if lab.order == "a/np":
        rows = [rows[2], rows[0], rows[1], rows[5], rows[3], rows[4]]
    for t, k, h in rows:
        lab.line(2, y, 98, y)
        size = 3.6 if k[0] == "r" else 3.1
        lab.text(4, y + 1, t, 3.2)
        lab.put(k, 20, y + 0.9, size, 76, k == "rn")
        y += h
    lab.line(2, y, 98, y)
    lab.line(18, 14.5, 18, y)
    extra(lab, y + 1, 70, 3)
    lab.code(81, y + 2, 15, 15, "qr", "qr")
    lab.text(4, 93.5, "时间 " + lab.day + "   件数 1   到付 0.00", 2.5)
    return finish(lab)


def shop(c):
    """A shop's own narrow printer, lines of text under a title."""
    lab = start(c, 72, 100)
    lab.text(0, 2, c.get("title", "【发货标签】"), 5, True, mid=36)
    lab.code(6, 9, 60, 10, human=3.2, number=None)
    y = 25
    for who, t, h in (("r", "收", 3.8), ("s", "寄", 3.1)):
        lab.line(3, y, 69, y, dash=0.9)
        y = lab.person(who, 3, y + 1, h, 66, "n/p/a", bold="", labels=(f"{t}件人：", "电话：", "地址："))
        y += 0.6
    lab.line(3, y, 69, y, dash=0.9)
    y = extra(lab, y + 1, 66, 3.1)
    lab.text(3, 95.5, lab.day + "  " + lab.carrier, 2.5)
    return finish(lab)


def freight(c):
    """Goods by lorry: place of arrival writ large, pieces, goods."""
    lab = start(c, 100, 80)
    lab.rect(1, 1, 99, 79, 0.5)
    lab.text(3, 2.2, c.get("carrier", "长岭物流"), 4.4, True)
    lab.text(0, 2.6, c["no"], 4.2, True, right=97)
    lab.line(1, 9, 99, 9, 0.5)
    lab.text(3, 9.4, c["to"], 11.5, True)
    lab.text(0, 11.2, c.get("pieces", "1/3 件"), 8, True, right=97)
    lab.line(1, 24, 99, 24, 0.5)
    y = lab.person("r", 19, 25, 3.8, 78, "n/p/a" if lab.order[0] == "n" else "np/a", bold="n")
    lab.text(3, 25, "收货方", 4, True)
    y = max(y, 42)
    lab.line(1, y, 99, y)
    lab.text(3, y + 1, "发货方", 3.6, True)
    y = lab.person("s", 19, y + 0.9, 3.2, 78, "np/a", bold="")
    lab.line(1, max(y, 54), 99, max(y, 54))
    extra(lab, max(y, 54) + 0.8, 93, 3)
    lab.code(6, 68, 60, 8)
    lab.text(0, 70, lab.day[:10], 2.8, right=97)
    return finish(lab)


def pick(c):
    """Label and the pick list under it on the same paper, 100 x 180."""
    lab = start(c, 100, 180)
    lab.text(0, 2, lab.sort, 9.5, True, mid=50)
    lab.line(0, 14, 100, 14, 0.4)
    b = lab.badge(3, 16, "收", 4.6, lab.shape)
    lab.person("r", b + 2, 15, 4.2, 84, lab.order, bold="n")
    lab.line(0, 36, 100, 36)
    b = lab.badge(3.5, 37.4, "寄", 3.6, lab.shape)
    lab.person("s", 11.5, 37, 3.1, 84, "np/a", bold="")
    lab.line(0, 50, 100, 50, 0.4)
    lab.code(10, 52, 80, 15, human=4.6, spaced=True)
    lab.line(0, 74, 100, 74)
    y = extra(lab, 75, 94, 3.3)
    y = max(y, 96)
    lab.line(0, y, 100, y, 0.4, dash=1.6)
    lab.text(0, y + 2, "拣 货 单", 5, True, mid=50)
    lab.text(3, y + 10, "订单号 " + c.get("orderno", "6931207745102"), 3.2)
    lab.text(0, y + 10, lab.day, 2.8, right=97)
    lab.line(3, y + 15, 97, y + 15)
    for i, (a, b, n) in enumerate(c.get("items", [("A-03-12", "棉麻收纳筐 米白 大号", "×1"), ("B-11-05", "无痕挂钩 10只装", "×2")])):
        yy = y + 16.5 + i * 6
        lab.text(4, yy, a, 3.3)
        lab.text(28, yy, b, 3.3)
        lab.text(0, yy, n, 3.3, right=96)
    lab.line(3, y + 41, 97, y + 41)
    lab.text(4, y + 43, "拣货：____   复核：____   包装：____", 3.2)
    lab.text(4, y + 50, lab.carrier, 5.5, True)
    lab.text(4, y + 60, "扫码进店领券 ▶", 3.4)
    lab.code(74, y + 46, 20, 20, "qr", "qr")
    return finish(lab)


def returns(c):
    lab = start(c, 100, 120)
    lab.rect(1, 1, 99, 119, 0.6)
    lab.rect(1, 1, 99, 13, fill=lab.ink)
    lab.text(0, 2.4, c.get("title", "退 货 专 用"), 7.5, True, ink=(252, 252, 250), mid=50)
    lab.text(4, 15, "退件人", 4, True)
    y = max(lab.person("s", 22, 14.8, 3.7, 74, lab.order, bold="n"), 33)
    lab.line(1, y, 99, y)
    lab.text(4, y + 1.4, "退 往", 4, True)
    y = max(lab.person("r", 22, y + 1.2, 3.8, 74, "n/p/a", bold="n"), 56)
    lab.line(1, y, 99, y)
    y = max(extra(lab, y + 1, 93, 3.2), 74)
    lab.line(1, y, 99, y)
    b = lab.code(6, y + 3, 62, 16, human=4)
    lab.code(76, y + 3, 20, 20, "qr", "qr")
    lab.text(4, b[3] + 8, "售后单 " + c.get("orderno", "TH20261124-0386") + "   " + lab.carrier, 3.2)
    return finish(lab)


def samecity(c):
    """A rider's slip: number first, receiver at the bottom."""
    lab = start(c, 76, 100)
    lab.text(3, 2, f"#{lab.rng.randint(3, 89)}", 11, True)
    lab.text(0, 3, c.get("title", "同城急送"), 5, True, right=73)
    lab.text(0, 10, "期望送达 " + f"{lab.rng.randint(10, 20)}:30 前", 3, right=73)
    lab.line(2, 16, 74, 16, 0.4)
    lab.text(3, 17, "取", 4.2, True)
    y = lab.person("s", 10, 17, 3.1, 63, "np/a", bold="")
    lab.line(2, max(y, 30), 74, max(y, 30), dash=1)
    y = extra(lab, max(y, 30) + 1, 70, 3.2)
    y = max(y, 45)
    lab.line(2, y, 74, y, 0.4)
    lab.text(3, y + 1.4, "送", 5, True)
    y = max(lab.person("r", 11, y + 1.2, 4.1, 62, "a/pn", bold="a"), 72)
    lab.line(2, y, 74, y, 0.4)
    lab.code(4, y + 2, 60, 11, human=3.2)
    lab.text(3, 95.5, lab.day, 2.4)
    return finish(lab)


def notice(c):
    lab = start(c, 90, 120)
    lab.rect(2, 2, 88, 118, 0.8)
    lab.text(0, 6, "取 件 须 知", 10, True, mid=45)
    lab.para(8, 26, "一、营业时间 8:30—20:30\n二、凭取件码自助取件，大件在左手边货架\n三、包裹存放满三天收保管费\n四、贵重物品当面验货，离店不认\n五、寄件请出示证件", 5, 76, lead=1.5)
    lab.text(0, 108, "便民服务点", 5, True, mid=45)
    return lab


LAYOUTS = {f.__name__: f for f in (cloud130, slim, two150, three180, columns, grid, shop, freight, pick, returns, samecity, notice)}
