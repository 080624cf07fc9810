"""The layouts: labels of carriers and shops that do not exist."""

from kit import Label

SIZES = {
    "cloud1": (76, 130), "cloud2": (100, 180), "cloud3": (100, 180), "bottom": (76, 130), "freight": (140, 100), "samecity": (60, 84),
    "return": (76, 130), "sticker": (60, 40), "slip58": (58, 92), "columns": (110, 78), "post": (100, 150), "picklist": (100, 180),
    "cold": (100, 100), "multi": (76, 118), "phonefirst": (76, 100), "notice": (120, 90),
}  # fmt: skip
SMALL = "本面单信息仅用于快件收派，请勿随意丢弃，撕毁后投入回收箱。"

def get(c, key, default=""):
    return c.get(key, default)

def goods_remark(L, x, y, h, w):
    for key, word in (("goods", "品名："), ("remark", "备注：")):
        if key in L.case:
            y = L.put(key, x, y, h, w, prefix=word)[3] + 0.5
    return y

def cloud1(L, c):
    L.text(3, 2, c["carrier"], 5, True)
    L.text(0, 2.6, get(c, "product", "标准快递"), 3.2, right=73)
    L.line(2, 8.6, 74, 8.6, 0.5)
    L.text(0, 9, c["sort"], 9.5, True, mid=38)
    L.rect(2, 20.5, 74, 27, 0.2)
    L.text(4, 21.6, "集 " + get(c, "hub", "宁泽分拨"), 3.8, True)
    L.text(0, 21.8, get(c, "run", "A13-07"), 3.6, right=72)
    L.line(38, 20.5, 38, 27, 0.2)
    mark = get(c, "mark", "disc")
    x = L.badge(3, 29, "收", 4.6, mark)
    y = L.person("r", x + 2, 28.6, 3.7, 73 - x - 2, get(c, "order", "np/a"), "np")
    y = max(y, 36) + 2
    L.line(2, y - 1, 74, y - 1, 0.2, dash=1.2)
    x = L.badge(3.6, y, "寄", 3, mark)
    y = L.person("s", x + 2.6, y, 2.7, 73 - x - 3, get(c, "order", "np/a"), "")
    L.line(2, y + 1, 74, y + 1, 0.3)
    y = L.code(9, y + 3, 58, 14, human=3.6, spaced=True)[3] + 7
    L.line(2, y - 1, 74, y - 1, 0.3)
    L.code(55, y + 1, 18, 18, "qr", "qr")
    y = goods_remark(L, 3, y, 2.8, 50)
    y = L.text(3, y + 0.5, "打印 " + c["day"], 2.5)[3]
    L.text(3, y + 0.5, "已验视  签收人：", 2.6)
    L.para(3, max(y + 5, 121), SMALL, 2, 70)

def cloud2(L, c):
    L.code(40, 3, 56, 10, human=2.8)
    L.text(3, 3, c["carrier"], 5.2, True)
    L.text(3, 10, get(c, "product", "电商特惠"), 3.2)
    L.line(0, 18, 100, 18, 0.4)
    L.text(3, 18.6, c["sort"], 11, True)
    L.line(0, 32.5, 100, 32.5, 0.4)
    L.line(86, 32.5, 86, 108, 0.3)
    L.code(89, 35, 8, 70, turn=90)
    L.text(3, 34, "收件", 3, True)
    y = L.person("r", 13, 33.6, 4.2, 72, get(c, "order", "np/a"), "np", labels=get(c, "labels", ("", "", "")))
    y = max(y, 50) + 2
    L.line(0, y - 1, 86, y - 1, 0.3)
    L.text(3, y + 0.4, "寄件", 2.8, True)
    y = max(L.person("s", 13, y, 3, 72, get(c, "order", "np/a"), "", labels=get(c, "labels", ("", "", ""))), y + 10)
    L.line(0, y, 86, y, 0.3)
    L.code(64, y + 3, 20, 20, "qr", "qr")
    L.text(3, y + 2, "服务", 2.8, True)
    L.text(13, y + 2, get(c, "service", "代收 0.00 元  不保价"), 2.8)
    y = goods_remark(L, 3, y + 7, 3, 58)
    L.text(3, max(y + 1, 96), "签收人/时间", 2.6)
    L.text(3, 103, "已验视 已实名", 2.6)
    L.line(0, 108, 100, 108, 0.3, dash=1.5)
    L.text(3, 110, c["carrier"] + " 留存联", 3.4, True)
    L.code(46, 110, 50, 8, human=2.6)
    L.line(0, 123, 100, 123, 0.3)
    y = L.person("r", 14, 125, 3.4, 80, "n/p/a" if c.get("stacked") else "np/a", "", tag="second")
    L.text(3, 125, "收", 4.4, True)
    y = max(y, 137) + 1
    L.line(0, y - 0.6, 100, y - 0.6, 0.2)
    L.text(3, y, "寄", 4.4, True)
    y = L.person("s", 14, y, 2.8, 80, "np/a", "", tag="second")
    L.line(0, y + 1, 100, y + 1, 0.2)
    L.text(3, y + 3, "打印时间 " + c["day"], 2.8)
    if "ad" in c:
        L.rect(3, 164, 97, 177, 0.3)
        L.text(0, 167, c["ad"], 4.6, True, mid=50)

def cloud3(L, c):
    for top, height, title, tag in ((0, 84, "派件联", "2"), (84, 46, "收件方联", "second"), (130, 50, "寄件方联", "second")):
        if top:
            L.line(0, top, 100, top, 0.3, dash=2)
        L.text(3, top + 2, c["carrier"], 4.4, True)
        L.text(3, top + 7.6, title, 2.6)
        L.code(36, top + 2, 60, 8 if top else 12, human=2.6)
        y = top + (15 if top else 20)
        if not top:
            L.line(0, y - 1, 100, y - 1, 0.4)
            L.text(0, y - 1.2, c["sort"], 10, True, mid=50)
            y += 12
        L.line(0, y - 0.6, 100, y - 0.6, 0.2)
        first, last = ("s", "r") if top == 130 else ("r", "s")
        for who in (first, last):
            if top == 84 and who == "s" and c.get("skip"):
                continue
            L.text(3, y + 0.4, "收方" if who == "r" else "寄方", 2.6, True)
            y = max(L.person(who, 12, y, 3.6 if not top else 2.8, 86, "np/a", "n" if not top else "", tag=tag), y + 7) + 0.6
            L.line(0, y - 0.5, 100, y - 0.5, 0.2)
        if not top:
            y = goods_remark(L, 3, y + 0.5, 2.7, 66)
            L.text(3, y, "打印 " + c["day"] + "   签收：", 2.6)
        else:
            L.text(3, top + height - 4.4, get(c, "foot", "寄递热线见官网  重量 1.20 kg  月结"), 2.4)

def bottom(L, c):
    """Code above, goods amid, sender over receiver."""
    L.code(6, 3, 64, 13, human=3.2, spaced=True)
    L.line(2, 22, 74, 22, 0.4)
    L.text(3, 22.6, c["sort"], 8, True)
    L.text(0, 24.4, c["carrier"], 3.6, True, right=73)
    L.line(2, 33, 74, 33, 0.2)
    y = max(goods_remark(L, 3, 34, 2.9, 48), 42)
    L.code(57, 34, 16, 16, "qr", "qr")
    y = max(y, 52)
    L.text(3, y - 4, c["day"], 2.6)
    L.line(2, y, 74, y, 0.2)
    L.text(3, y + 1, get(c, "sword", "发货方"), 2.8, True)
    y = L.person("s", 3, y + 5, 2.9, 70, get(c, "order", "n/p/a"), "", labels=get(c, "labels", ("", "", "")))
    L.rect(2, y + 1, 74, y + 7, fill=L.ink)
    L.text(4, y + 1.8, get(c, "rword", "收货方 TO"), 3.8, True, ink=(252, 252, 250))
    y = L.person("r", 3, y + 8.5, 4, 70, get(c, "order", "n/p/a"), "np", labels=get(c, "labels", ("", "", "")))
    L.line(2, 121, 74, 121, 0.2)
    L.text(3, 122.4, "签名：              月    日", 3)

def freight(L, c):
    L.text(4, 3, c["carrier"], 6.4, True)
    L.text(4, 11.5, get(c, "product", "零担 · 送货上楼"), 3.4)
    L.code(74, 3, 62, 12, human=3.2)
    L.rect(3, 21, 137, 97, 0.4)
    L.line(3, 35, 137, 35, 0.3)
    L.text(5, 22, c["sort"], 10, True)
    L.text(0, 24, get(c, "pieces", "第 1 件 / 共 3 件"), 5, True, right=135)
    L.line(70, 35, 70, 72, 0.3)
    L.line(3, 41, 137, 41, 0.2)
    L.text(5, 35.8, "发 货 人", 3.4, True)
    L.text(72, 35.8, "收 货 人", 3.4, True)
    labels = get(c, "labels", ("单位/姓名 ", "电话 ", "地址 "))
    L.person("s", 5, 42.5, 3.3, 63, "n/p/a", "", labels=labels)
    L.person("r", 72, 42.5, 3.3, 63, "n/p/a", "", labels=labels)
    L.line(3, 72, 137, 72, 0.3)
    for i, (a, b) in enumerate((("包装", "纸+托"), ("重量", "86.5kg"), ("体积", "0.42方"), ("付款", "到付"))):
        L.text(5 + 33 * i, 73, a, 2.8)
        L.text(16 + 33 * i, 73, b, 3.2, True)
    L.line(3, 78, 137, 78, 0.2)
    goods_remark(L, 5, 79.2, 3, 104)
    L.text(5, 91.5, "开单 " + c["day"], 2.8)
    L.code(116, 79.4, 16.5, 16.5, "qr", "qr")

def samecity(L, c):
    L.rect(0, 0, 60, 11, fill=L.ink)
    L.text(3, 2.2, "#" + c["sort"], 6.6, True, ink=(252, 252, 250))
    L.text(0, 3.2, c["carrier"], 4.6, True, ink=(252, 252, 250), right=57)
    y = L.text(3, 12.5, get(c, "eta", "立即送达 · 小份文件"), 3.4, True)[3]
    L.line(2, y + 0.6, 58, y + 0.6, 0.2, dash=1)
    y = L.person("r", 3, y + 2, 3.8, 55, get(c, "order", "a/n/p"), "a", gap=2)
    y = L.text(3, y, c["until"], 2.8)[3] + 0.8 if "until" in c else y
    L.line(2, y + 0.4, 58, y + 0.4, 0.2, dash=1)
    y = L.text(3, y + 1.4, "取货", 2.8, True)[3] + 0.4
    y = L.person("s", 3, y, 2.9, 55, "np/a", "")
    y = goods_remark(L, 3, y + 0.6, 2.8, 55)
    L.code(5, 68, 42, 8, human=2.6)
    L.text(3, 80.4, "制单 " + c["day"], 2.5)

def returns(L, c):
    L.rect(2, 2, 20, 20, 0.8)
    L.text(3.6, 2.6, "退", 14, True)
    L.text(23, 3, get(c, "product", "逆向退货面单"), 4.4, True)
    L.text(23, 9.4, c["carrier"], 3.6)
    L.text(23, 14.4, "退货单 " + get(c, "rma", "TH20261120-0931"), 2.9)
    L.line(2, 22, 74, 22, 0.4)
    L.text(3, 23, "退 自", 3.2, True)
    y = L.person("s", 14, 23, 3.2, 59, get(c, "order", "np/a"), "")
    y = max(y, 34) + 1
    L.line(2, y, 74, y, 0.2)
    L.text(3, y + 1, "退 至", 3.2, True)
    y = L.person("r", 14, y + 1, 3.7, 59, get(c, "order", "np/a"), "n")
    y = max(y, 58) + 1
    L.line(2, y, 74, y, 0.4)
    L.code(7, y + 2, 60, 15, human=3.4, spaced=True)
    y += 24
    L.line(2, y, 74, y, 0.2)
    L.code(56, y + 1.5, 17, 17, "qr", "qr")
    y = goods_remark(L, 3, y + 1.5, 2.8, 50)
    L.text(3, y, "打印于 " + c["day"], 2.6)
    L.text(3, 123, "请将本单贴于原包装外 · 勿遮挡条码", 2.6)

def sticker(L, c):
    L.text(2, 1.4, get(c, "carrier"), 3, True)
    L.text(0, 1.4, c["day"][5:], 2.8, right=58)
    L.line(1, 5.6, 59, 5.6, 0.2)
    L.text(0, 5.6, c["sort"], 9.6, True, mid=30)
    L.line(1, 18, 59, 18, 0.2)
    y = L.person("r", 2, 19, 3.5, 56, "np/a", "n", small=2.7)
    L.code(6, max(y, 28.6), 44, 6, human=2.4)

def slip58(L, c):
    L.text(0, 2, get(c, "shop", "小芹手作坊"), 4.6, True, mid=29)
    L.text(0, 8, "—— " + c["carrier"] + " ——", 3, mid=29)
    L.line(2, 12.4, 56, 12.4, 0.2, dash=0.8)
    if c.get("headings"):
        y = 13.4
        for key, word in zip(("rn", "rp", "ra", "sn", "sp", "sa"), c["headings"], strict=True):
            y = L.text(2, y, word, 2.5)[3] - 0.1
            y = L.put(key, 4, y, 3.1, 52, bold=key[0] == "r")[3] + 0.5
    else:
        y = L.person("r", 2, 13.6, 3.5, 54, "n/p/a", "", labels=get(c, "labels", ("收件人：", "手机：", "地址：")))
        L.line(2, y, 56, y, 0.2, dash=0.8)
        y = L.person("s", 2, y + 1, 2.9, 54, "n/p/a", "", labels=get(c, "slabels", ("寄件人：", "手机：", "地址：")))
    L.line(2, y, 56, y, 0.2, dash=0.8)
    y = goods_remark(L, 2, y + 0.8, 2.8, 54)
    y = max(y + 0.6, 73)
    L.code(5, y, 44, 8, human=2.8)
    L.text(0, 88, c["day"], 2.4, mid=29)

def columns(L, c):
    """Two columns side by side, headings above the fields."""
    L.text(3, 2, c["carrier"], 4.8, True)
    L.text(0, 2.4, c["sort"], 6, True, right=107)
    L.line(0, 10.5, 110, 10.5, 0.4)
    L.line(58, 10.5, 58, 50, 0.2)
    heads = get(c, "heads", ("姓名", "联系电话", "详细地址"))
    for who, x, w, title, h in (("r", 2.5, 54, "收件", 3.7), ("s", 60.5, 47, "寄件", 3)):
        L.badge(x, 11.6, title, 3, "box")
        y = 17.4
        for key, word in zip("npa", heads, strict=True):
            y = L.text(x, y, word, 2.3, ink=(70, 70, 74))[3]
            y = L.put(who + key, x, y - 0.2, h, w, bold=key != "a" and who == "r")[3] + 0.5
    L.line(0, 50, 110, 50, 0.3)
    L.code(6, 53, 62, 12, human=3.2)
    L.code(88, 52, 18, 18, "qr", "qr")
    L.text(3, 73, "打印 " + c["day"], 2.5)
    if "goods" in c:
        L.put("goods", 45, 73, 2.5, 60, prefix="内件 ")
    if "remark" in c:
        L.put("remark", 72, 71, 2.5, 36)

def post(L, c):
    L.text(4, 3, c["carrier"], 6, True)
    L.code(46, 3, 50, 11, human=3)
    L.rect(2, 21, 98, 146, 0.4)
    L.text(5, 22, c["sort"], 9, True)
    L.line(2, 34, 98, 34, 0.3)
    y = 34
    for who, title, h in (("s", "寄件人信息", 3), ("r", "收件人信息", 4)):
        L.vtext(4, y + 2, title, 3.6, True)
        L.line(10, y, 10, y + 34, 0.2)
        labels = get(c, "labels", ("姓名：", "电话：", "地址："))
        L.person(who, 12, y + 2, h, 84, get(c, "order", "np/a"), "n", labels=labels)
        y += 34
        L.line(2, y, 98, y, 0.3)
    L.text(4, y + 1.2, "重量 2.35kg   资费 12.00   件数 1", 3)
    L.line(2, y + 6.4, 98, y + 6.4, 0.2)
    goods_remark(L, 4, y + 8, 3, 66)
    L.code(76, y + 9, 19, 19, "qr", "qr")
    L.text(4, 130, "收寄时间 " + c["day"], 2.8)
    L.text(4, 138, "收件人签名：", 3)

def picklist(L, c):
    L.rect(0, 0, 100, 13, fill=L.ink)
    L.text(3, 2.4, c["sort"], 8.4, True, ink=(252, 252, 250))
    L.text(0, 4, c["carrier"], 4.4, True, ink=(252, 252, 250), right=97)
    y = 15
    for who, word, h in (("r", "送至", 4.1), ("s", "来自", 2.9)):
        L.text(3, y + 0.4, word, 2.7, True)
        y = max(L.person(who, 12, y, h, 84, get(c, "order", "pn/a"), "np" if who == "r" else ""), y + 11) + 1
        L.line(0, y, 100, y, 0.2)
        y += 1.4
    L.code(8, y + 1, 62, 14, human=3.4)
    L.code(77, y + 1, 20, 20, "qr", "qr")
    y += 24
    if "remark" in c:
        y = L.put("remark", 3, y, 3, 92, prefix="买家留言：")[3] + 1
    L.line(0, y, 100, y, 0.4, dash=1.5)
    L.text(0, y + 1.6, get(c, "title", "拣 货 清 单"), 4.4, True, mid=50)
    y += 8.4
    for row in c["list"]:
        for x, cell in zip((3, 13, 66, 88), row, strict=True):
            L.text(x, y, cell, 2.9)
        L.line(3, y + 4.4, 97, y + 4.4, 0.15)
        y += 5.2
    L.text(3, y + 1, "订单号 " + get(c, "order_no", "6920261118004523"), 3)
    L.text(3, y + 6, "打印 " + c["day"], 2.8)
    if "ad" in c:
        L.rect(3, 158, 97, 177, 0.4)
        L.para(7, 161, c["ad"], 4.2, 86, True)

def cold(L, c):
    L.rect(2, 2, 98, 98, 0.6, round_=3)
    L.text(5, 3.4, "冷", 9, True)
    L.text(17, 4, c["carrier"], 5, True)
    L.text(17, 10.6, get(c, "product", "0~4℃ 全程冷链 到货即取"), 3)
    L.text(0, 5, c["sort"].split()[0], 7, True, right=95)
    L.line(2, 16, 98, 16, 0.3)
    y = L.person("r", 5, 17.4, 4.1, 90, get(c, "order", "n/p/a"), "n", labels=get(c, "labels", ("收货人 ", "电　话 ", "地　址 ")))
    L.line(2, y + 0.5, 98, y + 0.5, 0.2)
    y = L.person("s", 5, y + 1.6, 3, 90, "np/a", "", labels=("发货 ", "", ""))
    L.line(2, y + 0.5, 98, y + 0.5, 0.2)
    y = goods_remark(L, 5, y + 1.6, 3, 66)
    L.text(5, y, "打单 " + c["day"], 2.8)
    L.code(6, 81, 56, 10, human=3)
    L.code(74, 72, 22, 22, "qr", "qr")

def multi(L, c):
    L.code(2, 18, 9, 66, turn=90)
    L.text(3, 2, c["carrier"], 4.6, True)
    L.text(0, 2, get(c, "pieces", "子件 1/2"), 4.4, True, right=73)
    L.line(2, 8.4, 74, 8.4, 0.3)
    L.text(13, 8.4, c["sort"], 8, True)
    L.line(13, 19, 74, 19, 0.2)
    y = L.badge(13, 20, "收", 4, "ring") and L.person("r", 20.4, 20, 3.6, 53, get(c, "order", "pn/a"), "p")
    y = max(y, 40)
    L.line(13, y, 74, y, 0.2)
    y = L.badge(13, y + 1, "寄", 4, "ring") and L.person("s", 20.4, y + 1, 2.9, 53, get(c, "order", "pn/a"), "")
    L.line(13, y, 74, y, 0.2)
    goods_remark(L, 13, y + 1, 2.8, 60)
    L.line(2, 87, 74, 87, 0.3)
    L.code(8, 89, 58, 12, human=3.2)
    L.text(3, 109, "母单 " + get(c, "parent", c["no"][:-3] + "000"), 2.8)
    L.text(3, 113.4, "打印 " + c["day"], 2.5)

def phonefirst(L, c):
    """The receiver's phone and name run together in one line, the address under it in two to four."""
    L.text(3, 2, c["sort"], 8.6, True)
    L.text(0, 3.6, c["carrier"], 3.6, True, right=73)
    L.line(2, 13.4, 74, 13.4, 0.4)
    L.text(3, 15, "收", 5, True)
    y = L.person("r", 11, 14.6, 4, 62, get(c, "order", "pn/a"), "pn", small=3.5, gap=get(c, "gap", 0.4))
    y = max(y, 34)
    L.code(7, y + 1, 60, 13, human=3.2, spaced=True)
    y += 21
    L.line(2, y, 74, y, 0.2)
    L.text(3, y + 1.2, "寄", 3.6, True)
    y = L.person("s", 11, y + 1, 2.9, 62, get(c, "order", "pn/a"), "", gap=get(c, "gap", 0.4))
    L.line(2, y, 74, y, 0.2)
    y = goods_remark(L, 3, y + 0.8, 2.8, 70)
    L.text(3, max(y, 94.5), c["day"] + "  重 0.85kg", 2.6)

def notice(L, c):
    L.text(0, 6, c["carrier"], 9, True, mid=60)
    L.line(10, 20, 110, 20, 0.5)
    y = 25
    for line in c["text"]:
        y = L.para(12, y, line, 5, 98)[3] + 2


LAYOUTS = {
    "cloud1": cloud1, "cloud2": cloud2, "cloud3": cloud3, "bottom": bottom, "freight": freight, "samecity": samecity, "return": returns,
    "sticker": sticker, "slip58": slip58, "columns": columns, "post": post, "picklist": picklist, "cold": cold, "multi": multi,
    "phonefirst": phonefirst, "notice": notice,
}  # fmt: skip

def build(case):
    """The label of a case: its layout, then stickers, pen and stamps over it."""
    paper = case.get("paper", (252, 252, 250))
    label = Label(case, *case.get("mm", SIZES[case["layout"]]), paper)
    LAYOUTS[case["layout"]](label, case)
    for field, party, left, right, ink in case.get("cover", []):
        for f, p, _, box in list(label.fields):
            if (f, p) == (field, party):
                w = box[2] - box[0]
                label.rect(box[0] + w * left - 0.3, box[1] - 0.4, box[0] + w * right + 0.3, box[3] + 0.4, fill=ink)
    if "stamp" in case:
        label.stamp(*case["stamp"])
    if "pen" in case:
        label.pen(*case["pen"][:3], h=case["pen"][3])
    return label
