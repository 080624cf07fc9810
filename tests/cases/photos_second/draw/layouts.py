"""Layouts of carriers that do not exist. Every value is text; a leading "!" says that it must not be seen like this."""
from kit import Label, S

def v(s): return (s[1:], "fail") if s.startswith("!") else (s, "pass")

class P:
    def __init__(self, L): self.L = L
    def put(self, field, party, x, y, s, mm, f=None, maxw=None, cap="", capf=None, **k):
        if not s: return x, y
        s, ver = v(s)
        if cap: x, _ = self.L.t(x, y, cap, mm, capf or ("sans" if f == "hand" else f))
        return self.L.t(x, y, s, mm, f, (field, party, ver), maxw and maxw - 0, **k)

def A(c, seed):
    "76x130, one ply, code in white on black, receiver in a rounded frame"
    L = Label(76, 130, c.get("face", "sans"), c.get("bold", "sansb"), seed); p = P(L); d = L.d
    L.t(3, 2, c.get("brand", "岚迅速递"), 5, L.bold); L.t(73, 3, c["date"] + " 打印", 2.2, anchor="r"); L.t(73, 6, "隐私面单 V3", 2.2, anchor="r")
    d.rectangle((0, 10 * S, 76 * S, 24 * S), fill=L.ink); L.t(38, 9.6, c["sort"], 10.5, L.bold, fill=(250, 250, 248), anchor="m")
    L.t(3, 25.5, "集 " + c["hub"], 4.2, L.bold); L.line(2, 32, 74, 32)
    d.rounded_rectangle((2 * S, 34 * S, 74 * S, 64 * S), 24, outline=L.ink, width=3)
    d.ellipse((4 * S, 36 * S, 13 * S, 45 * S), outline=L.ink, width=4); L.t(8.5, 36.6, "收", 5.6, L.bold, anchor="m")
    x, y = p.put("name", "receiver", 16, 35.6, c["rn"], 5, L.bold)
    p.put("phone", "receiver", max(x + 3, 36), 36, c["rp"], 4.6 if len(c["rp"]) < 15 else 3.5, L.bold)
    p.put("address", "receiver", 16, 43.5, c["ra"], 4.2, L.face, maxw=56)
    d.ellipse((4 * S, 66.5 * S, 9 * S, 71.5 * S), outline=L.ink, width=2); L.t(6.5, 66.8, "寄", 3.2, anchor="m")
    x, y = p.put("name", "sender", 11, 66, c["sn"], 2.9); p.put("phone", "sender", x + 3, 66, c["sp"], 2.9)
    p.put("address", "sender", 11, 70, c["sa"], 2.7, maxw=62)
    L.line(0, 77.5, 76, 77.5)
    L.code(6, 79.5, 64, 15, c["no"], "Code128", ("code", "", "pass")); L.t(38, 95, " ".join(c["no"][i:i + 4] for i in range(0, len(c["no"]), 4)), 4, "monob", anchor="m")
    L.line(0, 101.5, 76, 101.5, dash=1.5)
    code, ver = v(c.get("qr", c["no"])); L.code(53, 104, 20, 20, code, "QR", ("code", "", ver))
    y = 104
    if c.get("goods"): _, y = p.put("goods", "", 3, y, c["goods"], 3, maxw=48)
    if c.get("order"): _, y = L.t(3, y + .4, "订单 " + c["order"], 2.6, maxw=48)
    if c.get("remark"): _, y = p.put("remark", "", 3, y + .6, c["remark"], 3, maxw=46)
    L.t(3, 124.5, "服务热线 " + c.get("hot", "952-11") + "  开箱验货请当面清点", 2.2)
    return L

def B(c, seed):
    "100x150, two plies: delivery slip above, receipt slip below, everything stands twice"
    L = Label(100, 150, c.get("face", "sans"), c.get("bold", "sansb"), seed); p = P(L)
    L.box(.6, .6, 99.4, 149.4, 3)
    L.t(4, 2.5, "禾达快运", 6, "serifb"); L.code(40, 2.5, 54, 9, c["no"]); L.t(67, 11.6, c["no"], 2.8, "mono", anchor="m")
    L.line(0, 16, 100, 16); L.t(50, 16, c["sort"], 9.5, L.bold, anchor="m"); L.line(0, 30, 100, 30)
    for y, party, cap, pre in ((31, "receiver", "收\n件", "r"), (51, "sender", "寄\n件", "s")):
        big = 4.4 if pre == "r" else 3.2
        L.t(3, y + 3, cap, 4, L.bold); L.line(9.5, y - 1, 9.5, y + 19)
        x, _ = p.put("name", party, 12, y + .3, c[pre + "n"], big, L.bold); p.put("phone", party, x + 5, y + .3, c[pre + "p"], big, L.bold)
        p.put("address", party, 12, y + 2 + big * 1.1, c[pre + "a"], big - .6, maxw=85); L.line(0, y + 19, 100, y + 19)
    L.code(5, 72, 18, 18, c["no"], "QR", ("code", "", "pass"))
    L.t(28, 72, "快件送达收件人地址，经收件人或其允许的代收人签字，视为送达。", 2.4, maxw=44); L.t(28, 84, "签收：", 3.4); L.line(38, 88, 70, 88)
    L.t(74, 74, "已验视", 5, "serifb"); L.t(74, 81, c["date"], 2.8)
    L.line(0, 93, 100, 93, 3, dash=2); L.t(50, 93.4, "— 沿此线撕下 · 收件联 —", 2.2, anchor="m")
    L.code(5, 98, 60, 10, c["no"], "Code128", None); L.t(35, 108, c["no"], 3, "monob", anchor="m"); L.t(70, 99, "第 2 联", 4)
    g = lambda k: c.get(k + "2", c[k])
    x, _ = p.put("name", "receiver#2", 5, 113, g("rn"), 3.4, cap="收：", capf=L.bold); p.put("phone", "receiver#2", x + 3, 113, g("rp"), 3.4)
    p.put("address", "receiver#2", 5, 117.8, g("ra"), 3, maxw=88)
    x, _ = p.put("name", "sender#2", 5, 126.5, g("sn"), 3.1, cap="寄：", capf=L.bold); p.put("phone", "sender#2", x + 3, 126.5, g("sp"), 3.1)
    y = 132
    if c.get("goods"): _, y = p.put("goods", "", 5, y, c["goods"], 3, maxw=88, cap="品名：")
    if c.get("remark"): _, y = p.put("remark", "", 5, y + .5, c["remark"], 3, maxw=80, cap="备注：")
    L.t(5, 144.5, "客服 4006-210-086  网点投诉请拨 12305", 2.6)
    return L

def C(c, seed):
    "100x180, three plies in the old manner: a printed form with captions, filled by pen or typed"
    ink = c.get("forminks", (20, 90, 60)); L = Label(100, 180, "sans", "sansb", seed, ink); p = P(L)
    f = c.get("pen", "hand"); mm = 4.3 if f == "hand" else 3.8
    if f != "hand":
        def typed(*a, **k): return p.put(*a, fill=(25, 25, 35), **k)
    else: typed = p.put
    L.t(4, 3, "鹿程快递", 7, "serifb"); L.t(4, 12, "详情单  EXPRESS WAYBILL", 2.6); L.code(46, 3, 50, 10, c["no"], "Code128", ("code", "", "pass")); L.t(71, 13.5, c["no"], 3.4, "mono", anchor="m")
    L.box(2, 19, 98, 150, 3)
    for x0, y0, pre, party, cap in ((2, 19, "s", "sender", "寄件人信息"), (2, 65, "r", "receiver", "收件人信息")):
        L.d.rectangle((x0 * S, y0 * S, 98 * S, (y0 + 5) * S), fill=ink); L.t(4, y0 + .3, cap + "（请用力填写）", 3, "sansb", fill=(250, 250, 250))
        for i, k in enumerate(("姓名 NAME", "电话 TEL", "地址 ADDRESS")):
            L.t(4 if i != 1 else 50, y0 + (6 if i < 2 else 18), k, 2.2)
        L.line(2, y0 + 17, 98, y0 + 17, 1); L.line(48, y0 + 5, 48, y0 + 17, 1)
        typed("name", party, 9, y0 + 9, c[pre + "n"], mm, f); typed("phone", party, 52, y0 + 9, c[pre + "p"], mm * .92, f)
        typed("address", party, 9, y0 + 22, c[pre + "a"], mm * .95, f, maxw=82)
        L.line(2, y0 + 46, 98, y0 + 46, 2)
    L.t(4, 112, "内件品名及数量", 2.2); L.t(50, 112, "备注", 2.2); L.line(48, 111, 48, 130, 1); L.line(2, 130, 98, 130, 1)
    if c.get("goods"): typed("goods", "", 8, 117, c["goods"], mm * .95, f, maxw=38)
    if c.get("remark"): typed("remark", "", 53, 117, c["remark"], mm * .95, f, maxw=42)
    L.t(4, 131, "收件人签名            年   月   日   时", 2.6); L.t(4, 141, "业务员：", 2.6); L.t(18, 140, c.get("cour", "验视07"), 4, "hand")
    L.t(50, 141, "资费  ¥ 12.00   重量 1.3kg", 2.8)
    L.t(4, 153, "第一联 派件存根", 3.2); L.line(0, 160, 100, 160, 3, dash=1.5); L.t(4, 163, "重要提示：贵重物品请保价；未保价最高赔付运费三倍。", 2.6); L.t(4, 168, "查询 www.lucheng-express.example   全国统一 95-7788", 2.6)
    return L

def D(c, seed):
    "100x70, lying; black band at the left with the code turned"
    L = Label(100, 70, c.get("face", "sans"), c.get("bold", "sansb"), seed); p = P(L)
    L.d.rectangle((0, 0, 17 * S, 70 * S), fill=L.ink)
    for i, ch in enumerate(c["sort"].split("-")): L.t(8.5, 5 + 19 * i, ch, 6.4, L.bold, fill=(250, 250, 250), anchor="m")
    L.t(20, 1.5, "海豚冷链", 4.4, L.bold); L.t(98, 2, "温层 0~4℃  " + c["date"], 2.6, anchor="r"); L.line(17, 8, 100, 8)
    x, _ = p.put("name", "receiver", 20, 9, c["rn"], 4.2, L.bold, cap="收件方 "); nx = x + 3
    if nx > 66: p.put("phone", "receiver", 20, 14.6, c["rp"], 4, L.bold); y = 20
    else: p.put("phone", "receiver", nx, 9, c["rp"], 4, L.bold); y = 15
    p.put("address", "receiver", 20, y, c["ra"], 3.7, maxw=77); L.line(17, 31, 100, 31)
    x, _ = p.put("name", "sender", 20, 32, c["sn"], 2.8, cap="寄件方 "); p.put("phone", "sender", x + 3, 32, c["sp"], 2.8); p.put("address", "sender", 20, 36, c["sa"], 2.6, maxw=77)
    L.line(17, 41.5, 100, 41.5); L.code(20, 43, 56, 14, c["no"], "Code128", ("code", "", "pass")); L.t(48, 57, c["no"], 3.6, "monob", anchor="m")
    L.code(80, 43, 17, 17, c.get("qr", c["no"]), "QR")
    y = 62
    if c.get("goods"): x, _ = p.put("goods", "", 20, y, c["goods"], 2.8)
    if c.get("remark"): p.put("remark", "", 60, y, c["remark"], 2.8)
    return L

def E(c, seed):
    "100x150, warehouse of a platform: waybill above, picking list below"
    L = Label(100, 150, c.get("face", "sans"), c.get("bold", "sansb"), seed); p = P(L)
    L.t(3, 2, "云栈仓配", 5.4, L.bold); L.t(36, 3, "标快", 4, L.bold); L.box(34.6, 2.2, 46, 8.4); L.t(97, 3, "波次 W1128-07  3/16", 2.8, anchor="r")
    L.line(0, 10, 100, 10, 4); L.t(3, 9.4, c["sort"], 11, L.bold); L.line(0, 25, 100, 25, 4)
    L.t(3, 26.5, "→ 送", 4, L.bold); x, _ = p.put("name", "receiver", 15, 26.5, c["rn"], 4.4, L.bold); p.put("phone", "receiver", x + 4, 26.5, c["rp"], 4.4, L.bold)
    p.put("address", "receiver", 15, 32.8, c["ra"], 3.8, maxw=60)
    code, ver = v(c.get("qr", "T1:" + c["no"])); L.code(78, 31, 20, 20, code, "QR", ("code", "", ver))
    L.line(0, 53, 100, 53); L.t(3, 54, "← 发", 3, L.bold); x, _ = p.put("name", "sender", 15, 54, c["sn"], 3); p.put("phone", "sender", x + 4, 54, c["sp"], 3); p.put("address", "sender", 15, 58, c["sa"], 2.8, maxw=82)
    L.line(0, 63, 100, 63); L.code(10, 65, 80, 15, c["no"], "Code128", ("code", "", "pass")); L.t(50, 80.4, c["no"], 4, "monob", anchor="m"); L.line(0, 87, 100, 87, 3, dash=2)
    L.t(3, 88.5, "拣货单", 3.6, L.bold); L.t(97, 89, "订单号 " + c["order"], 3, "mono", anchor="r")
    L.box(3, 95, 97, 124); L.line(3, 100, 97, 100); L.t(5, 95.5, "库位        货品                                         数量", 2.8)
    y = 101.5
    for g in c["goods"].split("\n"):
        loc, name, q = g.split("|"); L.t(5, y, loc, 2.9, "mono"); L.t(24, y, name, 3, tag=("goods", "", "pass")); L.t(90, y, q, 3); y += 5.2
    if c.get("remark"): p.put("remark", "", 3, 127, c["remark"], 3.6, maxw=92, cap="买家留言 ", capf=L.bold)
    L.t(3, 144.5, c["date"] + " 14:06 打印   工位 PK-12   复核 0316", 2.6)
    return L

def F(c, seed):
    "100x100, in two languages, for parcels from abroad and students' hostels"
    L = Label(100, 100, c.get("face", "sans"), c.get("bold", "sansb"), seed); p = P(L)
    L.t(3, 2, "PARCELO", 6.5, L.bold); L.t(40, 3.5, "跨境专线 / CROSS-BORDER", 3); L.t(97, 3.5, "P 1/1", 3.4, anchor="r"); L.line(0, 11.5, 100, 11.5, 4)
    L.t(3, 13, "FROM 发件", 2.6, L.bold); x, _ = p.put("name", "sender", 24, 13, c["sn"], 2.9); p.put("phone", "sender", x + 4, 13, c["sp"], 2.9); p.put("address", "sender", 24, 17, c["sa"], 2.8, maxw=73)
    L.line(0, 26, 100, 26); L.t(3, 27.5, "TO 收件", 4, L.bold); p.put("name", "receiver", 24, 27, c["rn"], 5, L.bold)
    p.put("phone", "receiver", 24, 34, c["rp"], 4.4, L.face, cap="Tel "); p.put("address", "receiver", 24, 41, c["ra"], 4, maxw=73)
    L.line(0, 60, 100, 60, 4); L.t(3, 61, c["sort"], 8, L.bold); L.t(97, 62, c["date"], 3, anchor="r")
    code, ver = v(c.get("qr", c["no"])); L.code(3, 74, 18, 18, code, "DM", ("code", "", ver)); L.code(28, 74, 68, 14, c["no"], "Code128"); L.t(62, 88.5, c["no"], 4, "monob", anchor="m")
    if c.get("goods"): p.put("goods", "", 28, 94.5, c["goods"], 2.8, cap="Contents 内件: ")
    return L

def G(c, seed):
    "76x110, the new manner: a virtual number and its date, nothing else big"
    L = Label(76, 110, c.get("face", "sans"), c.get("bold", "sansb"), seed); p = P(L)
    L.t(38, 2, "隐 址 达", 6, "serifb", anchor="m"); L.t(38, 9.5, "隐私保护运单 · 收件信息已加密", 2.8, anchor="m"); L.line(3, 14, 73, 14, 1); L.t(38, 14, c["sort"], 9, L.bold, anchor="m"); L.line(3, 27, 73, 27, 1)
    L.t(4, 29, "收件人", 2.6); p.put("name", "receiver", 18, 28, c["rn"], 4.2, L.bold)
    L.t(4, 36, "虚拟号" if c.get("virt", 1) else "联系电话", 2.6); x, _ = p.put("phone", "receiver", 18, 35, c["rp"], 4.2, L.bold)
    if c.get("exp"): L.t(18, 41, c["exp"], 2.8, tag=None)
    L.t(4, 46, "送达至", 2.6); p.put("address", "receiver", 18, 45.4, c["ra"], 3.7, maxw=55)
    L.line(3, 61, 73, 61, 1); L.t(4, 62, "寄件", 2.6); x, _ = p.put("name", "sender", 18, 62, c["sn"], 2.8); p.put("phone", "sender", x + 3, 62, c["sp"], 2.8); p.put("address", "sender", 18, 66, c["sa"], 2.6, maxw=55)
    L.line(3, 72.5, 73, 72.5, 1); L.code(5, 75, 48, 13, c["no"], "Code128", ("code", "", "pass")); L.t(29, 88.6, c["no"], 3.2, "mono", anchor="m"); L.code(56, 74, 17, 17, "K3." + c["no"][-8:] + ".aQ9xR2", "QR")
    if c.get("goods"): p.put("goods", "", 4, 95, c["goods"], 2.8)
    if c.get("remark"): p.put("remark", "", 4, 99.5, c["remark"], 2.8, maxw=68)
    L.t(72, 105, "打印时间 " + c["date"] + " 09:41", 2.4, anchor="r")
    return L

def H(c, seed):
    "60x40, sticker of a pick-up station; the pick-up code looks like a door"
    L = Label(60, 40, c.get("face", "sans"), c.get("bold", "sansb"), seed); p = P(L)
    L.t(30, .6, c["pick"], 11, L.bold, anchor="m"); L.line(2, 15, 58, 15)
    L.t(3, 16, "取件码 · " + c["date"] + " 入库", 2.6); x, _ = p.put("name", "receiver", 3, 20, c["rn"], 4, L.bold); p.put("phone", "receiver", x + 2, 20.3, c["rp"], 3.5, L.bold)
    p.put("address", "receiver", 3, 26, c["ra"], 2.8, maxw=38); L.t(3, 35, c["no"], 2.8, "mono"); L.code(44, 25, 12, 12, c["no"], "QR", ("code", "", "pass"))
    return L

def I(c, seed):
    "58x120, a courier's belt printer: one column, one weight"
    L = Label(58, 120, c.get("face", "mono"), c.get("bold", "monob"), seed); p = P(L)
    L.t(29, 2, "** 蜂鸣同城 **", 4.6, L.bold, anchor="m"); L.t(29, 9, c["sort"], 7, L.bold, anchor="m"); L.t(29, 18, "-" * 34, 2.8, anchor="m")
    L.t(3, 21, "[收]", 3.6, L.bold); p.put("name", "receiver", 12, 21, c["rn"], 3.8); p.put("phone", "receiver", 3, 27, c["rp"], 3.8); _, y = p.put("address", "receiver", 3, 33, c["ra"], 3.6, maxw=52)
    y = max(y + 1, 52); L.t(29, y, "-" * 34, 2.8, anchor="m"); L.t(3, y + 3, "[寄]", 2.8); x, _ = p.put("name", "sender", 12, y + 3, c["sn"], 2.8); p.put("phone", "sender", x + 2, y + 3, c["sp"], 2.8); p.put("address", "sender", 3, y + 7, c["sa"], 2.6, maxw=52)
    L.t(29, y + 15, "-" * 34, 2.8, anchor="m"); yy = y + 18
    if c.get("goods"): _, yy = p.put("goods", "", 3, yy, c["goods"], 3, maxw=52)
    if c.get("remark"): _, yy = p.put("remark", "", 3, yy, c["remark"], 3, maxw=52)
    L.code(4, 92, 50, 12, c["no"], "Code128", ("code", "", "pass")); L.t(29, 105, c["no"], 3.2, anchor="m"); L.t(29, 111, c["date"] + " 11:28:05", 2.6, anchor="m")
    return L

def J(c, seed):
    "100x100, heavy goods: pieces, delivery upstairs, big floor"
    L = Label(100, 100, c.get("face", "serif"), c.get("bold", "serifb"), seed); p = P(L)
    L.box(1, 1, 99, 99, 6); L.t(4, 3, "巨木大件", 6, "serifb"); L.t(96, 2.6, c.get("piece", "2 / 5 件"), 6.4, L.bold, anchor="r"); L.line(1, 12, 99, 12, 3)
    L.t(4, 13, c["sort"], 8, L.bold); L.t(96, 15, c.get("svc", "送货上楼  有电梯"), 4, anchor="r"); L.line(1, 25, 99, 25, 3)
    L.t(4, 26, "收货人", 3); x, _ = p.put("name", "receiver", 17, 26, c["rn"], 4.4, L.bold); p.put("phone", "receiver", x + 4, 26, c["rp"], 4.2, L.bold); p.put("address", "receiver", 17, 33, c["ra"], 4, maxw=79)
    L.line(1, 49, 99, 49); L.t(4, 50, "发货人", 3); x, _ = p.put("name", "sender", 17, 50, c["sn"], 3.4); p.put("phone", "sender", x + 4, 50, c["sp"], 3.4); p.put("address", "sender", 17, 55, c["sa"], 3.2, maxw=79)
    L.line(1, 64, 99, 64)
    if c.get("goods"): p.put("goods", "", 4, 65, c["goods"], 3.4, cap="货物 ")
    if c.get("remark"): p.put("remark", "", 4, 70, c["remark"], 3.4, cap="备注 ", maxw=80)
    L.code(6, 77, 66, 12, c["no"], "Code128", ("code", "", "pass")); L.t(39, 89.5, "母单 " + c["no"] + "  子单 -02", 3.2, "mono", anchor="m"); L.code(79, 76, 16, 16, c["no"], "QR"); L.t(88, 93.6, c["date"], 2.2, anchor="m")
    return L
