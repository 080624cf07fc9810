"""Twelve layouts of invented carriers, freight lines and shops; lengths in millimetres."""

import random
import re

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "photos_third" / "draw"))
from kit import Label  # noqa: E402

TOKEN = re.compile(r"\{[npa]\}|<.>|\[.\]|[^{<\[]+")


class Paper(Label):
    """A label that remembers every piece of text, to find what overlaps or leaves the paper."""

    def __init__(self, case, width, height, **more):
        super().__init__(case, width, height, **more)
        self.seen = []

    def text(self, x, y, text, h, *a, **k):
        box = super().text(x, y, text, h, *a, **k)
        if text.strip():
            self.seen.append((text, box))
        return box

    def troubles(self):
        for i, (a, p) in enumerate(self.seen):
            if p[0] < -0.1 or p[1] < -0.1 or p[2] > self.w + 0.1 or p[3] > self.h + 0.1:
                yield f"leaves the paper: {a} {[round(v) for v in p]}"
            for b, q in self.seen[i + 1 :]:
                if min(p[2], q[2]) - max(p[0], q[0]) > 0.4 and min(p[3], q[3]) - max(p[1], q[1]) > 0.8:
                    yield f"overlap: {a} | {b} at {[round(v) for v in q]}"

    def block(self, who, x, y, w, tpl, h=3.2, small=None, tag="", bold="n", lead=1.22, gap=1.2):
        """One party by a template: {n} {p} {a}, <x> a disc, [x] a box, / a new row. Returns y below."""
        tpl = self.case.get(who + "t" + tag) or self.case.get(who + "t") or tpl
        for row in tpl.split("/"):
            tokens = TOKEN.findall(row)
            keys = [t[1] for t in tokens if t[0] == "{"]
            if keys and all(self.value(who + k + tag) is None for k in keys):
                continue
            cx, low = x, y + h
            for t in tokens:
                if t[0] == "{":
                    k, key = t[1], who + t[1] + tag
                    text, size = self.value(key), (small or h) if t[1] == "a" else h
                    if text is None:
                        continue
                    if k != "a" and cx > x and cx + self.width(text.lstrip("!"), size, k in bold) > x + w:
                        cx, y = x, low + 0.4
                    box = self.put(key, cx, y, size, x + w - cx, k in bold, lead)
                    cx, low = box[2], max(low, box[3])
                elif t[0] in "<[":
                    cx = self.badge(cx, y - 0.4, t[1], h, "disc" if t[0] == "<" else "box") + gap
                    low = max(low, y + h * 1.14 + 0.5)
                else:
                    if cx > x and cx + self.width(t.strip(), h) > x + w:
                        continue
                    low = max(low, self.text(cx, y, t, h)[3])
                    cx += self.width(t, h)
            y = low + 0.7
        return y

    def note(self, x, y, h, w, head="备注：", key="remark"):
        if self.value(key) is None:
            return y
        return self.put(key, x, y, h, w, prefix=head)[3] + 0.8

    def logo(self, x, y, text, h):
        w = self.width(text, h, True, 1.0) + 3
        self.rect(x, y, x + w, y + h * 1.5, fill=self.ink, round_=1)
        self.text(0, y + h * 0.2, text, h, True, (252, 252, 250), cond=1.0, mid=x + w / 2)
        return x + w


def made(c, n):
    return random.Random(c["id"] + n)


def ply3(c):
    p = Paper(c, 100, 180)
    v, r = c.get("v", 0), made(c, "a")
    p.logo(3, 3, c.get("carrier", "云雀速运"), 4.6)
    p.text(0, 3, "标准件  打印 " + c["date"] + " 09:4" + str(r.randint(0, 9)), 2.6, right=97)
    p.text(0, 6.8, "第1/1件  " + f"{r.randint(3, 40) / 10} kg", 2.6, right=97)
    p.line(2, 12, 98, 12, 0.4)
    p.text(3, 13, f"{r.randint(200, 799)}-{r.choice('ABDK')}{r.randint(10, 99)} 0{r.randint(10, 99)}", 9.5, True)
    p.line(2, 25, 98, 25)
    if v:
        p.code(6, 27, 80, 11, human=3, spaced=True)
        y = p.block("s", 4, 46, 80, "[寄]{n}  {p}/{a}", 3.2)
        p.line(2, y, 86, y, dash=1.2)
        y = p.block("r", 4, y + 2, 80, "[收]{p}/{n}/{a}", 4.2, bold="np")
        p.line(88, 25, 88, 96)
        p.vtext(90.5, 34, "已验视" + r.choice(["陆运", "空运"]), 5, True)
    else:
        y = p.block("r", 4, 28, 92, "<收>{n}   {p}/{a}", 4.8, bold="np")
        p.line(2, y, 98, y, dash=1.2)
        y = p.block("s", 4, y + 1.5, 92, "<寄>{n}  {p}/{a}", 3.4)
        p.line(2, y + 0.6, 98, y + 0.6)
        y = p.code(9, y + 3, 82, 13, human=3.4, spaced=True)[3] + 5
    p.line(2, 97, 98, 97, 0.4, dash=2)
    p.code(72, 100, 24, 24, "code", "qr")
    y = p.block("r", 4, 100, 64, "收件 {n} {p}/{a}", 3.7, tag="2")
    y = p.note(4, y, 3.4, 64, "物品：", "goods")
    y = p.note(4, y + 0.5, 3.4, 64)
    p.line(2, 138, 98, 138, 0.4, dash=2)
    p.text(4, 140, "存根联", 2.6, True)
    p.text(0, 140, "运单号 " + c["no"], 2.6, right=96)
    y = p.block("r", 4, 145, 58, "收 {n} {p}/{a}", 3.1, tag="2")
    p.block("s", 4, y + 1, 58, "寄 {n} {p}/{a}", 3.1, tag="2")
    p.rect(65, 146, 96, 168)
    p.text(67, 147.5, "签收人 / 时间", 2.8)
    p.text(4, 175, "服务热线 95099  网址见运单背面  投诉请拨 12305", 2.3)
    return p


def side(c):
    p = Paper(c, 150, 100)
    en = c.get("en")
    p.logo(17, 3, c.get("carrier", "北斗联运"), 5)
    p.text(58, 4, "AIR WAYBILL 空运单" if en else "国内特惠件", 4.2, True)
    p.text(58, 9.2, c["date"] + " 打印", 2.5)
    p.code(3, 8, 9, 82, turn=90)
    p.line(15, 2, 15, 98)
    p.line(15, 13, 108, 13)
    p.line(61, 13, 61, 62)
    heads = ("SHIPPER 寄件人", "CONSIGNEE 收件人") if en else ("寄方资料", "收方资料")
    for who, x, head, tpl in (("s", 17, heads[0], "联系人/{n}/电话/{p}/地址/{a}"), ("r", 63, heads[1], "电话/{p}/联系人/{n}/地址/{a}")):
        p.text(x, 14.2, head, 2.9, True)
        p.line(x - 2, 18.5, x + 44, 18.5)
        y = p.block(who, x, 20, 42, tpl, 3.1, bold="")
        assert y < 62, (c["id"], y)
    p.line(15, 62, 108, 62)
    y = p.note(17, 64, 3, 88, "托寄物 ", "goods")
    y = p.note(17, y, 3, 88, "附言 ")
    p.line(15, 78, 108, 78)
    p.text(17, 80, "计费 1.2kg   到付 □   寄付 ■   月结 □", 2.9)
    p.text(17, 85, "寄件人签署", 2.9)
    p.text(63, 85, "收件人签署", 2.9)
    p.line(108, 2, 108, 98, 0.4, dash=1.5)
    p.text(111, 4, "派件联", 3.4, True)
    p.code(111, 10, 28, 28, "code", "qr")
    y = p.block("r", 111, 41, 36, "{n}/{p}/{a}", 3.1, tag="2")
    p.code(111, 85, 36, 7, human=2.4)
    return p


def freight(c):
    p = Paper(c, 190, 130, paper=c.get("paper", (250, 248, 240)))
    r = made(c, "f")
    p.text(0, 4, c.get("carrier", "泽通货运") + " 货物托运单", 6.5, True, mid=95)
    p.code(8, 4, 44, 8, human=2.6)
    p.text(0, 5, "№ " + c["no"][-7:], 5, True, (190, 30, 36), right=182)
    p.text(0, 12, "托运日期 " + c["date"], 3, right=182)
    p.text(72, 12.5, f"发站 {c.get('fro', '余姚')}   到站 {c.get('to', '临沂')}", 3.4)
    p.rect(8, 18, 182, 120)
    for y in (25, 33, 41, 55, 62, 76, 84, 98):
        p.line(8, y, 182, y)
    for x in (26, 95, 113):
        p.line(x, 18, x, 55)
    for who, x, head in (("s", 8, "托 运 方"), ("r", 95, "收 货 方")):
        p.text(x + 2.5, 19.6, head, 3.2, True)
        p.text(x + 20, 19.6, c.get(who + "co", "（个人）"), 3.2)
        for y, name, key in ((27, "联系人", "n"), (35, "电  话", "p"), (43, "地  址", "a")):
            p.text(x + 3, y, name, 3.2)
            if p.value(who + key):
                p.put(who + key, x + 20, y, 3.4, 66, lead=1.3)
    cols = (8, 60, 82, 104, 126, 154, 182)
    row = (None, f"{r.randint(2, 30)}", r.choice(["纸箱", "编织袋", "木架"]), f"{r.randint(20, 600)}", f"{r.randint(2, 40) / 10}", f"{r.randint(60, 900)}.00")
    for i, name in enumerate(("货物名称", "件数", "包装", "重量kg", "体积m³", "运费")):
        p.text(0, 57, name, 3, mid=(cols[i] + cols[i + 1]) / 2)
        p.line(cols[i], 55, cols[i], 76)
        if row[i]:
            p.text(0, 67, row[i], 3.6, mid=(cols[i] + cols[i + 1]) / 2)
    p.put("goods", 10, 66.5, 3.4, 48)
    p.text(10, 78, "付款方式  □现付  ■到付  □回单付      交货方式  ■自提  □送货上门      代收货款  无", 3)
    p.note(10, 86, 3.3, 168, "特别约定：")
    for i, t in enumerate(("一、托运人须如实申报货物名称、件数、价值，不得夹带违禁品。", "二、货到三日内提货，逾期收取仓储费；未保价货物按运费三倍以内赔付。", "三、本单一式三联，自双方签字起生效。白联存根，红联客户，黄联随货。")):
        p.text(10, 100 + i * 4.4, t, 2.6)
    p.text(10, 114, "托运人签字：", 3)
    p.text(80, 114, "经办：" + f"工号{r.randint(100, 999)}", 3)
    p.text(128, 114, "提货人签字：", 3)
    if c.get("stamp"):
        p.stamp(142, 98, c["stamp"], 4)
    return p


def tag(c):
    p = Paper(c, 80, 108)
    r = made(c, "t")
    p.logo(3, 3, c.get("carrier", "小犟牛快运"), 4)
    p.text(0, 4, c["date"], 2.8, right=77)
    p.text(3, 11, c.get("fro", "义乌"), 6, True)
    p.text(0, 10.5, "▶▶", 5, mid=29)
    p.text(38, 10.5, c.get("to", "温岭泽国"), 8.5, True, cond=0.85)
    p.line(3, 22, 77, 22, 0.5)
    p.text(3, 23.5, "件数", 2.8)
    p.text(3, 27, f"{r.randint(1, 3)}/{r.randint(3, 8)}", 8, True)
    y = max(46, p.block("r", 26, 24, 51, "收货 {n}/电话 {p}/{a}", 4))
    p.line(24, 22, 24, y)
    p.line(3, y, 77, y)
    y = p.block("s", 3, y + 1.4, 74, "发货 {n} {p}/{a}", 3.3)
    y = p.note(3, y, 2.9, 74, "货名 ", "goods")
    y = p.note(3, y, 2.9, 74)
    p.code(5, 84, 68, 13, human=3)
    p.text(3, 103.5, "轻拿轻放  防潮防压  查货 96-177", 2.6)
    return p


def slip80(c):
    p = Paper(c, 72, c.get("len", 122), paper=(253, 253, 252))
    r = made(c, "s")
    p.text(0, 4, c.get("carrier", "老灶台卤味"), 6, True, mid=36)
    p.text(0, 11.5, "自印发货小票 · 第" + str(r.randint(2, 90)) + "单", 3, mid=36)
    p.line(3, 16.5, 69, 16.5, dash=1)
    y = 18
    if c.get("v"):
        y = p.block("r", 4, y, 64, "收货 {n}/{p}/{a}", 4.2) + 1
        p.line(3, y, 69, y, dash=1)
        y += 1.5
    for t, n in zip(c.get("items", ("酱鸭 半只", "卤豆干 250g", "藕片 1份")), "123", strict=False):
        p.text(4, y, t, 3.4)
        p.text(0, y, f"x{n}   {r.randint(8, 60)}.00", 3.4, right=68)
        y += 5
    p.line(3, y, 69, y, dash=1)
    p.text(4, y + 1.4, "订单号 " + c.get("order", f"2026{r.randint(10**9, 10**10 - 1)}"), 2.9)
    p.text(4, y + 5.6, "下单 " + c["date"] + f" 1{r.randint(0, 9)}:{r.randint(10, 59)}", 2.9)
    y += 11
    y = p.note(4, y, 3.6, 64) + 0.8
    p.line(3, y, 69, y, dash=1)
    y += 1.6
    if not c.get("v"):
        y = p.block("r", 4, y, 64, "{p}  {n}/{a}", 4.2, lead=1.28) + 1
        p.line(3, y, 69, y, dash=1)
        y += 1.6
    y = p.block("s", 4, y, 64, "店家 {n}/电话 {p}/{a}", 3)
    p.code(23, p.h - 27, 26, 22, "code", "qr")
    p.text(0, p.h - 4.5, "谢谢惠顾 欢迎再来", 2.8, mid=36)
    return p


def dotm(c):
    p = Paper(c, 210, 110, paper=c.get("paper", (252, 250, 244)))
    r = made(c, "d")
    p.ink = c.get("ink", (44, 40, 92))
    for y in range(6, 110, 12):
        for x in (4, 206):
            p.draw.ellipse(p.px(x - 2, y - 2, x + 2, y + 2), (120, 112, 100))
    p.text(0, 4, c.get("carrier", "宏顺五金批发部") + "  送货单", 6, True, mid=105)
    p.text(12, 13, "单号：" + c["no"], 3.4)
    p.text(0, 13, "日期：" + c["date"] + "  第二联 客户", 3.4, right=198)
    y = max(33, p.block("r", 12, 19, 120, "客户：{n}    电话：{p}/送货地址：{a}", 3.8))
    p.code(150, 19, 46, 10)
    rows = c.get("items", (("铜球阀 DN25", "只"), ("PPR弯头 20", "只"), ("生料带", "卷"), ("不锈钢软管 60cm", "根")))
    xs = (12, 24, 62, 118, 136, 156, 176, 198)
    for i in range(len(rows) + 2):
        p.line(12, y + i * 7, 198, y + i * 7)
    for x in xs:
        p.line(x, y, x, y + 7 * (len(rows) + 1))
    for i, t in enumerate(("行", "货号", "品名规格", "单位", "数量", "单价", "金额")):
        p.text(0, y + 1.4, t, 3.4, mid=(xs[i] + xs[i + 1]) / 2)
    for k, (t, u) in enumerate(rows):
        yy, n, m = y + 7 * (k + 1) + 1.4, r.randint(2, 60), r.randint(2, 40)
        for i, s in enumerate((str(k + 1), c.get("sku", f"130{r.randint(10**7, 10**8 - 1)}"), t, u, str(n), f"{m}.00", f"{n * m}.00")):
            p.text(0, yy, s, 3.4, mid=(xs[i] + xs[i + 1]) / 2)
    y += 7 * (len(rows) + 1) + 2
    y = p.note(12, y, 3.4, 180, "摘要：")
    y = p.block("s", 12, y + 0.5, 180, "发货：{n}   电话：{p}/店址：{a}", 3.4, bold="")
    p.text(12, 102, "制单：02    仓管：        客户签收：              （货物当面点清）", 3.4)
    if c.get("stamp"):
        p.stamp(150, 82, c["stamp"], 5)
    return p


def ret(c):
    p = Paper(c, 100, 128)
    r = made(c, "r")
    p.rect(2, 2, 98, 126, 0.5)
    p.rect(2, 2, 98, 13, fill=p.ink)
    p.text(0, 4, "退货寄回单  RETURN", 6, True, (252, 252, 250), mid=50)
    p.text(5, 15, "售后单 " + c.get("order", f"RMA{r.randint(10**8, 10**9 - 1)}"), 3)
    p.text(0, 15, "打印 " + c["date"], 3, right=95)
    p.text(5, 20, "退货原因  " + c.get("why", "■尺码不合  □质量问题  □其他"), 3)
    p.line(2, 25, 98, 25)
    p.text(5, 26.5, "由（退货人）", 2.8, True)
    y = p.block("s", 5, 31, 90, "{n}   {p}/{a}", 4.2)
    p.line(2, y + 1, 98, y + 1)
    p.text(5, y + 2.4, "至（退货仓）", 2.8, True)
    y = p.block("r", 5, y + 7, 90, "{n}/{p}/{a}", 4.2)
    p.line(2, y + 1, 98, y + 1)
    y = p.note(5, y + 2.4, 3.1, 90, "商品  ", "goods")
    y = p.note(5, y, 3.1, 90, "留言  ")
    p.line(2, 97, 98, 97)
    p.code(5, 100, 60, 14, human=3)
    p.code(70, 99, 25, 25, "code", "qr")
    return p


def local(c):
    h = c.get("len", 92)
    p = Paper(c, 56, h)
    r = made(c, "l")
    p.text(0, 3, c.get("carrier", "蜂鸟跑腿队"), 5, True, mid=28)
    p.text(3, 10, "#" + str(r.randint(11, 99)), 9, True)
    p.text(26, 11.5, c["date"], 3)
    p.text(26, 15.5, f"{r.randint(14, 19)}:30 前送达", 3)
    p.line(2, 21, 54, 21, 0.4)
    y = p.block("s", 3, 22.5, 50, "取 {n}/{p}/{a}", 3)
    p.line(2, y, 54, y, dash=1)
    y = p.note(3, y + 1.4, 3.2, 50, "物 ", "goods")
    y = p.note(3, y, 3.2, 50, "嘱 ")
    p.line(2, y, 54, y, dash=1)
    y = p.block("r", 3, y + 1.6, 50, "送/{a}/{p}/{n}", 4, small=4, bold="npa", lead=1.28)
    p.code(4, h - 13.5, 48, 7.5, human=2.6)
    return p


def cloud2(c):
    p = Paper(c, 76, 130)
    r = made(c, "c")
    p.text(3, 2.5, c.get("carrier", "苏禾快递"), 4.4, True)
    p.text(0, 3, c["date"], 2.6, right=73)
    p.text(3, 9, f"{r.randint(10, 99)}{r.choice('QWE')}-{r.randint(100, 999)}", 9, True)
    p.code(55, 8, 18, 18, "code", "qr")
    p.line(2, 27, 74, 27, 0.4)
    y = p.block("r", 3, 29, 70, "(收) {n} {p}/{a}", 4.2, bold="np")
    y = p.note(3, y, 3, 70, "", "valid")
    p.line(2, y, 74, y)
    y = p.block("s", 3, y + 1.2, 70, "(寄) {n} {p}/{a}", 3.1)
    if y < 61:
        p.rect(3, 62, 73, 69)
        p.text(0, 63.6, "寄件满减 ★ 每周三会员日 8.8 折", 3.4, True, mid=38)
    p.code(5, 71, 66, 10, human=2.8)
    p.line(2, 88, 74, 88, 0.4, dash=2)
    p.text(3, 89.5, c["no"], 2.8)
    y = p.block("r", 3, 94, 70, "收 {n} {p}/{a}", 3.2, tag="2")
    y = p.block("s", 3, y + 0.6, 70, "寄 {n} {p}", 3.2, tag="2")
    y = p.note(3, y + 0.6, 2.8, 70, "内件 ", "goods")
    y = p.note(3, y, 3, 70)
    p.text(3, 126.2, "客服 95099", 2.2)
    return p


def pick(c):
    p = Paper(c, 100, 150)
    r = made(c, "p")
    p.text(3, 3, c.get("carrier", "鲸云仓配"), 5, True)
    p.code(42, 3, 54, 10, human=2.8)
    p.line(2, 18, 98, 18, 0.4)
    p.line(60, 18, 60, 62)
    y = p.block("r", 4, 20, 54, "收货人/{n}/{p}/{a}", 4.2)
    p.text(62, 20, "发货人", 2.8)
    y = max(y, p.block("s", 62, 25, 35, "{n}/{p}/{a}", 3.2, bold=""))
    p.line(2, 62, 98, 62, 0.4)
    p.text(0, 63.5, "拣  货  单", 4, True, mid=50)
    p.text(4, 69, "波次 W" + str(r.randint(1000, 9999)) + "   打印 " + c["date"], 2.8)
    p.text(4, 73, "订单 " + c.get("order", f"{r.randint(10**15, 10**16 - 1)}"), 2.8)
    for i, x in enumerate((4, 34, 80)):
        p.text(x, 79, ("库位", "品名", "数量")[i], 3, True)
    p.line(2, 83.4, 98, 83.4)
    y = 85
    for t in c.get("items", ("竹纤维毛巾 灰", "儿童水杯 480ml", "晾衣夹 20只")):
        p.text(4, y, f"{r.choice('ABC')}-{r.randint(1, 9)}-{r.randint(101, 1899)}", 3.2)
        p.text(34, y, t, 3.2)
        p.text(84, y, str(r.randint(1, 4)), 3.2)
        y += 5.6
    p.line(2, y, 98, y)
    y = p.note(4, y + 1.5, 3.2, 92, "买家留言：")
    p.code(4, 122, 24, 24, "code", "qr")
    p.text(32, 124, "复核 ____   打包 ____", 3.2)
    p.text(32, 130, "缺货少件请先联系客服，勿直接差评", 2.8)
    return p


def screen(c):
    p = Paper({**c, "dots": 14}, 77.14, 166, paper=(242, 243, 246))
    r, grey, white = made(c, "n"), (130, 132, 138), (255, 255, 255)
    hue = c.get("hue", (36, 98, 220))
    p.text(4, 1.4, f"{r.randint(8, 21)}:{r.randint(10, 59)}", 3, True)
    p.text(0, 1.4, f"5G  {r.randint(20, 98)}%", 2.8, right=73)
    p.text(3, 8, "〈", 4)
    p.text(0, 8, c.get("title", "电子面单"), 4, True, mid=38.5)
    p.rect(3, 16, 74, 40, fill=white, round_=2)
    p.rect(3, 16, 5, 40, fill=hue)
    p.text(8, 18.5, c.get("carrier", "飞橘快递"), 4, True)
    p.text(8, 25, "单号 " + c["no"], 3.2)
    p.text(8, 31, "制单 " + c["date"], 3, ink=grey)
    p.rect(58, 18, 72, 24, fill=hue, round_=1)
    p.text(0, 19, c.get("state", "待揽收"), 3.2, False, white, mid=65)
    p.rect(3, 43, 74, 106, fill=white, round_=2)
    y = p.block("r", 7, 46, 64, "收件信息/{n}  {p}/{a}", 4, bold="n", lead=1.35)
    p.line(7, y + 1, 70, y + 1)
    y = p.block("s", 7, y + 3, 64, "寄件信息/{n}  {p}/{a}", 4, bold="n", lead=1.35)
    y = p.note(7, y + 1, 3.3, 64, "物品 ", "goods")
    y = p.note(7, y, 3.3, 64)
    p.rect(3, 109, 74, 147, fill=white, round_=2)
    p.code(8, 113, 40, 11)
    p.text(8, 126, c["no"], 3)
    p.code(51, 112, 20, 20, "code", "qr")
    p.text(8, 137, "到网点出示此码即可寄件", 3, ink=grey)
    for x, t, f in ((5, "修改", white), (41, "打印面单", hue)):
        p.rect(x, 151, x + 31, 160, fill=f, round_=4)
        p.text(0, 153.4, t, 3.6, True, p.ink if f == white else white, mid=x + 15.5)
    return p


def card(c):
    p = Paper({**c, "dots": 12}, 104, 74, paper=c.get("paper", (254, 247, 244)))
    p.ink = c.get("ink", (70, 34, 44))
    p.rect(2, 2, 102, 72, 0.4, round_=3)
    p.text(6, 5, c.get("carrier", "阡陌花坊"), 6, True)
    p.text(0, 6, "配送卡 " + c["date"], 3, right=98)
    y = max(37, p.block("r", 6, 16, 66, "致 {n}/{p}/{a}", 4.2, bold=""))
    p.code(77, 15, 20, 20, "code", "qr")
    p.line(6, y, 98, y, dash=1)
    y = p.note(6, y + 2, 3.8, 92, "寄语：")
    y = p.block("s", 6, y + 1, 92, "订花 {n}  {p}/{a}", 3)
    return p


def notice(c):
    p = Paper(c, 105, 148, paper=(250, 250, 246))
    p.text(0, 12, "停水通知", 12, True, mid=52)
    p.para(10, 34, "各位业主：因二次供水泵房检修，定于" + c["date"] + "上午8时至下午5时暂停供水，请提前储水，并关好龙头，以免来水时跑水。检修期间一楼由市政直供，不受影响。给您带来不便，敬请谅解。", 5.4, 86, lead=1.6)
    p.text(0, 122, "云栖里小区物业 " + c["date"], 5, right=95)
    p.stamp(62, 112, "云栖里物业", 5)
    return p


LAYOUTS = {f.__name__: f for f in (ply3, side, freight, tag, slip80, dotm, ret, local, cloud2, pick, screen, card, notice)}
