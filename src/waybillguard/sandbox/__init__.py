"""Parses untrusted input in a child process with limited resources and rights, which may crash without harm.

The child gets its input only on standard input, so its arguments and environment contain no personal data. It writes
no file and leaves no core dump. Its standard error is discarded, because a parser's message may quote the input. It
limits its own memory and processor time before it reads any input (`confine`).

A module with ``if __name__ == "__main__": serve(...)`` is such a child; `ask` starts it, sends one value and receives
one. Children that answer in many frames are started with `start` and have their own protocol.
"""

from waybillguard.sandbox.child import Bounds, confine, serve
from waybillguard.sandbox.parent import SandboxError, ask, start

__all__ = ["Bounds", "SandboxError", "ask", "confine", "serve", "start"]
