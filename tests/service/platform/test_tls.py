"""Certificates are renewed after clock changes in both directions, and after damage."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from waybillguard.service.platform.tls import ensure_certificate

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def made(folder: Path, now: datetime) -> x509.Certificate:
    files = ensure_certificate(folder, "secret", ["localhost"], now)
    return x509.load_pem_x509_certificate(files.certificate.read_bytes())


def test_a_good_certificate_stays(tmp_path: Path) -> None:
    assert made(tmp_path, NOW) == made(tmp_path, NOW + timedelta(days=30))


def test_one_that_runs_out_is_renewed(tmp_path: Path) -> None:
    first = made(tmp_path, NOW)
    later = made(tmp_path, NOW + timedelta(days=340))
    assert later.not_valid_after_utc > first.not_valid_after_utc


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=-1)])
def test_a_clock_that_is_set_by_hours_changes_no_certificate(tmp_path: Path, step: timedelta) -> None:
    first = made(tmp_path, NOW)
    authority = (tmp_path / "ca.pem").read_bytes()
    assert made(tmp_path, NOW + step) == first
    assert (tmp_path / "ca.pem").read_bytes() == authority


def test_stations_that_trust_the_authority_go_on_after_the_clock_went_back(tmp_path: Path) -> None:
    made(tmp_path, NOW)
    trusted = x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    back = made(tmp_path, NOW - timedelta(days=400))
    back.verify_directly_issued_by(trusted)
    ahead = made(tmp_path, NOW + timedelta(days=4_000))
    ahead.verify_directly_issued_by(trusted)


@pytest.mark.parametrize("back", [timedelta(days=3), timedelta(days=400)])
def test_one_from_the_future_is_issued_again(tmp_path: Path, back: timedelta) -> None:
    made(tmp_path, NOW)
    again = made(tmp_path, NOW - back)
    assert again.not_valid_before_utc <= NOW - back


@pytest.mark.parametrize("name", ["server.pem", "server.key", "ca.pem", "ca.key"])
@pytest.mark.parametrize("content", [b"", b"not a certificate", None])
def test_a_damaged_or_missing_file_is_made_again(tmp_path: Path, name: str, content: bytes | None) -> None:
    made(tmp_path, NOW)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    certificate = made(tmp_path, NOW)
    authority = x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    certificate.verify_directly_issued_by(authority)


def test_the_authority_vouches_for_servers_of_its_own_names_alone(tmp_path: Path) -> None:
    ensure_certificate(tmp_path, "secret", ["wms.example"], NOW)
    authority = x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    usage = authority.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    names = [one for one in limits.value.permitted_subtrees or [] if not isinstance(one, x509.IPAddress)]
    own = {"localhost", "wms.example", socket.gethostname()}
    assert {one.value for one in names if isinstance(one, x509.DNSName)} == own
    assert {type(one) for one in names} == {x509.DNSName, x509.RFC822Name, x509.UniformResourceIdentifier}
    assert limits.critical


def test_a_machine_with_a_new_name_has_a_new_authority(tmp_path: Path) -> None:
    first = ensure_certificate(tmp_path, "secret", ["wms.example"], NOW).authority.read_bytes()
    assert ensure_certificate(tmp_path, "secret", [], NOW).authority.read_bytes() == first
    assert ensure_certificate(tmp_path, "secret", ["new.example"], NOW).authority.read_bytes() != first
