"""The vocabulary agrees with the schema, and the roles with the policies."""

import re
from collections.abc import Callable, Mapping

import pytest

from waybillguard.access.vocabulary import Word, actions, data_rows, data_text, device_kinds, purposes, roles


@pytest.mark.parametrize("words", [actions, roles, purposes, device_kinds])
def test_every_word_has_a_plain_key_and_two_titles(words: Callable[[], Mapping[str, Word]]) -> None:
    for key, word in words().items():
        assert re.fullmatch(r"[a-z][a-z_]*", key)
        assert word.zh
        assert word.en


def test_the_schema_knows_exactly_the_actions_of_the_list() -> None:
    declared = re.search(r"^action ([^{]*?)\s*appliesTo", data_text("schema.cedarschema"), re.MULTILINE)
    assert declared is not None
    assert {name.strip() for name in declared[1].split(",")} == set(actions())


def test_every_action_has_a_known_group_and_every_role_says_whether_it_works_by_shifts() -> None:
    assert {word.facts["group"] for word in actions().values()} == {
        "session",
        "masked",
        "plaintext",
        "control",
    }
    assert {word.facts["on_shift"] for word in roles().values()} == {"0", "1"}


def test_every_row_of_the_register_words_and_titles_is_used_once() -> None:
    words = [(row["kind"], row["word"]) for row in data_rows("register_words.csv")]
    assert len(words) == len(set(words))
    assert {kind for kind, _ in words} == {"enabled", "disabled", "shared", "temp", "left"}
    titles = [
        (row["list"], title)
        for row in data_rows("register_headers.csv")
        for title in row["titles"].split("|")
    ]
    assert len(titles) == len(set(titles))
    assert all(title.strip() for _, title in titles)
