"""What it costs a node to know who asks: `python -m tests.bench.identity [--rounds N]`.

Each question is another one of the same officer, whose token is known. Three are measured in turns,
in microseconds of this process's CPU: the bare verification by `cryptography` over the same bytes,
which is the floor; token and signature as the node's door checks them, wanted at most 150; and the
whole first step of the node, which also reads the question, takes its nonce and looks who is
revoked. Pin it to one core and leave the machine alone: `taskset -c 1`.
"""

import argparse
import asyncio
import gc
import platform
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from gateway.access.keys import ED25519, P256
from gateway.access.policy import Policy
from gateway.access.signatures import SigningKey
from gateway.access.strict import decode_base64url
from gateway.clock import SystemClock
from gateway.ledger.kinds import Side
from gateway.ledger.log import Ledger
from gateway.node.bank import Bank, Titles
from gateway.node.identify import Door
from gateway.node.parts import Parts
from gateway.node.revoking import Revoking
from gateway.question import read_question
from gateway.recorder import Recorder
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.desk import Desk
from tests.kit.notices import sign_notice, with_notices
from tests.kit.signed import key_of, make_federation

BANK = "TUR/persons"
WANTED_US = 150.0
WARM = 200
"""Questions before those that are measured."""
FLOOR, CHECKED, STEP = "bare verification", "token and signature", "the whole step"


class Silent:
    """A bank that is never asked."""


@asynccontextmanager
async def open_door(folder: Path, clock: SystemClock):
    """The door of a node of TUR, with a real ledger behind it."""
    federation = with_notices(make_federation())
    ledger = await Ledger.open(folder / "ledger", clock)
    with ThreadPoolExecutor(1) as workers:
        parts = Parts(
            federation=federation,
            member="TUR",
            banks={BANK: Bank(BANK, Silent(), Titles("", "", "", ""), workers)},
            policy=Policy.for_hub(),
            key=key_of("TUR"),
            recorder=Recorder(ledger, Side.NODE, "TUR", clock),
            clock=clock,
            workers=workers,
            revoking=Revoking(federation.id, "TUR", key_of("TUR"), clock, None),
        )
        yield Door(parts), federation
    await ledger.close()


def make_request(desk: Desk, notice: tuple[bytes, str]) -> wire.NodeServiceSearchRequest:
    """Another question of an officer, as the hub passes it on."""
    signed = desk.sign(desk.compose(nonce=secrets.token_bytes(16)))
    return wire.NodeServiceSearchRequest(
        bank=BANK,
        query=signed.query,
        token=signed.token,
        signature=signed.signature,
        public_key=signed.public_key,
        notice=notice[0],
        notice_signature=notice[1],
    )


def bare(key: SigningKey, request: wire.NodeServiceSearchRequest) -> Callable[[], object]:
    """The verification of a question's signature, and nothing else."""
    head, _, raw = request.signature.partition("..")
    signature, data = decode_base64url(raw), f"{head}.".encode() + request.query
    public = key.private_key.public_key()
    if isinstance(public, Ed25519PublicKey):
        return lambda: public.verify(signature, data)
    parts = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    der = encode_dss_signature(*parts)
    return lambda: public.verify(der, data, ECDSA(SHA256()))


def check(door: Door, request: wire.NodeServiceSearchRequest) -> Callable[[], object]:
    """Token and signature of a question, as the door checks them."""
    question = read_question(request.query)
    return lambda: door._verify(request, question, door._verifier.verify(request.token))


def measure(work: Callable[[], object]) -> float:
    """Microseconds of this process's CPU."""
    began = time.process_time_ns()
    work()
    return (time.process_time_ns() - began) / 1e3


async def measure_step(door: Door, desk: Desk, request: wire.NodeServiceSearchRequest) -> float:
    """The same for the whole step."""
    call = desk.call("hub", 5.0)
    began = time.process_time_ns()
    await door.identify(request, call)
    return (time.process_time_ns() - began) / 1e3


async def sample(kind: str, rounds: int) -> dict[str, list[float]]:
    """Measure one kind of query key."""
    clock, key = SystemClock(), SigningKey.generate(kind)
    times: dict[str, list[float]] = {FLOOR: [], CHECKED: [], STEP: []}
    with tempfile.TemporaryDirectory() as folder:
        async with open_door(Path(folder), clock) as (door, federation):
            desk = Desk(federation, clock, key=key)
            notice = sign_notice(clock)
            for number in range(WARM + rounds):
                request = make_request(desk, notice)
                found = {
                    FLOOR: measure(bare(key, request)),
                    CHECKED: measure(check(door, request)),
                    STEP: await measure_step(door, desk, request),
                }
                for name, value in found.items() if number >= WARM else ():
                    times[name].append(value)
    return times


def tell(kind: str, times: dict[str, list[float]]) -> bool:
    """Print medians and p99; return whether token and signature are cheap enough."""
    for name, values in times.items():
        p99 = statistics.quantiles(values, n=100)[98]
        print(f"{kind:8} {name:20} median {statistics.median(values):7.1f} us   p99 {p99:7.1f} us")
    median = statistics.median(times[CHECKED])
    held = median <= WANTED_US
    above = median - statistics.median(times[FLOOR])
    print(f"{kind:8} above the floor {above:.1f} us; at most {WANTED_US:.0f} us: {yes(held)}")
    return held


def yes(held: bool) -> str:  # noqa: FBT001 - a word for a truth value
    return "yes" if held else "NO"


async def main(rounds: int) -> bool:
    """Measure both kinds; return whether both are cheap enough."""
    print(
        f"{rounds} questions of each kind; {platform.machine()}, Python {platform.python_version()}"
    )
    gc.freeze()
    return all([tell(kind, await sample(kind, rounds)) for kind in (P256, ED25519)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2_000)
    raise SystemExit(not asyncio.run(main(parser.parse_args().rounds)))
