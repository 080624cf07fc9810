"""Fifteen labels and one notice; lengths in millimetres. No layout is a real carrier's."""

from page import WHITE, Page


def cloud76(c):
    """76 x 130, one ply: route on black, phone before name, receiver under the code, advertisement at the foot."""
    L = Page(c, 76, 130)
    L.hr(41, 68, (81, 0.5))
    L.text(2, 2, c["carrier"], 4.4, True)
    L.text(0, 2.6, c["date"], 2.4, right=74)
    L.bar(0, 8.5, 76, 21, c["route"], 8.5)
    L.code(6, 23, 64, 12, human=3.2, spaced=True)
    L.bar(0, 41, 7, 68)
    L.vtext(1.6, 47, "收件", 3.8, True, WHITE, 1.3)
    L.who("r", 9, 42.5, 65, c.get("h", 3.8), c.get("form", "phonefirst"))
    L.vtext(2.2, 69.4, "寄件", 2.7)
    L.who("s", 9, 69.2, 65, 2.6, c.get("sform", "pair"))
    L.tail((3, 83, 2.7, 48, "品名 "), (3, 94, 2.9, 48, "留言 "), 53, 83, 20)
    L.blank = (5, 104)
    L.line(0, 112, 76, 112, 0.2, 1)
    L.text(0, 114, c.get("ad", "扫码领券 · 春茶上新满99减20"), 4, True, mid=38)
    L.text(0, 120.5, "寄快递搜「" + c["carrier"] + "」上门只要一小时", 2.6, mid=38)
    return L


def ring76(c):
    """76 x 130: sender first, ringed icons, receiver at the foot beside the large last digits of the waybill."""
    L = Page(c, 76, 130)
    L.hr((20, 0.5), (33, 0.5), (78, 0.5), 112)
    L.code(8, 3, 60, 11, human=2.8)
    L.text(0, 21.5, c["route"], 9, True, mid=38)
    L.icon(2, 34.5, "寄ring", 3.4)
    L.who("s", 9, 34.5, 65, 2.8, c.get("sform", "pair"))
    L.line(0, 49, 76, 49, 0.2, 1)
    L.tail((2.5, 50.5, 2.8, 70, ""), (2.5, 58, 3, 50, "备注："), 55.5, 58, 18)
    L.text(2.5, 73, c["date"] + " 打印", 2.3)
    L.blank = (4, 63.5)
    L.icon(2, 80, "收ring", 4.6)
    L.who("r", 11, 80, 63, c.get("h", 4.2), c.get("form", "addrfirst"))
    L.bar(44, 113.5, 74, 127.5, c["no"][-4:], 9)
    L.text(2.5, 114, c["carrier"], 4, True)
    L.text(2.5, 120, "运单尾号  1/1 件  0.85kg", 2.5)
    return L


def ply180(c):
    """100 x 180, two plies: the upper with a code lying along its side, the lower with both persons in columns."""
    L = Page(c, 100, 180)
    L.hr((11, 0.5), 28, 86, 128, 157)
    L.text(3, 2.5, c["carrier"], 5.5, True)
    L.text(0, 4, "云打印 " + c["date"], 2.6, right=97)
    L.text(0, 12.5, c["route"], 12, True, mid=50)
    L.icon(3, 30, "收box", 5)
    L.who("r", 13, 30, 70, c.get("h", 4.6), c.get("form", "pair"))
    L.line(0, 64, 86, 64)
    L.icon(3.4, 66, "寄box", 4)
    L.who("s", 13, 65.5, 70, 3.2, c.get("sform", "pair"))
    L.code(88, 31, 8, 54, turn=90)
    L.line(86, 28, 86, 86)
    L.code(14, 88, 72, 13, human=3.4, spaced=True)
    L.line(0, 108, 100, 108, 0.4, 1.6)
    L.text(0, 109.5, "- - - 客户联 请沿此线撕开 - - -", 2.4, mid=50)
    L.code(3, 115, 50, 8, human=2.5)
    L.text(58, 115, c["carrier"] + " 客户联", 3.4, True)
    L.text(58, 120, "月结 13800 计费 1.2kg", 2.8)
    L.line(50, 128, 50, 156)
    L.who("r", 2.5, 129.5, 45, 2.9, c.get("form2", "above"), "2")
    L.who("s", 52.5, 129.5, 45, 2.9, c.get("form2", "above"), "2")
    L.tail((3, 158.5, 3, 68, "内件："), (3, 167.5, 3.2, 68, "备注："), 77, 158.5, 19)
    L.blank = (50, 76)
    return L


def low150(c):
    """100 x 150: the receiver stands at the foot, the sender on top, the code in between."""
    L = Page(c, 100, 150)
    L.hr(29, 54, (79, 0.6), (97, 0.6))
    L.bar(0, 0, 100, 9, c["carrier"] + "   " + c.get("kind_", "特惠包裹"), 4.6)
    L.text(3, 11, "发 件", 3, True)
    L.who("s", 16, 11, 81, 3.2, c.get("sform", "pair"))
    L.tail((3, 31, 3, 66, "货品 "), (3, 41, 3.2, 66, "嘱咐 "), 76, 31, 21)
    L.blank = (40, 46)
    L.text(3, 49.5, c["date"], 2.6)
    L.code(10, 56, 80, 16, human=3.8, spaced=True)
    L.text(3, 80.5, c["route"], 13, True)
    x = L.icon(3, 99.5, c.get("icon", "pin"), 6)
    L.who("r", x + 3, 99, 93 - x, c.get("h", 5), c.get("form", "addrfirst"))
    L.text(3, 145, "签收即视为认可《服务条款》 客服 95000", 2.4)
    return L


def cols100(c):
    """100 x 100: two columns with headings above; receiver to the right."""
    L = Page(c, 100, 100)
    L.hr((11, 0.4), (59, 0.4))
    L.text(3, 2.5, c["carrier"], 5, True)
    L.text(0, 2, c["route"], 6.5, True, right=97)
    L.line(45, 11, 45, 59)
    L.bar(0, 11, 45, 15.6, "发货方 FROM", 2.9)
    L.bar(45.5, 11, 100, 15.6, "收货方 TO", 2.9)
    L.who("s", 2.5, 17, 40, 3.1, c.get("sform", "above"))
    L.who("r", 47.5, 17, 50, c.get("h", 3.9), c.get("form", "above"))
    L.tail((3, 60.5, 2.9, 70, ""), (3, 68, 3, 70, ""), 79, 61, 18)
    L.blank = (4, 72)
    L.code(4, 80, 70, 12, human=2.9)
    L.text(0, 84, c["date"], 2.3, right=97)
    return L


def ward(c):
    """90 x 70, a hospital's delivery of medicine: rows, a large tray number, no barcode but a QR code."""
    L = Page(c, 90, 70)
    L.text(0, 2, c.get("org", "瑞和医院 便民药房 送药到家"), 4.2, True, mid=45)
    L.line(3, 8, 87, 8, 0.5)
    L.who("r", 4, 9.8, 58, c.get("h", 3.3), c.get("form", "rows"), heads=c.get("rheads", ("患者", "电话", "送至")))
    L.text(0, 32.5, c["no"][-6:], 3.4, True, mid=76)
    L.line(3, 43, 87, 43, 0.2)
    L.tail((4, 44.5, 2.9, 82, "药品 "), (4, 53.5, 2.9, 82, "说明 "), 66, 11, 20)
    L.who("s", 4, 59.5, 82, 2.6, "pair")
    L.text(0, 65.4, c["date"] + " 核对 02", 2.3, right=86)
    L.blank = (63, 36.5)
    return L


def shelf(c):
    """60 x 40, sticker of a pick-up station: shelf and number are large, person small."""
    L = Page(c, 60, 40)
    L.text(0, 1.2, c.get("shelf", "7-3-2046"), 11, True, mid=30)
    L.line(1.5, 14.6, 58.5, 14.6, 0.4)
    L.put("rn", 2.5, 16, 3.8, 30, True)
    L.put("rp", 2.5, 21, 3.8, 36, True)
    L.put("ra", 2.5, 26.2, 2.8, 38)
    L.code(42.5, 16, 15, 15, "qr", "qr")
    L.put("remark", 2.5, 31.5, 2.7, 38)
    L.text(2.5, 36, c["carrier"] + " " + c["no"][-8:], 2.4)
    L.text(0, 36, c["date"][5:], 2.4, right=58)
    L.blank = (30, 30)
    return L


def receipt(c):
    """58 x 125, a narrow printer's slip of a shop that delivers itself; pick list in the middle."""
    L = Page(c, 58, 125, (250, 250, 246))
    L.text(0, 2, c.get("num", "#26 骑手配送"), 6, True, mid=29)
    L.text(0, 10, c.get("org", "南苑路生鲜小铺"), 3.6, mid=29)
    L.text(0, 15, "下单 " + c["date"], 2.4, mid=29)
    L.line(2, 19, 56, 19, 0.3, 1)
    y = 20.5
    for i, (name, n, price) in enumerate(c.get("list", (("山药 500g", 1, "9.80"), ("鲜牛奶 950ml", 2, "27.00"), ("土鸡蛋 30枚", 1, "32.50")))):
        box = L.text(2.5, y, name, 3)
        L.text(0, y, f"x{n}", 3, right=42)
        L.text(0, y, price, 3, right=55.5)
        if i == 0:
            L.mark("goods", "", "pass", box)
        y += 4.4
    L.line(2, y + 0.4, 56, y + 0.4, 0.3, 1)
    L.text(2.5, y + 1.6, "实付 (含配送费 3.00)", 2.8)
    y = L.put("remark", 2.5, y + 6.5, 3.7, 53, True, prefix="")[3] + 1
    L.line(2, y, 56, y, 0.6)
    y = L.who("r", 2.5, y + 1.5, 53, c.get("h", 4), c.get("form", "addrfirst")) + 1.5
    L.line(2, y, 56, y, 0.3, 1)
    if c.get("sn"):
        y = L.who("s", 2.5, y + 1, 53, 2.8, "pair") + 1
    L.blank = (8, y + 1)
    L.code(19, 97, 20, 20, "qr", "qr")
    L.text(0, 119.5, "订单 " + c.get("order", "1381 2345 6789 0117"), 2.6, mid=29)
    return L


def returns(c):
    """100 x 100, return label: reasons to tick, the shop's store is receiver, the buyer sends."""
    L = Page(c, 100, 100)
    L.hr((14, 0.5), 36, 56)
    L.bar(0, 0, 30, 14, "退 货", 7.5)
    L.text(33, 1.6, "RETURN · " + c["carrier"], 4, True)
    L.text(33, 7.8, "退货单 " + c.get("order", "TH2026-1102-7730"), 3)
    L.text(3, 15.8, "退回至", 3, True)
    L.who("r", 17, 15.8, 79, c.get("h", 3.8), c.get("form", "pair"))
    L.text(3, 37.6, "寄出方", 3, True)
    L.who("s", 17, 37.6, 79, 3.4, c.get("sform", "phonefirst"))
    for i, t in enumerate(("尺码不合", "质量问题", "七天无理由", "其他")):
        x = 3 + i * 23.5
        L.rect(x, 58, x + 3, 61)
        L.text(x + 4, 57.6, t, 3)
    L.line(3.4, 59.2, 4.4, 60.6, 0.5)
    L.tail((3, 63.5, 2.9, 72, ""), (3, 70.5, 2.9, 72, "说明 "), 79, 63.5, 17)
    L.code(6, 81, 68, 11, human=2.8)
    L.text(0, 84, c["date"], 2.3, right=97)
    L.blank = (36, 73.5)
    return L


def freight(c):
    """150 x 100, lying: a freight note ruled as a table, several pieces."""
    L = Page(c, 150, 100, (250, 251, 248))
    L.text(3, 2, c["carrier"] + " 零担货运标签", 5.4, True)
    L.text(0, 2.5, c["date"], 3, right=147)
    for y in (10, 25, 52, 74):
        L.line(2, y, 148, y, 0.3)
    L.rect(2, 10, 148, 97, 0.5)
    L.line(75, 25, 75, 74)
    L.text(4, 11.5, "到站", 3)
    L.text(14, 11, c["route"], 10, True)
    L.text(0, 12.5, c.get("pieces", "第 2 件 / 共 6 件"), 7, True, right=146)
    L.text(4, 26.3, "托运方", 3, True)
    L.who("s", 4, 30.6, 69, 3.5, c.get("sform", "pair"))
    L.text(77, 26.3, "收货方", 3, True)
    L.who("r", 77, 30.6, 69, c.get("h", 3.7), c.get("form", "pair"))
    L.tail((4, 53.5, 3.3, 68, "货名 "), (77, 53.5, 3.4, 69, "备注 "), 122, 76, 19)
    L.text(4, 61.5, "重量 186kg  体积 0.92方  送货上楼 否", 3)
    L.text(4, 67.5, "付款 到付  回单 1份", 3)
    L.code(8, 77, 90, 13, human=3.2)
    L.blank = (84, 62)
    return L


def shop70(c):
    """70 x 50, a small print shop's sticker: words only."""
    L = Page(c, 70, 50, (251, 250, 240))
    L.rect(1, 1, 69, 49, 0.4, round_=2)
    L.text(4, 3, c.get("org", "阿木手作"), 4.4, True)
    L.text(0, 4, c.get("thanks", "感谢支持小店"), 2.7, right=66)
    y = L.who("r", 4, 10, 62, c.get("h", 3.6), c.get("form", "rows"), heads=c.get("rheads", ("收", "号", "址")))
    L.line(4, y + 0.4, 66, y + 0.4, 0.2)
    y = L.who("s", 4, y + 1.4, 62, 2.9, c.get("sform", "token")) + 0.6
    L.put("goods", 4, y, 2.9, 60)
    L.put("remark", 4, 44, 2.9, 60)
    L.blank = (34, 37)
    return L


def both100(c):
    """100 x 100, two languages, from abroad; declared goods in a table."""
    L = Page(c, 100, 100)
    L.hr((28, 0.4), 52, 70)
    L.text(3, 2.5, c["carrier"] + " INTL", 4.6, True)
    L.bar(76, 2, 97, 9, "CN 进口", 3.6)
    L.code(8, 11, 84, 11, human=2.8)
    L.text(3, 29.3, "收件人 Consignee", 2.7)
    y = L.who("r", 3, 33, 94, c.get("h", 3.8), c.get("form", "pair"))
    L.text(3, 53.2, "发件人 Shipper", 2.7)
    L.who("s", 3, 56.8, 94, 3.2, c.get("sform", "pair"))
    L.tail((3, 71.5, 2.9, 72, "Desc. 品名 "), (3, 79.5, 2.9, 72, "Note 备注 "), 79, 72, 18)
    L.text(3, 94.5, "Date " + c["date"] + "  0.62kg  1 PKG  " + c["route"], 2.7)
    L.blank = (40, 85)
    return L


def side100(c):
    """100 x 60: code upright at the right edge, receiver at the foot, same-city parcel."""
    L = Page(c, 100, 60)
    L.text(3, 2, c["route"], 8, True)
    L.text(0, 4, c["carrier"], 3.6, True, right=82)
    L.line(0, 12.5, 84, 12.5, 0.5)
    L.text(3, 14, "寄", 3, True)
    L.who("s", 9, 14, 73, 2.7, c.get("sform", "pair"))
    L.line(0, 24.5, 84, 24.5, 0.2, 1)
    L.text(3, 26.4, "收", 4.6, True)
    L.who("r", 10.5, 26.2, 72, c.get("h", 4), c.get("form", "phonefirst"))
    L.line(0, 46.5, 84, 46.5, 0.2, 1)
    L.put("goods", 3, 47.6, 2.7, 79)
    L.put("remark", 3, 51.4, 2.9, 79, True)
    L.text(3, 56, c["date"] + "  " + c["no"], 2.4)
    L.code(86, 3, 11, 54, turn=90)
    L.line(84, 0, 84, 60)
    L.blank = (44, 40)
    return L


def stub170(c):
    """76 x 170: waybill with a stub for the customer that repeats the persons small."""
    L = Page(c, 76, 170)
    L.hr(74, 90)
    L.text(0, 2, c["carrier"], 5, True, mid=38)
    L.code(8, 9, 60, 11, human=3)
    L.bar(0, 26, 76, 38, c["route"], 8)
    L.icon(2, 40, c.get("icon", "pin"), 4.4)
    L.who("r", 9, 40, 65, c.get("h", 4.1), c.get("form", "icons"))
    L.text(2, 75.5, "寄方", 2.7)
    L.who("s", 10, 75.5, 64, 2.8, c.get("sform", "pair"))
    L.tail((3, 101, 2.8, 50, ""), (3, 91.5, 3.2, 50, ""), 55, 91.5, 18)
    L.blank = (4, 106)
    L.line(0, 116, 76, 116, 0.4, 1.4)
    L.text(0, 117.5, "存 根", 3.4, True, mid=38)
    L.code(8, 123, 60, 7, human=2.5)
    L.text(2, 135, "收方", 2.6, True)
    y = L.who("r", 10, 135, 64, 3, c.get("form2", "pair"), "2")
    L.text(2, 150, "寄方", 2.6, True)
    L.who("s", 10, 150, 64, 2.6, "pair", "2")
    L.text(2, 165, c["date"] + "  投诉 12305", 2.4)
    return L


def school(c):
    """80 x 70, a school's or campus delivery: unit first, then the person who fetches it."""
    L = Page(c, 80, 70)
    L.hr(26, 50)
    L.bar(0, 0, 80, 10, c.get("org", "校园直送 · 青梧大学南区"), 4.4)
    L.code(8, 12, 64, 9, human=2.6)
    L.who("r", 3, 27.5, 55, c.get("h", 3.5), c.get("form", "rows"), heads=c.get("rheads", ("领取人", "手机", "楼栋")))
    L.text(0, 45.4, c.get("slot", "B 区 08 架"), 3, True, mid=69)
    L.tail((3, 51.2, 2.7, 74, ""), (3, 55.6, 2.8, 74, "备注 "), 60.5, 27.5, 17)
    L.who("s", 3, 60, 74, 2.6, "pair")
    L.text(0, 66.4, c["date"], 2.2, right=77)
    L.blank = (34, 41)
    return L


def notice(c):
    """100 x 100, no label: a station's notice."""
    L = Page(c, 100, 100, (255, 244, 190))
    L.text(0, 6, "取 件 须 知", 10, True, mid=50)
    lines = "营业时间 8:30 至 20:30\n请凭取件码自助出库\n贵重物品请当面验视\n大件请走东侧通道\n逾期三日退回\n本站地址 榆荫路 27 号东侧\n站点电话 400-000-3345"
    for i, t in enumerate(lines.split("\n")):
        L.text(12, 24 + i * 9.4, f"{i + 1}、{t}", 5)
    return L


LAYOUTS = {f.__name__: f for f in (cloud76, ring76, ply180, low150, cols100, ward, shelf, receipt, returns, freight, shop70, both100, side100, stub170, school, notice)}
