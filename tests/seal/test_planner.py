"""The leakage planner keeps CipherSweet's rule, or says that an index does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.seal.planner import (
    REVEALS,
    Leakage,
    advised_bits,
    coincidences,
    gram_bits,
    plan_index,
    truncate,
)


@given(st.integers(2048, 10**9), st.floats(24, 64))
def test_advised_tokens_leave_two_to_the_root_of_all_rows_as_coincidences(rows: int, space: float) -> None:
    found = coincidences(rows, advised_bits(rows, space), space)
    assert found >= 2 or advised_bits(rows, space) == 8
    assert found <= max(rows**0.5, rows / 2**24)


@pytest.mark.parametrize(
    ("rows", "bits", "space", "verdict"),
    [
        (1_000_000, 128, 33.0, Leakage.EXACT),
        (1_000_000, 18, 33.0, Leakage.WITHIN),
        (1_000_000, 8, 33.0, Leakage.NARROW),
        (1_000_000, 64, 3.0, Leakage.NARROW),
        (3, 64, 33.0, Leakage.SMALL),
    ],
)
def test_the_verdict_names_the_side_on_which_an_index_leaves_the_budget(
    rows: int, bits: int, space: float, verdict: Leakage
) -> None:
    assert plan_index("phone", rows, bits, space, REVEALS["phone"]).verdict is verdict


@given(st.binary(min_size=8, max_size=8), st.integers(8, 64))
def test_a_cut_token_is_the_start_of_the_whole_one_and_fits_a_signed_column(token: bytes, bits: int) -> None:
    cut = truncate(token, bits)
    assert 0 <= cut < 2**63
    assert cut == truncate(token, 63) >> (63 - min(bits, 63))


def test_larger_months_keep_longer_tokens() -> None:
    assert gram_bits(30_000, 25) < gram_bits(1_000_000, 25) < 40
    assert gram_bits(0, 25) == 8
