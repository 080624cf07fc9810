"""Inspection of labels by photos (面单抽样检查): a record of twenty photos with two signatures.

GB/T 41833 is a recommended standard, so the record says "不符合 GB/T 41833", never that anything is illegal.
``label check`` judges the photos; this module makes the record from its output.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal

import msgspec

from waybillguard.documents import Block, Document, Facts, Paragraph, Signatures, Table
from waybillguard.inspect.errors import InspectError
from waybillguard.inspect.model import Fact

SAMPLE_SIZE: Final = 20
_FIELD_ZH: Final = {
    "name": "姓名",
    "phone": "电话",
    "address": "地址",
    "code": "条码",
    "remark": "备注",
    "goods": "商品",
}
_PARTY_ZH: Final = {"receiver": "收件人", "sender": "寄件人"}
_VERDICT_ZH: Final = {
    "pass": "未发现不符合",
    "fail": "不符合 GB/T 41833",
    "unreadable": "无法辨认",
    "no_label": "不是面单",
}


class PhotoField(msgspec.Struct, frozen=True):
    """One field of a label in the output of ``label check``; its text is not kept."""

    field: str
    verdict: str
    party: str = ""
    reason_zh: str = ""


class PhotoLine(msgspec.Struct, frozen=True):
    """The parts of one line of ``label check --json`` (contract) that a record needs."""

    verdict: Literal["pass", "fail", "unreadable"]
    fields: tuple[PhotoField, ...] = ()
    codes: tuple[dict[str, object], ...] = ()
    layout: str = ""


class SampledPhoto(msgspec.Struct, frozen=True):
    """A photo of the sample: hash of the file, and its result. Photos keep the order in which they were taken."""

    sha256: str
    line: PhotoLine

    @property
    def verdict(self) -> str:
        """Return the verdict. A picture without any field or code is not a label."""
        if self.line.verdict == "unreadable" and not self.line.fields and not self.line.codes:
            return "no_label"
        return self.line.verdict

    def failing(self) -> tuple[str, ...]:
        """Return the kinds of field that fail (name, phone, address, code, remark, goods)."""
        return tuple(dict.fromkeys(one.field for one in self.line.fields if one.verdict == "fail"))


class LabelSample(msgspec.Struct, frozen=True, kw_only=True):
    """A sample of labels.

    Attributes:
        inspectors: badge numbers or names of the two signers; shown only on the record.
        photos: the uploaded photos; duplicate files count once.
    """

    subject: str
    place: str
    taken_at: datetime
    inspectors: tuple[str, str]
    photos: tuple[SampledPhoto, ...]

    def __post_init__(self) -> None:
        if not all(self.inspectors) or self.inspectors[0] == self.inspectors[1]:
            raise InspectError(
                zh="面单抽样由两名检查人签名，请填写两个不同的人。",
                en="a label sample is signed by two inspectors: name two different people.",
            )

    def distinct(self) -> tuple[SampledPhoto, ...]:
        """Return each photo once, in order."""
        return tuple({photo.sha256: photo for photo in self.photos}.values())

    def counts(self) -> Counter[str]:
        """Return how many distinct photos have each verdict."""
        return Counter(photo.verdict for photo in self.distinct())

    def complete(self) -> bool:
        """Return whether twenty distinct labels could be read."""
        counts = self.counts()
        return counts["pass"] + counts["fail"] >= SAMPLE_SIZE


def sample_facts(sample: LabelSample) -> dict[str, Fact]:
    """Return the facts for the label controls, from photos that are readable labels."""
    readable = [photo for photo in sample.distinct() if photo.verdict in {"pass", "fail"}]
    failing = Counter(field for photo in readable for field in photo.failing())
    return {
        "labels_checked": len(readable),
        "labels_unchecked": 0,
        **{f"label_{name}_failures": failing[name] for name in ("name", "phone", "address", "code", "goods")},
    }


def read_lines(lines: Iterable[bytes], hashes: Iterable[str]) -> tuple[SampledPhoto, ...]:
    """Read the lines of ``label check --json`` with the hash of each photo.

    Raises:
        InspectError: a line is invalid; its number is named.
    """
    found = []
    for number, (line, sha256) in enumerate(zip(lines, hashes, strict=True), start=1):
        try:
            found.append(SampledPhoto(sha256, msgspec.json.decode(line, type=PhotoLine)))
        except msgspec.DecodeError:
            raise InspectError.unreadable("label check", f"line {number}") from None
    return tuple(found)


def sample_document(sample: LabelSample) -> Document:
    """Return the inspection record (面单抽样检查记录), to be signed by two inspectors."""
    counts, photos = sample.counts(), sample.distinct()
    rows = [
        (
            str(number),
            photo.sha256[:16],
            _VERDICT_ZH[photo.verdict],
            "；".join(
                f"{_PARTY_ZH.get(one.party, '')}{_FIELD_ZH.get(one.field, one.field)}：{one.reason_zh}"
                for one in photo.line.fields
                if one.verdict == "fail"
            ),
        )
        for number, photo in enumerate(photos, start=1)
    ]
    readable = counts["pass"] + counts["fail"]
    said = (
        f"抽取 {len(photos)} 张，可辨认面单 {readable} 张，其中 {counts['fail']} 张不符合 GB/T 41833-2022。"
    )
    blocks: list[Block] = [
        Facts(
            (
                ("被检查单位", sample.subject),
                ("地点", sample.place),
                ("时间", sample.taken_at.strftime("%Y-%m-%d %H:%M %z")),
                ("抽样方法", "从待发包裹中随机抽取，逐张拍照，照片以 SHA-256 固定"),
            )
        ),
        Paragraph(said),
        Table(("序", "照片哈希（前 16 位）", "结论", "不符合之处"), tuple(rows), (1, 4, 4, 9)),
    ]
    if not sample.complete():
        short = f"可辨认面单不足 {SAMPLE_SIZE} 张（无法辨认 {counts['unreadable']} 张，不是面单 {counts['no_label']} 张），结论不完整，需补拍。"
        blocks.append(Paragraph(short, "warning"))
    if len(photos) < len(sample.photos):
        blocks.append(Paragraph(f"重复照片 {len(sample.photos) - len(photos)} 张，只计一次。", "note"))
    blocks.append(
        Signatures((f"检查人：{sample.inspectors[0]}", f"检查人：{sample.inspectors[1]}", "被检查单位"))
    )
    return Document(
        title="面单抽样检查记录",
        subtitle=sample.subject,
        blocks=tuple(blocks),
        foot="GB/T 41833-2022 为推荐性国家标准；本记录只写是否符合标准，不作违法认定。",
    )
