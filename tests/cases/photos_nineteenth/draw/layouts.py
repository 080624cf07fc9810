"""Twelve layouts of carriers that do not exist, a card of the shop's and the auditor's number card."""

from kit import Label

WHITE = (252, 252, 250)
TEAL, WINE, NAVY, OCHRE = (10, 112, 118), (140, 24, 52), (28, 44, 108), (186, 116, 14)


def more(L, x, y, h, w):
    """Goods, remark and small print that is no field, one below the other."""
    for key, word in (("goods", L.case.get("goods_word", "物品：")), ("remark", "备注：")):
        if key in L.case:
            y = L.put(key, x, y, h, w, prefix=word)[3] + 0.5
    for line in L.case.get("extra", ()):
        y = L.para(x, y, line, h * 0.9, w)[3] + 0.4
    return y


def hand(L, x, y):
    if "stamp" in L.case:
        L.stamp(x, y, L.case["stamp"], 3.4)
    if "pen" in L.case:
        L.pen(x, y, L.case["pen"], L.case.get("pen_h", 5))


def tint(L, colour):
    return colour if L.dots > 8 else None


def bailu(c):
    """白鹭速达: 76 x 130, bars on top, receiver in a frame with a black 收, sender small."""
    L = Label(c, 76, 130)
    L.code(5, 3, 66, 12, human=3)
    L.line(2, 20, 74, 20, 0.5)
    L.text(3, 20.4, c["route"], 9, True, cond=0.86)
    L.text(0, 31, c["hub"], 4.4, True, right=73)
    L.text(3, 31.4, "白鹭速达·电商件", 3.4, True)
    L.rect(2, 38, 74, 66, 0.4)
    L.badge(3.4, 40, "收", 5, "box")
    L.person("r", 12, 39.4, 4.2, 60, "np/a", "np")
    L.badge(3.8, 69, "寄", 3.2, "ring")
    y = max(L.person("s", 12, 68, 2.9, 60, "np/a", ""), 81)
    L.line(2, y, 74, y, dash=1.2)
    more(L, 3, y + 1.4, 2.8, 46)
    L.code(52, y + 2, 20, 20, "qr", "qr")
    L.line(2, 112, 74, 112)
    L.text(3, 113, "签收人：", 2.8)
    L.text(3, 124.4, "打印 " + c["date"] + "   第1/1件", 2.4)
    hand(L, 26, 113)
    return L


def shanque(c):
    """山雀快运: 100 x 110, two columns, receiver left in large type, code on its side at the right."""
    L = Label(c, 100, 110)
    L.draw.rectangle(L.px(0, 0, 100, 9), tint(L, TEAL) or L.ink)
    L.text(3, 1.6, "山雀快运 SHANQUE", 5, True, WHITE, cond=1)
    L.text(0, 2.6, c["date"], 3, False, WHITE, right=97)
    L.text(3, 10, c["route"], 11, True)
    L.text(3, 23, "目的地 " + c["hub"], 4, True)
    L.line(0, 29.5, 82, 29.5, 0.4)
    L.text(3, 30.4, "收件", 3.4, True)
    L.person("r", 13, 30.4, 4.6, 66, "n/p/a", "na")
    L.line(0, 60, 82, 60, 0.4)
    L.text(3, 61.2, "寄件", 3)
    y = L.person("s", 13, 61, 3.1, 66, "np/a", "")
    y = max(y, 75)
    L.line(0, y, 82, y, 0.4)
    more(L, 3, y + 1.4, 3, 52)
    L.code(59, y + 3, 21, 21, "qr", "qr")
    L.line(82, 9, 82, 101.5, 0.4)
    L.code(85, 13, 12, 82, turn=90)
    L.text(0, 103, c["no"], 2.3, True, right=99)
    hand(L, 8, 94)
    return L


def jiangzhou(c):
    """江舟快递: 100 x 150, black side bars with 收 and 寄, code below the middle, receipt part at the foot."""
    L = Label(c, 100, 150)
    L.text(3, 2, "江舟快递", 6, True, tint(L, NAVY), cond=1)
    L.text(0, 3.4, "特惠件", 4, True, right=97)
    L.line(0, 10.5, 100, 10.5, 0.5)
    L.text(0, 11, c["route"], 13, True, mid=50)
    L.line(0, 27, 100, 27, 0.5)
    L.draw.rectangle(L.px(0, 27, 9, 62), L.ink)
    L.vtext(2, 38, "收件", 5, True, WHITE)
    L.person("r", 12, 29, 5, 84, "np/a", "np", 4.6)
    L.line(0, 62, 100, 62, 0.4)
    L.vtext(2.8, 65, "寄件", 3.6, True)
    L.person("s", 12, 63.6, 3.4, 84, "np/a", "")
    L.line(0, 80, 100, 80, 0.5)
    L.code(10, 83, 80, 16, human=4, spaced=True)
    L.line(0, 106, 100, 106, 0.5)
    y = more(L, 3, 107.6, 3.2, 64)
    L.text(3, max(y, 132) + 0.5, "快件送达收件人地址，经收件人允许的代收人签字，视为送达。", 2.1)
    L.text(3, 141, c["date"] + " 打印", 3)
    L.code(71, 109, 26, 26, "qr", "qr")
    hand(L, 40, 137)
    return L


def maitian(c):
    """麦田优送: 76 x 130, a labelled line for each value."""
    L = Label(c, 76, 130)
    L.rect(1, 1, 75, 129, 0.4, round_=2)
    L.text(4, 3, "麦田优送", 5.4, True, tint(L, OCHRE), cond=1)
    L.text(0, 4, c["hub"], 4, True, right=72)
    L.line(1, 11, 75, 11)
    L.text(0, 11.6, c["route"], 9, True, mid=38)
    L.line(1, 23.5, 75, 23.5)
    y = L.person("r", 4, 25, 3.8, 68, "n/p/a", "", labels=("收件人：", "电话：", "地址："))
    y = max(y, 48)
    L.line(1, y, 75, y)
    y = L.person("s", 4, y + 1, 2.8, 68, "n/p/a", "", labels=("寄件人：", "电话：", "地址："))
    y = max(y, 63)
    L.line(1, y, 75, y)
    y = L.code(6, y + 2, 64, 12, human=3)[3] + 5
    L.line(1, y, 75, y)
    L.code(4, y + 2, 19, 19, "qr", "qr")
    more(L, 27, y + 2, 2.8, 46)
    L.text(4, 124.6, c["date"], 2.5)
    L.text(0, 124.6, "麦田优送 官方客服 400-077-3921", 2.2, right=72)
    hand(L, 30, 110)
    return L


def chisong(c):
    """赤松物流: 100 x 180, two plies, the lower one repeats receiver and sender."""
    L = Label(c, 100, 180)
    L.text(3, 2, "赤松物流", 6.4, True, tint(L, WINE), cond=1)
    L.code(42, 2, 54, 10, human=2.8)
    L.line(2, 17, 98, 17, 0.4)
    L.text(3, 17.4, c["route"], 12, True)
    L.text(0, 21, c["hub"], 6, True, right=97)
    L.line(2, 32, 98, 32, 0.4)
    L.badge(3, 35, "收", 6, "disc")
    L.person("r", 14, 33.6, 4.8, 82, "np/a", "npa", 4.3)
    L.line(2, 62, 98, 62, dash=1.2)
    L.badge(3.6, 64.6, "寄", 4.4, "disc")
    L.person("s", 14, 63.6, 3.3, 82, "np/a", "")
    L.line(2, 80, 98, 80, 0.4)
    L.text(3, 81, "签收：", 3)
    L.text(3, 100, "打印时间 " + c["date"] + " 计费重量 " + c.get("kg", "1.20") + "kg", 2.8)
    L.code(74, 82, 23, 23, "qr", "qr")
    L.line(0, 110, 100, 110, 0.3, dash=2)
    L.code(8, 113, 60, 11, human=3)
    L.text(0, 116, "赤松", 7, True, right=96, cond=1)
    L.line(2, 130, 98, 130)
    L.text(3, 131.6, "收", 3.6, True)
    y = max(L.person("r", 9, 131.4, 3.3, 88, "np/a", "", tag="second"), 145)
    L.text(3, y + 0.4, "寄", 3.2, True)
    y = max(L.person("s", 9, y, 2.9, 88, "np/a", "", tag="second"), 156)
    L.line(2, y, 98, y)
    more(L, 3, y + 1, 2.9, 90)
    hand(L, 34, 84)
    return L


def nanwu(c):
    """南梧快递: lying 130 x 80, receiver left, codes right."""
    L = Label(c, 130, 80)
    L.text(3, 2, "南梧快递", 5.6, True, cond=1)
    L.text(32, 1.4, c["route"], 8, True)
    L.line(2, 11.4, 128, 11.4, 0.4)
    L.text(3, 13, "收", 6, True)
    L.person("r", 12, 13, 4.6, 72, "np/a", "n", 4.2)
    L.line(2, 43, 86, 43)
    L.text(3, 44.6, "寄", 4, True)
    y = L.person("s", 12, 44.4, 3.1, 72, "np/a", "")
    y = max(y, 57)
    L.line(2, y, 86, y)
    more(L, 3, y + 1.2, 2.9, 80)
    L.line(86, 11.4, 86, 78, 0.4)
    L.code(89, 14, 37, 14, human=2.6)
    L.code(93, 36, 27, 27, "qr", "qr")
    L.text(89, 68, c["hub"], 4.2, True)
    L.text(89, 74, c["date"], 2.5)
    hand(L, 44, 69)
    return L


def chenghu(c):
    """澄湖速递: 76 x 100, receiver between two rules, code at the foot."""
    L = Label(c, 76, 100)
    L.text(3, 2, c["route"], 8, True, cond=0.9)
    L.text(0, 2, "澄湖", 4.2, True, right=73, cond=1)
    L.text(0, 7, "速递", 4.2, True, right=73, cond=1)
    L.line(2, 12.6, 74, 12.6, 0.6)
    y = L.person("r", 3, 14, 4.4, 70, "pn/a" if c.get("phone_first") else "np/a", "np", 4)
    y = max(y, 36)
    L.line(2, y, 74, y, 0.6)
    L.text(3, y + 1.2, "寄件：", 2.7)
    y = max(L.person("s", 12, y + 1.2, 2.7, 61, "np/a", ""), y + 11)
    L.line(2, y, 74, y)
    yy = more(L, 3, y + 1, 2.6, 48)
    L.code(55, y + 1.5, 17, 17, "qr", "qr")
    y = max(yy, y + 20)
    y = L.code(6, y, 64, 11, human=2.8)[3]
    L.text(3, 96.4, c["date"], 2.2)
    hand(L, 28, 64)
    return L


def tuoling(c):
    """驼铃供应链: 100 x 150, a ruled form with heads left."""
    L = Label(c, 100, 150)
    L.rect(2, 2, 98, 148, 0.4)
    L.text(0, 3, "驼铃供应链·配送单", 5.2, True, mid=50, cond=1)
    L.line(2, 10.6, 98, 10.6)
    L.code(8, 12.5, 58, 13, human=3)
    L.code(72, 12.4, 22, 22, "qr", "qr")
    y = 36
    for key, head, h, deep in (("rn", "收货人", 4.2, 8), ("rp", "联系电话", 4.2, 8), ("ra", "收货地址", 4.2, 21),
                               ("sn", "发货人", 3.4, 7), ("sp", "发货电话", 3.4, 7), ("sa", "发货地址", 3.4, 14)):  # fmt: skip
        L.line(2, y, 98, y)
        L.text(4, y + 1.4, head, 3.3)
        b = L.put(key, 24, y + 1.2, h, 72, key == "rn")
        y = max(y + deep, b[3] + 0.8)
    L.line(2, y, 98, y)
    L.line(22, 36, 22, y)
    y = more(L, 4, y + 1.6, 3.2, 90)
    L.line(2, 134, 98, 134)
    L.text(4, 136, "线路 " + c["route"] + "  " + c["hub"], 4, True)
    L.text(4, 142, "制单 " + c["date"], 2.8)
    hand(L, 56, 122)
    return L


def shiguang(c):
    """拾光同城: a 58 mm slip as a till prints it."""
    L = Label(c, 58, 122)
    L.text(0, 2, "拾光同城", 6, True, mid=29, cond=1)
    L.text(0, 9.6, "#" + c["route"][-2:] + "  " + c["date"], 3, mid=29)
    L.line(2, 14, 56, 14, dash=1)
    L.text(3, 15, "【收】", 3.6, True)
    y = L.person("r", 3, 20, 4, 52, "n/p/a", "np")
    y = max(y, 46)
    L.line(2, y, 56, y, dash=1)
    L.text(3, y + 1, "【寄】", 3, True)
    y = L.person("s", 3, y + 5.2, 2.9, 52, "n/p/a", "")
    L.line(2, y, 56, y, dash=1)
    y = more(L, 3, y + 1, 2.9, 52)
    L.line(2, y, 56, y, dash=1)
    y = L.code(3, y + 2, 52, 10, human=2.6)[3] + 4.6
    L.code(21, y, 16, 16, "qr", "qr")
    hand(L, 4, 108)
    return L


def yedu(c):
    """野渡邮驿: 76 x 130, the sender stands first, the receiver below in heavy type."""
    L = Label(c, 76, 130)
    L.text(0, 2, "野渡邮驿", 5.4, True, mid=38, cond=1)
    L.line(2, 9, 74, 9, 0.3)
    L.line(2, 9.8, 74, 9.8, 0.3)
    L.text(3, 10.6, "寄件人", 2.8)
    y = max(L.person("s", 14, 10.6, 2.9, 59, "np/a", ""), 23)
    L.line(2, y, 74, y, 0.4)
    L.text(3, y + 1.4, "收件人", 3, True)
    y = max(L.person("r", 14, y + 1.2, 4.3, 59, "n/p/a", "npa"), 54)
    L.line(2, y, 74, y, 0.4)
    L.text(3, y + 0.6, c["route"], 9, True, cond=0.84)
    L.text(3, y + 11.4, c["hub"], 4, True)
    y += 18
    L.line(2, y, 74, y)
    y = L.code(6, y + 1.6, 64, 12, human=3)[3] + 5
    L.line(2, y, 74, y)
    yy = more(L, 3, y + 1, 2.7, 50)
    L.code(54, y + 2, 19, 19, "qr", "qr")
    L.text(3, 125.4, c["date"], 2.4)
    hand(L, 12, min(max(yy, 112), 116))
    return L


def beiling(c):
    """北岭直配: 100 x 120, black head with the route, PDF417 at the foot."""
    L = Label(c, 100, 120)
    L.draw.rectangle(L.px(0, 0, 100, 17), L.ink)
    L.text(3, 2, c["route"], 11, True, WHITE)
    L.text(0, 4, "北岭直配", 5, True, WHITE, right=97, cond=1)
    L.text(3, 18.2, c["hub"] + "  标快  " + c["date"], 3.4, True)
    L.line(0, 23.6, 100, 23.6, 0.4)
    L.badge(3, 26, "收", 5.4, "ring")
    L.person("r", 13, 25, 4.6, 84, "np/a", "np")
    L.line(0, 50, 100, 50, 0.4)
    L.badge(3.6, 52, "寄", 4, "ring")
    L.person("s", 13, 51.4, 3.2, 84, "np/a", "")
    L.line(0, 66, 100, 66, 0.4)
    L.code(4, 68, 58, 13, human=3)
    L.code(74, 68, 22, 22, "qr", "qr")
    L.line(0, 91, 100, 91)
    more(L, 3, 92, 3, 54)
    L.code(60, 94, 37, 12, kind="pdf")
    hand(L, 10, 108)
    return L


def qingci(c):
    """青瓷国际: 100 x 150, heads in two languages."""
    L = Label(c, 100, 150)
    L.rect(2, 2, 98, 148, 0.5)
    L.text(4, 3.4, "青瓷国际 CELADON EXP", 4.8, True, cond=1)
    L.text(0, 4, c["date"], 3, right=96)
    L.line(2, 11, 98, 11, 0.5)
    L.text(4, 12, "寄件人 FROM", 2.8, True)
    L.person("s", 4, 16, 3.3, 92, "np/a", "")
    L.line(2, 33, 98, 33, 0.5)
    L.text(4, 34, "收件人 TO", 3.2, True)
    L.person("r", 4, 39, 4.8, 92, "np/a", "n", 4.4)
    L.line(2, 66, 98, 66, 0.5)
    L.text(4, 66.6, c["route"], 11, True)
    L.text(0, 71, c["hub"], 6, True, right=96)
    L.line(2, 80.5, 98, 80.5, 0.5)
    L.code(10, 83, 80, 17, human=3.6)
    L.line(2, 107, 98, 107, 0.5)
    y = L.put("goods", 4, 109, 3, 62, prefix="内件 CONTENTS：")[3] + 0.6
    y = L.put("remark", 4, y, 3, 62, prefix="备注 NOTE：")[3] + 0.6 if "remark" in c else y
    for line in c.get("extra", ()):
        y = L.para(4, y, line, 2.8, 62)[3]
    L.code(70, 110, 25, 25, "qr", "qr")
    hand(L, 20, 134)
    return L


def thanks(c):
    """A card of the shop's that asks for praise: no label."""
    L = Label(c, 90, 130, (250, 236, 214))
    L.text(0, 12, "感谢您的购买", 9, True, WINE, mid=45, cond=1)
    L.line(12, 26, 78, 26, 0.5)
    y = 34
    for line in ("亲爱的顾客：", "收到宝贝请先检查外观，", "满意请给五星好评，", "晒图后联系在线客服", "领取下次可用的", "5元优惠券一张。"):
        y = L.text(12, y, line, 5.2)[3] + 2.6
    L.text(0, 100, "每一份包裹", 6, True, WINE, mid=45)
    L.text(0, 109, "都用心打包", 6, True, WINE, mid=45)
    return L


def tag(c):
    """The auditor's number card that lies beside the parcel."""
    L = Label({**c, "id": "card", "layout": "tag"}, 44, 22, (246, 226, 120))
    L.text(0, 1.6, "平台抽检", 4, True, mid=22, cond=1)
    L.text(0, 7, "样品 " + c["id"][1:], 9, True, mid=22, cond=1)
    return L


LAYOUTS = {f.__name__: f for f in (bailu, shanque, jiangzhou, maitian, chisong, nanwu, chenghu, tuoling, shiguang, yedu, beiling, qingci, thanks)}
