"""The filter, run instruction by instruction: what it refuses, on which processor, and that it lets the rest pass."""

import struct

import pytest

from waybillguard.sandbox import seccomp

ALLOWED, REFUSED = 0x7FFF0000, 0x00050001
X86, ARM = 0xC000003E, 0xC00000B7
MKDIRAT = {"x86_64": 258, "aarch64": 34}
SOCKET = {"x86_64": 41, "aarch64": 198}
UMOUNT = {"x86_64": 166, "aarch64": 39}


def run(code: bytes, arch: int, number: int) -> int:
    """Interpret classic BPF over a seccomp_data (linux/filter.h)."""
    data = struct.pack("=iI", number, arch)
    held, place = 0, 0
    while True:
        what, if_true, if_false, operand = struct.unpack_from("=HBBI", code, place * 8)
        place += 1
        match what:
            case 0x20:
                (held,) = struct.unpack_from("=I", data, operand)
            case 0x15:
                place += if_true if held == operand else if_false
            case 0x35:
                place += if_true if held >= operand else if_false
            case 0x06:
                return operand
            case _:
                raise AssertionError(f"no such instruction: {what:#x}")


@pytest.mark.parametrize(("machine", "arch"), [("x86_64", X86), ("aarch64", ARM)])
def test_every_named_call_is_refused_and_others_pass(machine: str, arch: int) -> None:
    code = seccomp.program((*seccomp.NETWORK, *seccomp.OTHERS), machine)
    assert run(code, arch, SOCKET[machine]) == REFUSED
    assert run(code, arch, UMOUNT[machine]) == REFUSED
    assert run(code, arch, 425) == REFUSED, "io_uring has one number everywhere"
    assert run(code, arch, MKDIRAT[machine]) == ALLOWED


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_calls_by_the_numbers_of_another_processor_are_refused(machine: str) -> None:
    code = seccomp.program(seccomp.NETWORK, machine)
    assert run(code, 0x40000003, 1) == REFUSED, "32-bit x86 numbers its calls otherwise"


def test_the_second_set_of_numbers_of_x86_is_refused() -> None:
    code = seccomp.program(seccomp.NETWORK, "x86_64")
    assert run(code, X86, 0x40000000 + 41) == REFUSED
    assert run(code, X86, 0) == ALLOWED
