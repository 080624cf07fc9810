"""Fragments: a piece of a text always finds it, and tokens say nothing across tenants, months and fields."""

from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from waybillguard.seal import Contact
from waybillguard.seal.grams import (
    MAX_GRAMS,
    FragmentField,
    GramKeys,
    grams_of,
    holds_fragment,
    plain,
)

ROOT = bytes(range(32))
ADDRESS = "北苑街道机场路１２号向阳花园3幢b座1203室"
han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=40)


@given(han, st.data())
def test_every_piece_of_two_characters_or_more_is_among_the_grams(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text) - 2))
    last = data.draw(st.integers(first + 2, len(text)))
    piece = text[first:last]
    assert set(grams_of(piece)) <= set(grams_of(text))
    assert holds_fragment(FragmentField.ADDRESS, Contact(detail=text), piece)


@given(st.text(max_size=200))
def test_any_text_gives_a_bounded_number_of_grams(text: str) -> None:
    found = grams_of(text)
    assert len(found) == len(set(found)) <= MAX_GRAMS
    assert plain(plain(text)) == plain(text)


def test_numbers_are_taken_whole_and_single_characters_not_at_all() -> None:
    assert grams_of("3幢B座1203室") == ["3", "B", "1203"]
    assert grams_of("张") == []
    assert grams_of("。，-") == []


def test_width_case_and_punctuation_make_no_difference() -> None:
    assert holds_fragment(FragmentField.ADDRESS, Contact(detail=ADDRESS), "机场路12号, 向阳花园")
    assert holds_fragment(FragmentField.ADDRESS, Contact(detail=ADDRESS), "3幢Ｂ座")
    assert not holds_fragment(FragmentField.ADDRESS, Contact(detail=ADDRESS), "机场路13号")
    assert not holds_fragment(FragmentField.ADDRESS, Contact(detail=ADDRESS), "")


def test_tokens_differ_by_tenant_month_and_field() -> None:
    here, there = GramKeys(ROOT, "w1"), GramKeys(ROOT, "w2")
    made = {
        here.tokens(FragmentField.ADDRESS, "机场", 24_310)[0],
        here.tokens(FragmentField.ADDRESS, "机场", 24_311)[0],
        here.tokens(FragmentField.NAME, "机场", 24_310)[0],
        there.tokens(FragmentField.ADDRESS, "机场", 24_310)[0],
    }
    assert len(made) == 4
    assert all(len(token) == 8 for token in made)


def test_a_token_is_what_the_page_of_formats_says() -> None:
    def frame(*parts: bytes) -> bytes:
        return b"".join(len(part).to_bytes(4) + part for part in parts)

    message = frame(b"w1", b"search", b"address-gram", (24_310).to_bytes(4))
    subkey = blake2b(message, key=ROOT, person=b"index-key", digest_size=32).digest()
    expected = blake2b("机场".encode(), key=subkey, person=b"gram-token", digest_size=8).digest()
    assert GramKeys(ROOT, "w1").tokens(FragmentField.ADDRESS, "机场", 24_310) == [expected]


def test_a_search_asks_one_key_a_month_and_a_contact_joins_its_tokens() -> None:
    keys = GramKeys(ROOT, "w1")
    asked = keys.search_tokens(FragmentField.NAME, "测试", [24_310, 24_311])
    names, addresses = keys.of_contact(Contact(name="测试人", detail=ADDRESS), 24_310)
    assert [month for month, _ in asked] == [24_310, 24_311]
    assert asked[0][1][0] in {names[place : place + 8] for place in range(0, len(names), 8)}
    assert len(addresses) == 8 * len(grams_of(ADDRESS))
    assert keys.search_tokens(FragmentField.NAME, "测", [24_310]) == []
    assert "测试" not in repr(keys)
