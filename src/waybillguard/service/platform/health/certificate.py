"""Check that the certificates of the console and of its authority are readable, valid and not about to expire."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from waybillguard.service.platform.config import Config
from waybillguard.service.platform.health.check import Check, State

SOON = timedelta(days=25)
"""The service renews certificates 30 days before expiry; a shorter remaining time means that renewal failed."""


def certificates(config: Config, now: datetime) -> list[Check]:
    """Check both certificates; before the first start there are none, which is not a fault."""
    if not config.tls_dir.is_dir():
        return [Check("certificate", State.GOOD, "证书尚未签发", "there is no certificate yet")]
    return [
        _certificate(config.tls_dir / name, zh, en, now)
        for name, zh, en in (
            ("server.pem", "控制台证书", "the console's certificate"),
            ("ca.pem", "根证书", "the authority's certificate"),
        )
    ]


def _certificate(path: Path, zh: str, en: str, now: datetime) -> Check:
    do_zh, do_en = "请重新启动服务，会重新签发。", "Start the service again: it is issued anew."
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except FileNotFoundError:
        return Check("certificate", State.WARNING, f"缺少{zh}", f"{en} is missing", do_zh, do_en)
    except (OSError, ValueError):
        return Check("certificate", State.DAMAGED, f"{zh}无法读取", f"{en} cannot be read", do_zh, do_en)
    start, end = found.not_valid_before_utc, found.not_valid_after_utc
    if now < start:
        return Check(
            "certificate", State.WARNING, f"{zh} {start:%Y-%m-%d} 才生效：签发时系统时间快了",
            f"{en} is not valid before {start:%Y-%m-%d}: the clock ran ahead when it was issued", do_zh, do_en,
        )  # fmt: skip
    if now >= end:
        return Check(
            "certificate",
            State.DAMAGED,
            f"{zh}已于 {end:%Y-%m-%d} 过期",
            f"{en} ended on {end:%Y-%m-%d}",
            do_zh,
            do_en,
        )
    if end - now < SOON:
        return Check(
            "certificate",
            State.WARNING,
            f"{zh}将于 {end:%Y-%m-%d} 过期",
            f"{en} ends on {end:%Y-%m-%d}",
            do_zh,
            do_en,
        )
    return Check(
        "certificate", State.GOOD, f"{zh}有效至 {end:%Y-%m-%d}", f"{en} is valid until {end:%Y-%m-%d}"
    )
