"""Base45 against RFC 9285 and its own inverse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.seal import base45

# RFC 9285, sections 4.3 and 4.4.
RFC = [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")]


@pytest.mark.parametrize(("data", "text"), RFC)
def test_the_examples_of_the_rfc(data: bytes, text: str) -> None:
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@given(st.binary(max_size=64))
def test_bytes_come_back(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@given(st.lists(st.binary(min_size=48, max_size=48), max_size=6))
def test_many_at_once_are_the_same_as_one_by_one(records: list[bytes]) -> None:
    assert base45.encode_many(b"".join(records), 48) == [base45.encode(record) for record in records]


@given(st.text(base45.ALPHABET, max_size=12))
def test_a_text_is_refused_or_the_only_spelling_of_its_bytes(text: str) -> None:
    try:
        data = base45.decode(text)
    except ValueError:
        return
    assert base45.encode(data) == text


@pytest.mark.parametrize("text", ["GGW", ":::", "A", "BB8A", "::", "bb8", "BB８", "\n\n\n"])
def test_what_is_not_base45_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(ValueError, match="not base45") as caught:
        base45.decode(text)
    assert text not in str(caught.value)
