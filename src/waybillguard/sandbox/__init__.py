"""A child process for what comes from outside: bounded, told nothing else, and free to die of what it reads.

The child gets its input on standard input alone: nothing personal stands in its arguments or environment. It writes
no file and leaves no core dump, and what it says on standard error is thrown away, because a parser's complaint may
quote what it reads. Its memory and processor time are bounded by itself before it looks at anything (`confine`).

A module with ``if __name__ == "__main__": serve(...)`` is such a child; `ask` starts it, hands in one value and
takes one back. Those that answer in many frames start it with `start` and keep a protocol of their own.
"""

from waybillguard.sandbox.child import Bounds, confine, serve
from waybillguard.sandbox.parent import SandboxError, ask, start

__all__ = ["Bounds", "SandboxError", "ask", "confine", "serve", "start"]
