"""A typed enrolment code is accepted in every spelling, and typing errors are detected."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.agent.enrolcode import EnrolCode, new_code, read_code
from waybillguard.agent.errors import AgentError

CODE = EnrolCode(bytes(range(16)), bytes(range(16, 32)))


def test_the_text_is_frozen() -> None:
    assert CODE.text() == "WG1-000G4-0R40M-30E20-9185G-R38E1-W8124-GK2GA-HC5RR-34D1P-70X3R-FH3AR"


@given(secret=st.binary(min_size=16, max_size=16), mark=st.binary(min_size=16, max_size=16))
def test_what_is_shown_reads_back(secret: bytes, mark: bytes) -> None:
    assert read_code(EnrolCode(secret, mark).text()) == EnrolCode(secret, mark)


def test_case_spaces_and_lookalikes_do_not_matter() -> None:
    typed = CODE.text().lower().replace("-", " ").replace("0", "o").replace("1", "l").replace("wgl", "wg1")
    assert read_code(typed) == CODE


@given(where=st.integers(min_value=0, max_value=54), letter=st.sampled_from("23456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_letter_is_noticed(where: int, letter: str) -> None:
    letters = list(CODE.text().removeprefix("WG1").replace("-", ""))
    if letters[where] == letter:
        return
    letters[where] = letter
    with pytest.raises(AgentError, check=has_code("enrol_code")):
        read_code("WG1" + "".join(letters))


@pytest.mark.parametrize(
    "text", ["", "WG1-", "WG2" + CODE.text()[3:], CODE.text()[:-1], CODE.text() + "0", "ü" * 58]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(AgentError, check=has_code("enrol_code")):
        read_code(text)


def test_it_believes_the_authority_it_was_made_for_and_no_other() -> None:
    code = new_code(b"a certificate", os.urandom)
    assert code.believes(b"a certificate")
    assert not code.believes(b"another certificate")


def test_the_secret_does_not_show() -> None:
    assert "secret" not in repr(CODE)
