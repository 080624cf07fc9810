"""What a web process prepares before the first request, and its cost."""

import json
import subprocess
import sys

SCRIPT = """
import json
import time

import psutil

from waybillguard.label import draw, font, preview_content
from waybillguard.label.png import to_png
from waybillguard.label.raster import template
from waybillguard.service.print_room.stations import warming


def picture(address):
    fields = {"waybill_no": "YT7700112233445", "sort_code": "579-A1-07", "hub": "金华", "carrier": "示例速运", "name": "王*",
              "phone": "*******4321", "address": address, "goods_class": "服装", "remark": ""}
    began = time.perf_counter()
    to_png(draw(preview_content(fields), *warming.DEFAULT))
    return time.perf_counter() - began


before = psutil.Process().memory_full_info().uss
began = time.perf_counter()
warming.begin_pictures().join()
told = {"warmed_s": time.perf_counter() - began, "mb": (psutil.Process().memory_full_info().uss - before) / 1e6}
opened, drawn = font._font_file.cache_info().misses, template.cache_info().misses
told["first_s"] = picture("广东省汕头市澄海区凤翔街道****")
told["opened"] = font._font_file.cache_info().misses - opened
told["drawn"] = template.cache_info().misses - drawn
print(json.dumps(told))
"""


def test_once_warmed_the_first_picture_opens_no_font_and_costs_what_a_picture_costs() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    sys.stdout.write(f"{told}\n")
    assert (told["opened"], told["drawn"]) == (0, 0)
    assert told["first_s"] < told["warmed_s"] / 3
    assert told["mb"] < 35, "besides the two font files, 20 MB"
