"""Drawing of a label in RGB at 8 dots a millimetre, with the box of every judged field kept."""
import random, numpy as np, cv2, zxingcpp
from PIL import Image, ImageDraw, ImageFont
N = "/usr/share/fonts/opentype/noto/"
FONTS = {"sans": (N + "NotoSansCJK-Regular.ttc", 2), "sansb": (N + "NotoSansCJK-Bold.ttc", 2),
         "serif": (N + "NotoSerifCJK-Regular.ttc", 2), "serifb": (N + "NotoSerifCJK-Bold.ttc", 2),
         "mono": (N + "NotoSansCJK-Regular.ttc", 7), "monob": (N + "NotoSansCJK-Bold.ttc", 7)}
S = 8

def font(name, mm):
    path, i = FONTS[name]
    return ImageFont.truetype(path, max(8, round(mm * S)), index=i)

class Label:
    def __init__(self, w, h, face="sans", bold="sansb", seed=0, ink=(18, 18, 20), n=0):
        self.w, self.h, self.n = w, h, n
        self.im = Image.new("RGB", (w * S, h * S), (252, 252, 250))
        self.d = ImageDraw.Draw(self.im)
        self.face, self.bold, self.ink = face, bold, ink
        self.rng = random.Random(seed)
        self.fields = {}
        self.marks = []

    def mark(self, tag, box):
        if not tag: return
        field, party, verdict = tag
        k = (field, party)
        if k in self.fields:
            o, v = self.fields[k]
            box = (min(o[0], box[0]), min(o[1], box[1]), max(o[2], box[2]), max(o[3], box[3]))
            verdict = "fail" if "fail" in (v, verdict) else "pass"
        self.fields[k] = (box, verdict)

    def line(self, x0, y0, x1, y1, w=2, dash=0):
        if not dash:
            self.d.line((x0 * S, y0 * S, x1 * S, y1 * S), fill=self.ink, width=w); return
        x = x0
        while x < x1:
            self.d.line((x * S, y0 * S, min(x + dash, x1) * S, y1 * S), fill=self.ink, width=w); x += 2 * dash

    def box(self, x0, y0, x1, y1, w=2, fill=None):
        self.d.rectangle((x0 * S, y0 * S, x1 * S, y1 * S), outline=self.ink, width=w, fill=fill)

    def hand(self, x, y, s, mm, tag=None, maxw=None, ink=(28, 40, 130)):
        """Pen: every glyph turned, slanted and stretched by itself, baseline wandering, strokes of uneven weight."""
        r, cx, cy, x0 = self.rng, x * S, y * S, x * S
        right = cx
        for ch in s:
            f = font("serif" if r.random() < .75 else "sans", mm * r.uniform(.88, 1.1))
            b = int(mm * S * 2)
            g = Image.new("L", (b, b), 0)
            ImageDraw.Draw(g).text((b // 4, b // 5), ch, font=f, fill=255)
            adv = f.getlength(ch) * r.uniform(1.0, 1.14)
            a = np.asarray(g)
            m = cv2.getRotationMatrix2D((b / 2, b / 2), r.uniform(-8, 7), r.uniform(.92, 1.06))
            sk = r.uniform(.08, .24); m[0, 1] -= sk; m[0, 2] += sk * b / 2
            a = cv2.warpAffine(a, m, (b, b))
            yy, xx = np.mgrid[0:b, 0:b].astype(np.float32)
            p, q = r.uniform(0, 6), r.uniform(0, 6)
            a = cv2.remap(a, xx + 1.1 * np.sin(yy / 6 + p).astype(np.float32), yy + 1.1 * np.sin(xx / 7 + q).astype(np.float32), cv2.INTER_LINEAR)
            if r.random() < .35: a = cv2.dilate(a, np.ones((2, 1), np.uint8))
            if maxw and cx + adv > x0 + maxw * S:
                cx = x0; cy += int(mm * S * 1.3)
            self.im.paste(ink, (int(cx - b / 4), int(cy - b / 5 + r.uniform(-2, 2))), Image.fromarray(a))
            cx += adv; right = max(right, cx)
        self.mark(tag, (x0 - 3, y * S - 2, right + 4, cy + mm * S * 1.45))
        return right / S, cy / S + mm * 1.4

    def t(self, x, y, s, mm=3, f=None, tag=None, maxw=None, fill=None, lead=1.22, anchor=None):
        f = f or self.face
        if f == "hand": return self.hand(x, y, s, mm, tag, maxw)
        ft = font(f, mm); lines, cur = [], ""
        for ch in s:
            if ch == "\n" or (maxw and cur and ft.getlength(cur + ch) > maxw * S):
                lines.append(cur); cur = "" if ch == "\n" else ch
            else: cur += ch
        lines.append(cur)
        right = x * S; yy = y * S
        for ln in lines:
            w = ft.getlength(ln)
            px = x * S - (w / 2 if anchor == "m" else w if anchor == "r" else 0)
            self.d.text((px, yy), ln, font=ft, fill=fill or self.ink)
            bb = self.d.textbbox((px, yy), ln, font=ft)
            self.mark(tag, (bb[0] - 2, bb[1] - 2, bb[2] + 2, bb[3] + 2))
            right = max(right, px + w); yy += mm * S * lead
        return right / S, yy / S

    def code(self, x, y, w, h, s, fmt="Code128", tag=None):
        fm = {"Code128": zxingcpp.BarcodeFormat.Code128, "QR": zxingcpp.BarcodeFormat.QRCode, "DM": zxingcpp.BarcodeFormat.DataMatrix}[fmt]
        try: b = zxingcpp.create_barcode(s, fm); a = np.array(b.to_image(scale=4, add_quiet_zones=False) if hasattr(b, "to_image") else zxingcpp.write_barcode_to_image(b, scale=4))
        except TypeError: a = np.array(zxingcpp.write_barcode(fm, s, width=10, height=10, quiet_zone=0))
        a = a if a.ndim == 2 else a[..., 0]
        ys, xs = np.where(a < 128); a = a[ys.min():ys.max() + 1, xs.min():xs.max() + 1]
        if fmt == "Code128":
            row = a[a.shape[0] // 3]; n = row.size
            n //= 4; row = row[2::4][:n]; W = max(1, int(w * S // n)) * n
            a = np.repeat(cv2.resize(row[None], (W, 1), interpolation=cv2.INTER_NEAREST), int(h * S), 0)
        else:
            n = a.shape[0] // 4; k = max(2, round(w * S / n)); a = cv2.resize(a, (n * k, n * k), interpolation=cv2.INTER_NEAREST)
        self.im.paste(self.ink, (int(x * S), int(y * S)), Image.fromarray(255 - a))
        self.nc = getattr(self, "nc", 0) + 1
        self.mark(("code", "#%d" % self.nc, tag[2] if tag else "pass"), (x * S, y * S, x * S + a.shape[1], y * S + a.shape[0]))

    def marker(self, box, alpha=1.0, ink=(12, 12, 16)):
        """A felt pen drawn back and forth over box (dots)."""
        x0, y0, x1, y1 = box; r = self.rng
        ov = Image.new("L", self.im.size, 0); d = ImageDraw.Draw(ov)
        w = int((y1 - y0) * .42)
        for k in range(3):
            yy = y0 + (y1 - y0) * (.25 + .25 * k)
            pts = [(x0 - r.uniform(0, 8) + (x1 - x0 + 12) * i / 6, yy + r.uniform(-2, 2)) for i in range(7)]
            d.line(pts, fill=int(255 * alpha), width=w, joint="curve")
        self.im.paste(ink, (0, 0), ov)
