"""Pictures that show no label, or that nobody could read."""

from collections.abc import Callable
from random import Random

import numpy as np
from paper import Sheet
from PIL import Image, ImageDraw
from scene import Photo, place, scribble

PAGE = (
    "仓库的灯在傍晚亮起来，叉车沿着黄线慢慢开过。新来的小组长把今天的波次贴在墙上，"
    "大家一边喝水一边看。晚上九点是高峰，传送带会一直响到半夜。"
)


def till_receipt(rng: Random) -> Photo:
    """A supermarket's receipt."""
    s = Sheet(80, 150, "sans")
    s.text(16, 4, 6, "惠民生活超市", bold=True)
    s.text(6, 13, 3, f"小票号 {rng.randint(1000, 9999)}　收银台 03")
    for i, item in enumerate(["苹果", "鲜牛奶", "抽纸", "鸡蛋", "面条", "酱油", "青菜"]):
        s.text(6, 22 + i * 6, 3.4, item)
        s.text(56, 22 + i * 6, 3.4, f"{rng.randint(2, 60)}.{rng.randint(10, 99)}")
    s.rule(4, 66, 76, 66, dash=1)
    s.text(6, 69, 4.5, f"合计　{rng.randint(60, 300)}.50", bold=True)
    s.text(6, 78, 3, "谢谢惠顾，欢迎下次光临")
    return place(rng, [s], 10, tilt=5)


def book_page(rng: Random) -> Photo:
    """A page of running text."""
    s = Sheet(130, 180, "serif")
    y = 12.0
    for _ in range(4):
        y = s.wrap(12, y, 4.2, "　　" + PAGE, 106) + 2
    s.text(62, 168, 3.4, str(rng.randint(2, 300)))
    return place(rng, [s], 9, tilt=3)


def article_box(rng: Random) -> Photo:
    """The bar code of goods."""
    s = Sheet(80, 60, "sans")
    s.text(6, 5, 5, "不锈钢保温杯 500ml", bold=True)
    s.code(8, 16, 64, 24, "6903244512380")
    s.text(22, 42, 4, "6903244512380")
    s.text(6, 50, 3, "执行标准 QB/T 2332　产地 浙江")
    return place(rng, [s], 10, tilt=8)


def poster(rng: Random) -> Photo:
    """A poster that speaks of parcels."""
    s = Sheet(120, 170, "sans")
    s.text(12, 15, 14, "寄快递", bold=True)
    s.text(12, 40, 9, "首重 8 元起", bold=True)
    s.text(12, 60, 6, "营业时间 8:00—21:00")
    s.square(38, 80, 44, "https://example.cn/open")
    s.text(30, 132, 5, "扫一扫，马上下单")
    return place(rng, [s], 8, tilt=4)


def code_only(rng: Random) -> Photo:
    """One QR code on white."""
    s = Sheet(60, 60, "sans")
    s.square(10, 10, 40, f"BOX-{rng.randint(1000, 9999)}")
    return place(rng, [s], 10, tilt=10)


def landscape(rng: Random) -> Photo:
    """Sky, hills and a sun."""
    wide, high = 1500, 1000
    y = np.linspace(0, 1, high)[:, None, None]
    sky = np.array((120, 170, 230)) * (1 - y) + np.array((240, 220, 190)) * y
    picture = Image.fromarray(np.broadcast_to(sky, (high, wide, 3)).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    hills = [
        (x, 650 + 90 * np.sin(x / 170 + rng.random()) + rng.randint(0, 9)) for x in range(0, wide + 40, 40)
    ]
    pen.polygon([*hills, (wide, high), (0, high)], fill=(70, 110, 70))
    pen.ellipse([1100, 120, 1240, 260], fill=(255, 235, 170))
    return Photo(picture)


def plain(colour: int) -> Callable[[Random], Photo]:
    """A picture of one colour."""
    return lambda rng: Photo(Image.new("RGB", (1200, 900 + rng.randrange(9)), (colour,) * 3))


def static(rng: Random) -> Photo:
    """Nothing but noise."""
    made = np.random.default_rng(rng.getrandbits(32)).integers(0, 256, (900, 1200, 3), np.uint8)
    return Photo(Image.fromarray(made))


def scribbles(rng: Random) -> Photo:
    """Lines without words."""
    return Photo(scribble(rng, 1200, 900))


def speck(rng: Random) -> Photo:
    """One pixel."""
    return Photo(Image.new("RGB", (1, 1), (rng.randrange(256),) * 3))


OTHERS: dict[str, Callable[[Random], Photo]] = {
    "till receipt": till_receipt,
    "book page": book_page,
    "article box": article_box,
    "poster": poster,
    "code only": code_only,
    "landscape": landscape,
    "black": plain(0),
    "white": plain(255),
    "static": static,
    "scribbles": scribbles,
    "one pixel": speck,
}
