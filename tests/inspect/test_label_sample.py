"""Label samples: twenty photos, two signatures, and the wording of the record."""

from datetime import UTC, datetime

import pytest

from waybillguard.documents import to_html
from waybillguard.inspect.errors import InspectError
from waybillguard.inspect.label_sample import (
    LabelSample,
    SampledPhoto,
    read_lines,
    sample_document,
    sample_facts,
)

GOOD = b'{"photo":"a.png","verdict":"pass","fields":[],"layout":"76x130","codes":[{"format":"Code128","text_class":"waybill"}]}'
BAD = (
    '{"photo":"b.png","verdict":"fail","layout":"","codes":[],"fields":[{"field":"phone","party":"receiver",'
    '"text":"138****5678","verdict":"fail","reason_zh":"电话隐藏不足 6 位","box":[0,0,1,1]}]}'
).encode()
NONE = b'{"photo":"cat.png","verdict":"unreadable","fields":[],"layout":"","codes":[]}'
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)


def photos(*lines: bytes) -> tuple[SampledPhoto, ...]:
    return read_lines(lines, [f"{at:064x}" for at in range(len(lines))])


def sample(*lines: bytes) -> LabelSample:
    return LabelSample(
        subject="测试仓库", place="打单间", taken_at=AT, inspectors=("甲", "乙"), photos=photos(*lines)
    )


def test_a_sample_gives_the_facts_of_the_label_controls() -> None:
    facts = sample_facts(sample(GOOD, GOOD, BAD, NONE))
    assert facts["labels_checked"] == 3
    assert facts["label_phone_failures"] == 1
    assert facts["label_name_failures"] == 0


def test_the_record_says_not_in_conformity_and_never_illegal() -> None:
    page = to_html(sample_document(sample(*[GOOD] * 19, BAD)))
    assert "其中 1 张不符合 GB/T 41833-2022" in page
    assert "收件人电话：电话隐藏不足 6 位" in page
    assert "违法" not in page.replace("不作违法认定", "")
    assert "138****5678" not in page
    assert page.count("检查人：") == 2


def test_photos_that_are_no_labels_are_named_and_leave_the_sample_incomplete() -> None:
    taken = sample(*[GOOD] * 19, NONE)
    assert not taken.complete()
    assert "不是面单 1 张" in to_html(sample_document(taken))


def test_the_same_photo_twice_counts_once() -> None:
    same = photos(GOOD) * 20
    taken = LabelSample(subject="测试仓库", place="打单间", taken_at=AT, inspectors=("甲", "乙"), photos=same)
    assert sample_facts(taken)["labels_checked"] == 1
    assert "重复照片 19 张" in to_html(sample_document(taken))


@pytest.mark.parametrize("inspectors", [("甲", "甲"), ("甲", "")])
def test_one_person_cannot_sign_for_two(inspectors: tuple[str, str]) -> None:
    with pytest.raises(InspectError):
        LabelSample(subject="仓", place="间", taken_at=AT, inspectors=inspectors, photos=())


def test_a_line_that_does_not_fit_is_named_by_its_number() -> None:
    with pytest.raises(InspectError, match="line 2"):
        photos(GOOD, b'{"verdict":"perhaps"}')
