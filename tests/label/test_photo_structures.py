"""OCR lines in many arrangements: each fault is found in its field, and no other field fails."""

from pathlib import Path
from random import Random

import pytest
from PIL import Image

from waybillguard.label.check import TextLine
from waybillguard.label.check.photo import Reading, check_photo

PLACES = (
    "浙江省杭州市西湖区北山街道曙光路",
    "广东省深圳市南山区粤海街道学府路",
    "江苏省苏州市昆山市花桥镇望江路",
)
TAGS = {"receiver": ("收", "收件人：", "收件信息"), "sender": ("寄", "寄件人：", "寄件信息")}
FORMS = ("row", "phone first", "address first", "below")
WHERE = ("beside the first line", "beside the middle", "before", "above")


def wide(text: str, size: float) -> float:
    return sum(size if sign > "\u2e80" else size * 0.52 for sign in text)


class Sheet:
    """Lines that are placed slightly askew."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.lines = rng, []

    def put(self, text: str, x: float, y: float, size: float) -> float:
        x, y = (value + self.rng.uniform(-0.06, 0.06) * size for value in (x, y))
        width = max(1, round(wide(text, size)))
        self.lines.append(TextLine(text, round(x), round(y), round(size * 1.15), width=width))
        return x + width

    def party(self, who: str, fault: str, place: tuple[float, float, float], form: str, where: str) -> float:
        """Draw one party from a place (x, y, type size) on; give the y below it."""
        rng, (x, top, size) = self.rng, place
        step, y = size * 1.45, top
        disc, prefix, heading = TAGS[who]
        name = "王小明" if fault == "name" else rng.choice(["王**", "王*明", "王*"])
        phone = rng.choice(["13812345678", "138****5678"]) if fault == "phone" else "138******78"
        house = f"{rng.choice(PLACES)}{rng.randrange(1, 999)}号阳光花园"
        room = rng.choice(["3幢2单元501室", "3幢1802", "3-2-1801"]) if fault == "address" else "3幢****"
        address = [house, room]
        if where == "above":
            self.put(heading, x, y, size * 0.9)
            y += step
        first = len(self.lines)
        if form == "address first":
            for line in address:
                self.put(line, x, y, size)
                y += step
        parts = (phone, name) if form == "phone first" else (name, phone)
        end = self.put(parts[0], x, y, size)
        if form == "below":
            y += step
            self.put(parts[1], x, y, size)
        else:
            self.put(parts[1], end + size * rng.uniform(1, 3), y, size)
        y += step
        if form != "address first":
            for line in address:
                self.put(line, x, y, size)
                y += step
        if where == "before":
            line, shift = self.lines[first], round(wide(prefix, size))
            self.lines[first] = TextLine(
                prefix + line.text, line.x - shift, line.y, line.size, width=line.width + shift
            )
        elif where.startswith("beside"):
            middle = (top + y - step) / 2
            self.put(disc, x - size * 1.9, top if where == "beside the first line" else middle, size * 1.3)
        return y


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("order", [("receiver", "sender"), ("sender", "receiver")])
def test_a_fault_is_found_where_it_is(form: str, where: str, order: tuple[str, str], tmp_path: Path) -> None:
    if (form, where) == ("address first", "before"):
        where = "above"  # a tag before an address moves its first line out of the column
    blank = tmp_path / "blank.png"
    Image.new("L", (1600, 1600), 200).save(blank)  # as large as what is read from it
    others = []
    for seed in range(6):
        rng = Random(seed)
        guilty, fault = rng.choice(order), rng.choice(["", "name", "phone", "address"])
        sheet, y = Sheet(rng), 400.0
        for who in order:
            size = 44 if who == "receiver" else rng.choice((30, 36, 44))
            y = sheet.party(who, fault if who == guilty else "", (200, y, size), form, where)
            y += size * rng.uniform(0.4, 1.2)
        verdict = check_photo(blank, lambda _picture, lines=sheet.lines: Reading(lines))
        failed = {(f.party, f.field) for f in verdict.fields if f.verdict == "fail"}
        assert {field for _, field in failed} == ({fault} if fault else set()), seed
        assert verdict.verdict == ("fail" if fault else "pass"), seed
        others += [seed for party, _ in failed if party != guilty]
    # The party of a field is found by a learned model, so it is nearly always right, but not always.
    assert len(others) <= 1, others
