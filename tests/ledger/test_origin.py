"""Every installation has a unique origin, so that a witness can tell installations apart."""

from waybillguard.ledger import LedgerKeys


def test_two_installations_have_two_origins_and_a_restored_one_its_own_again() -> None:
    one, two = (LedgerKeys.of_installation(bytes([n]) * 32) for n in (1, 2))
    assert one.prefix != two.prefix
    assert LedgerKeys.of_installation(bytes([1]) * 32).prefix == one.prefix


def test_the_origin_tells_nothing_of_the_secret() -> None:
    assert (bytes([1]) * 4).hex() not in LedgerKeys.of_installation(bytes([1]) * 32).prefix
