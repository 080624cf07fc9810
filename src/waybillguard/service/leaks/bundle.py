"""The evidence bundle of a trace: question, data, model, guards, result, limits; to be recomputed by a third party."""

import csv
import io
import zipfile
from hashlib import sha256
from typing import Any

import duckdb
import msgspec
import numpy as np

from waybillguard import __version__
from waybillguard.documents import Block, Document, Facts, Heading, Paragraph, Table, to_pdf
from waybillguard.service.audit.store import event_store
from waybillguard.service.leaks.models import Leak
from waybillguard.trace.handover import NOT_PROOF, checksums

_COLUMNS = ("order_id", "waybill_no", "contacted_at", "reported_at", "certainty", "category")


def sha256_of(content: bytes) -> str:
    """Return a hash as it stands in lists of evidence."""
    return sha256(content).hexdigest()


def bundle_json(leak: Leak) -> bytes:
    """Return question, data by hash, versions, and result; the same trace gives the same bytes."""
    store = event_store(leak.tenant)
    days = {str(day): store.mark(leak.tenant.slug, day) for day in store.days(leak.tenant.slug)}
    content = {
        "v": 1,
        "warehouse": leak.tenant.slug,
        "question": {
            "victims": leak.victims,
            "refused_rows": leak.refused,
            "phones_without_order": leak.not_found,
        },
        "events": {
            "days": len(days),
            "marks_sha256": sha256_of(msgspec.json.encode(days, order="deterministic")),
        },
        "method": {
            "model": "additive Poisson sources, contiguous windows, lag and report delay",
            "guards": ["Bayesian FDR <= 1 %", "permutation within strata p <= 1 %", "e-BH at 1 %"],
            "seed": 0,
            "versions": {"waybillguard": __version__, "numpy": np.__version__, "duckdb": duckdb.__version__},
        },
        "answer": leak.answer,
        "nodes": leak.nodes,
        "limits_zh": NOT_PROOF,
        "recompute": "waybillguard trace EVENTS --victims victims.csv --orders orders.parquet --json result.json",
    }
    return msgspec.json.format(msgspec.json.encode(content, order="deterministic"), indent=1) + b"\n"


def bundle_zip(leak: Leak) -> bytes:
    """Return the bundle as a zip with its hash list."""
    files = {
        "trace.json": bundle_json(leak),
        "victims.csv": _victims(leak),
        "report.pdf": to_pdf(report(leak)),
    }
    files["SHA256SUMS"] = checksums(files)
    return zipped(files)


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files as a zip whose bytes depend on them alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _victims(leak: Leak) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    writer.writerows([row.get(name, "") for name in _COLUMNS] for row in leak.victims)
    return out.getvalue().encode()


def report(leak: Leak) -> Document:
    """Describe a trace for paper, in Chinese."""
    answer: dict[str, Any] = leak.answer
    checks = answer["checks"]
    rows = tuple(
        (
            "重点线索" if one["priority_lead"] else "—",
            _name(one),
            f"{one['from'][:16]} 至 {one['to'][:16]}（UTC）",
            f"{one['posterior']:.1%}",
            f"{one['explained']:.0f} / {one['looked_at']}",
            one["why_zh"],
        )
        for one in answer["sources"]
    )
    blocks: list[Block] = [
        Facts(
            (
                ("名单", f"{checks['victims_read']} 行，对上订单 {checks['victims_joined']} 名"),
                ("系统外来源占比", f"{answer['outside']:.0%}"),
                (
                    "可能受影响",
                    f"约 {answer['affected']['estimate']} 人（{answer['affected']['low']}–{answer['affected']['high']}）",
                ),
            )
        ),
        Heading("来源"),
    ]
    if rows:
        blocks.append(
            Table(("线索", "来源", "时间", "可能性", "受害人 / 经过", "说明"), rows, (3, 5, 6, 3, 3, 10))
        )
    else:
        blocks.append(Paragraph("没有找到可以区分的来源。"))
    blocks += [Paragraph(note) for note in checks["notes_zh"]]
    blocks.append(Paragraph(NOT_PROOF, "warning"))
    return Document(
        title="泄露溯源报告", subtitle=leak.title, blocks=tuple(blocks), foot=NOT_PROOF, landscape=True
    )


def _name(source: dict[str, Any]) -> str:
    parts = [source["account"], source["workstation"], source["detail"]]
    return " · ".join([_KINDS[source["kind"]], *(part for part in parts if part)])


_KINDS = {
    "account": "账号",
    "workstation": "工位",
    "pair": "账号与工位",
    "unlogged": "系统外接触面单",
    "shop": "店铺",
    "platform": "平台或 ERP",
}
