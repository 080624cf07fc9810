"""``make bench ROOM=access``: decisions by 50 policies, beside Cedar with text each call and pycasbin.

The requests are a mix: 50 people at 50 devices ask for labels, searches, views and reveals, most of them
allowed. Peers get the same question. Cedar with text each call is what a program does that keeps no handles. pycasbin is
measured in the environment of the peers.
"""

import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from time import thread_time
from typing import Final

import cedarpy

from benchmarks import NO_PEERS, peers_python
from waybillguard.access.facts import ask_json, standing_json
from waybillguard.access.policybook import PolicyBook
from waybillguard.access.policytext import policy_set
from waybillguard.access.quotas import MOST, Charged, Holder, Limits, Usage, charge
from waybillguard.access.request import (
    Device,
    OrderFacts,
    Person,
    Place,
    QuotaFacts,
    Request,
    ShiftFacts,
    SignIn,
)
from waybillguard.access.settings import default_settings
from waybillguard.access.whatif import book_of

POLICIES: Final = 50
PEOPLE: Final = 50
TARGET: Final = 15_000
_ZONE: Final = timezone(timedelta(hours=8))
_ACTIONS: Final = ("print", "view", "search", "reveal")
_PER_SECOND: Final = "decisions/CPU-s"

type Row = dict[str, str | float]

_CASBIN: Final = """
import json, sys, time
import casbin
count, rounds = int(sys.argv[1]), int(sys.argv[2])
HEAD = '''
[request_definition]
r = sub, act
[policy_definition]
p = sub_rule, act, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = '''
class Sub: pass
sub = Sub()
sub.role, sub.on, sub.purpose, sub.days = "clerk", True, "after_sales", 300
def rate(matcher, rules):
    model = casbin.Model()
    model.load_model_from_text(HEAD + matcher)
    enforcer = casbin.Enforcer(model)
    for rule in rules:
        enforcer.add_policy(*rule)
    assert enforcer.enforce(sub, "reveal")
    best = 1e9
    for _ in range(rounds):
        start = time.thread_time()
        for _ in range(count):
            enforcer.enforce(sub, "reveal")
        best = min(best, time.thread_time() - start)
    return count / best
plain = [("role%d" % n, "reveal", "deny") for n in range(49)] + [("clerk", "reveal", "allow")]
rules = [("r.sub.days > %d" % (10_000 + n), "reveal", "deny") for n in range(25)]
rules += [("r.sub.role == 'role%d'" % n, "reveal", "allow") for n in range(24)]
rules += [("r.sub.role == 'clerk' and r.sub.on and r.sub.purpose != ''", "reveal", "allow")]
print(json.dumps([
    rate("r.sub.role == p.sub_rule && r.act == p.act && r.sub.on && r.sub.purpose != ''", plain),
    rate("r.act == p.act && eval(p.sub_rule)", rules),
]))
"""


def run(decisions: int = 5_000, rounds: int = 5) -> list[Row]:
    """Measure and return rows of name, value, unit, note; the best of ``rounds`` counts."""
    book = _book()
    requests = _requests(decisions)

    def decide_all() -> None:
        for request in requests:
            book.decide(request)

    decide_all()
    allowed = sum(book.decide(request).allowed for request in requests)
    ours = decisions / _best(decide_all, rounds)
    reveals = [request for request in requests if request.action == "reveal"]
    slow = requests[: max(1, decisions // 20)]
    text, handle = "\n".join(book.files.values()), policy_set(book.policies)
    kept = len(slow) / _best(lambda: [_plain(one, handle) for one in slow], rounds)
    peer = len(slow) / _best(lambda: [_plain(one, text) for one in slow], rounds)
    return [
        _row(
            f"decide, {len(book.policies)} policies",
            ours,
            _PER_SECOND,
            f"mix, {allowed / decisions:.0%} allowed; target {TARGET:,}: {'met' if ours >= TARGET else 'NOT met'}",
        ),
        _row(
            "decide, reveals only",
            len(reveals) / _best(lambda: [book.decide(one) for one in reveals], rounds),
            _PER_SECOND,
            "most policies read the context here",
        ),
        _row(
            "decide, first time for each person",
            _cold(requests, rounds),
            _PER_SECOND,
            "nothing kept of the person; loading the book is not counted",
        ),
        _row(
            "limit: Cedar, one policy, empty context",
            _floor(decisions, rounds),
            _PER_SECOND,
            "engine and wrapper",
        ),
        _row(
            "Cedar, kept policies, one call over all",
            kept,
            _PER_SECOND,
            f"ours is {ours / kept:.1f} times as fast",
        ),
        _row("peer: Cedar, text each call", peer, _PER_SECOND, f"ours is {ours / peer:.0f} times as fast"),
        *_casbin(ours, max(1, decisions // 5), rounds),
        _row(
            "load and validate the book",
            1 / _best(lambda: [_book()], rounds),
            "books/CPU-s",
            "at each change",
        ),
        _row(
            "charge a quota, as values",
            decisions / _best(lambda: _charges(decisions), rounds),
            "charges/CPU-s",
            "five gates; storage is the service's",
        ),
    ]


def _book() -> PolicyBook:
    """Return the default book filled up to 50 with policies of the kind an owner adds."""
    missing = POLICIES - len(book_of(default_settings()).policies)
    kinds = (
        'forbid (principal, action == Action::"reveal", resource) when {{ context.purpose == "no-{n}" }};',
        'forbid (principal, action, resource) when {{ principal.place.site == "closed-{n}" }};',
        'forbid (principal, action, resource) when {{ context has order && context.order.lane == "X{n}" }};',
        'permit (principal, action == Action::"view", resource) when {{ principal.agency == "a-{n}" }};',
    )
    own = [
        f'@id("own-{n}") @zh("自定规则") @en("own rule") {kinds[n % len(kinds)].format(n=n)}'
        for n in range(missing)
    ]
    return book_of(default_settings(), {"own.cedar": "\n".join(own)})


def _requests(count: int) -> list[Request]:
    at = datetime(2026, 11, 24, 10, tzinfo=_ZONE)
    made: list[Request] = []
    for n in range(count):
        action, who = _ACTIONS[n % len(_ACTIONS)], n // len(_ACTIONS) % PEOPLE
        made.append(
            Request(
                at=at,
                person=Person(
                    id=f"p-{who}",
                    tenant="t-1",
                    role="service" if action == "reveal" else "clerk",
                    employed_from=date(2026, 1, 5),
                    first_day=date(2026, 1, 5),
                    identity_checked=True,
                ),
                action=action,
                tenant="t-1",
                device=Device(id=f"d-{who}", tenant="t-1", kind="print_station", enrolled=True),
                place=Place(site="s-1", station=f"w-{who}", print_room=True),
                sign_in=SignIn(method="second_factor", stepped_up=True),
                shift=ShiftFacts(on=n % 20 != 0),
                purpose="after_sales" if action == "reveal" else "",
                order=OrderFacts(tenant="t-1", merchant=f"m-{n % 30}", lane="B"),
                quota=QuotaFacts(left=n % 40 + 1),
            )
        )
    return made


def _plain(request: Request, policies: str | cedarpy.PolicySet) -> bool:
    return cedarpy.is_authorized(
        {
            "principal": {"type": "Person", "id": request.person.id},
            "action": {"type": "Action", "id": request.action},
            "resource": {"type": "Tenant", "id": request.tenant},
            "context": ask_json(request),
        },
        policies,
        standing_json(request),
    ).allowed


def _cold(requests: Sequence[Request], rounds: int) -> float:
    """Return the best rate at which a fresh book decides one request a person, from nothing kept."""
    firsts = list({(one.person.id, one.action): one for one in requests}.values())
    times: list[float] = []
    for _ in range(rounds):
        book = _book()
        for action in _ACTIONS:  # the handles of a role and action are made once a book, not once a person
            first = next(one for one in firsts if one.action == action)
            book.decide(first)
        rest = firsts[len(_ACTIONS) :]
        start = thread_time()
        for request in rest:
            book.decide(request)
        times.append((thread_time() - start) / len(rest))
    return 1 / min(times)


def _floor(count: int, rounds: int) -> float:
    policies = cedarpy.PolicySet.from_str("permit (principal, action, resource);")
    entities = cedarpy.Entities.from_json_str("[]")
    request = {
        "principal": {"type": "Person", "id": "p"},
        "action": {"type": "Action", "id": "view"},
        "resource": {"type": "Tenant", "id": "t"},
        "context": "{}",
    }
    return count / _best(
        lambda: [cedarpy.is_authorized(request, policies, entities) for _ in range(count)], rounds
    )


def _casbin(ours: float, count: int, rounds: int) -> list[Row]:
    python = peers_python()
    names = (
        f"peer: pycasbin, {POLICIES} rules, one matcher",
        f"peer: pycasbin, {POLICIES} rules with conditions",
    )
    why = f"not tried: {NO_PEERS}"
    if python:
        done = subprocess.run(  # noqa: S603 - the caller's own interpreter
            [python, "-c", _CASBIN, str(count), str(rounds)],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode == 0:
            rates = [float(rate) for rate in json.loads(done.stdout)]
            return [
                _row(name, rate, _PER_SECOND, f"four facts; ours is {ours / rate:.1f} times as fast")
                for name, rate in zip(names, rates, strict=True)
            ]
        why = "not tried: that interpreter has no working pycasbin"
    return [_row(name, 0.0, _PER_SECOND, why) for name in names]


def _charges(count: int) -> None:
    limits, now = Limits(MOST, MOST, MOST, MOST, 1000), datetime(2026, 11, 24, 10, tzinfo=_ZONE)
    usage, holder = Usage(), Holder("p-1", "d-1", "day 2026-11-24")
    for n in range(count):
        answer = charge(usage, limits, holder, now, (n % 50).to_bytes(4))
        if isinstance(answer, Charged):
            usage = answer.usage


def _best(work: Callable[[], object], rounds: int) -> float:
    times: list[float] = []
    for _ in range(rounds):
        start = thread_time()
        work()
        times.append(thread_time() - start)
    return min(times)


def _row(name: str, value: float, unit: str, note: str) -> Row:
    return {"name": name, "value": round(value, 3 if value < 10 else 0), "unit": unit, "note": note}


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']:42} {row['value']:>12,} {row['unit']:16} {row['note']}")
