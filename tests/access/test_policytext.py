"""Policy texts: size limits are checked before parsing, and each policy needs an id and texts."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waybillguard.access.errors import PolicyTextError
from waybillguard.access.policytext import MAX_CHAIN, MAX_DEPTH, guard_text, read_policies

HEAD = '@id("p") @zh("可") @en("yes") permit (principal, action, resource) when { '
N = 3_000
HOSTILE = {
    "parentheses": HEAD + "(" * N + "true" + ")" * N + " };",
    "sets": HEAD + "[" * N + "]" * N + " == 1 };",
    "records": HEAD + "{a:" * N + "1" + "}" * N + " == 1 };",
    "ifs": HEAD + "if true then " * N + "true" + " else false" * N + " };",
    "ands": HEAD + "true && " * N + "true };",
    "sums": HEAD + "1" + " + 1" * N + " == 1 };",
    "dots": HEAD + "context" + ".a" * N + " };",
    "minus": HEAD + "-" * N + "1 == 1 };",
    "quotes": HEAD + '"' * N,
    "long": "// " + "x" * 300_000,
    "many": "permit (principal, action, resource);" * 5_000,
    "surrogate": HEAD + '"\ud800" == "" };',
    "nul": HEAD + "\0 };",
    "template": HEAD.replace("principal", "principal == ?principal") + "true };",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_and_the_process_lives(name: str) -> None:
    with pytest.raises(PolicyTextError) as caught:
        read_policies({"own.cedar": HOSTILE[name]})
    assert caught.value.zh
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    "body",
    [
        "(" * (MAX_DEPTH - 1) + "true" + ")" * (MAX_DEPTH - 1),
        "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1) + " == []",
        "true && " * MAX_CHAIN + "true",
        "context" + ".a" * MAX_CHAIN,
        "if true then " * (MAX_CHAIN // 3) + "true" + " else false" * (MAX_CHAIN // 3),
    ],
)
def test_what_the_bounds_let_through_is_safe_on_a_small_stack(body: str) -> None:
    program = (
        "import sys, threading\n"
        "from waybillguard.access.policytext import read_policies, policy_set\n"
        "threading.stack_size(512 * 1024)\n"
        "thread = threading.Thread(target=lambda: policy_set(read_policies({'a': sys.stdin.read()})))\n"
        "thread.start(); thread.join(); print('alive')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=HEAD + body + " };",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "alive\n"
    assert done.stderr == ""


@settings(deadline=None)
@given(text=st.text(alphabet='()[]{}"\\/;.&|!<>=+-*@?permitforbd \n值', max_size=200))
def test_random_text_is_read_or_refused_by_name(text: str) -> None:
    try:
        read_policies({"own.cedar": text})
    except PolicyTextError as error:
        message = error.zh
    else:
        message = "own.cedar"
    assert "own.cedar" in message


def test_brackets_in_strings_and_comments_do_not_count() -> None:
    guard_text("a", "// ((((((((((((((((\n" + HEAD + '"((((((((((((((((((" == "" };')


@pytest.mark.parametrize(
    "marks",
    [
        '@zh("可") @en("yes")',
        '@id("p") @en("yes")',
        '@id("p") @zh("可")',
        '@id("P q") @zh("可") @en("yes")',
        '@id("p") @zh("") @en("x")',
    ],
)
def test_a_policy_without_id_or_reasons_is_refused(marks: str) -> None:
    with pytest.raises(PolicyTextError):
        read_policies({"a": f"{marks} permit (principal, action, resource);"})


def test_two_policies_of_one_id_are_refused() -> None:
    one = '@id("p") @zh("可") @en("yes") permit (principal, action, resource);'
    with pytest.raises(PolicyTextError, match="p is used twice"):
        read_policies({"a": one, "b": one})


def test_scope_and_context_are_read_off_a_policy() -> None:
    text = (
        '@id("a") @zh("可") @en("yes") permit (principal in Role::"clerk", action in [Action::"view"], resource);'
        '@id("b") @zh("可") @en("yes") permit (principal, action, resource) unless { [1].contains(context.records) };'
    )
    first, second = read_policies({"f": text})
    assert (first.role, first.actions, first.reads_context) == ("clerk", frozenset({"view"}), False)
    assert (second.role, second.actions, second.reads_context) == (None, None, True)
    assert first.concerns("view", "clerk")
    assert not first.concerns("view", "owner")
