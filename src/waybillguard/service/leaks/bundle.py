"""Evidence bundle of a trace, which a third party can recompute: question, data, model, guards, result, limits."""

import csv
import io
import zipfile
from hashlib import sha256

import duckdb
import msgspec
import numpy as np

from waybillguard import __version__
from waybillguard.documents import to_pdf
from waybillguard.orders.rows_cells import neutralise
from waybillguard.service.audit.store import event_store
from waybillguard.service.leaks.models import Leak
from waybillguard.service.leaks.report import report
from waybillguard.trace.guards import ALPHA, BY_CHANCE
from waybillguard.trace.handover import NOT_PROOF, checksums

_COLUMNS = ("order_id", "waybill_no", "contacted_at", "reported_at", "certainty", "category")


def sha256_of(content: bytes) -> str:
    """Return a hash in the format of evidence lists."""
    return sha256(content).hexdigest()


def bundle_json(leak: Leak) -> bytes:
    """Return question, hashes of data, versions and result. The same trace gives the same bytes."""
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
            "guards": [
                f"Bayesian FDR <= {100 * ALPHA:g} %",
                f"permutation within strata p <= {100 * BY_CHANCE:g} %",
                f"e-BH at {100 * ALPHA:g} %",
            ],
            "seed": 0,
            "versions": {"waybillguard": __version__, "numpy": np.__version__, "duckdb": duckdb.__version__},
        },
        "answer": leak.answer,
        "nodes": leak.nodes,
        "limits_zh": NOT_PROOF,
        "recompute": "waybillguard trace EVENTS --victims victims.csv --orders ORDERS --roster ROSTER --json result.json",
        "recompute_needs_zh": "本仓访问记录（events.marks_sha256 为其标识）、订单表、排班表；三者不在本包内，须向本仓调取",
    }
    return msgspec.json.format(msgspec.json.encode(content, order="deterministic"), indent=1) + b"\n"


def bundle_zip(leak: Leak) -> bytes:
    """Return the bundle as a zip with a list of hashes."""
    files = {
        "trace.json": bundle_json(leak),
        "victims.csv": _victims(leak),
        "report.pdf": to_pdf(report(leak)),
    }
    files["SHA256SUMS"] = checksums(files)
    return zipped(files)


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files as a reproducible zip: the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _victims(leak: Leak) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    writer.writerows([neutralise(str(row.get(name, ""))) for name in _COLUMNS] for row in leak.victims)
    return out.getvalue().encode()
