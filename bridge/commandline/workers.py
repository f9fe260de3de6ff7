"""Several scenarios at once, each in a process; results come in the order they were asked for.

Workers are fresh processes, so nothing of one run can reach another. They talk through pipes; an
interrupt is the parent's to answer, which ends them.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Final, TypeAlias

from bridge.commandline.playing import Order, Played, Show, play
from bridge.errors import InternalError, LockstepError
from bridge.testbed.bug_bundle import last_resort

TOLD_EVERY_S: Final = 0.2
Answer: TypeAlias = str | Played | LockstepError


def play_all(orders: Sequence[Order], jobs: int, show: Show) -> Iterator[Played]:
    """Play every order, at most ``jobs`` at once. Raises what a run raises."""
    if min(jobs, len(orders)) <= 1:
        for order in orders:
            yield play(order, show)
        return
    workers = [_Worker.start() for _ in range(min(jobs, len(orders)))]
    try:
        yield from _spread(orders, workers, show)
    finally:
        for worker in workers:
            worker.stop()


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection[tuple[int, Order], tuple[int, Answer]]
    status: str = ""

    @classmethod
    def start(cls) -> _Worker:
        context = get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there,), daemon=True)
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child inherits this
        try:
            process.start()
        finally:
            signal.signal(signal.SIGINT, handler)
        there.close()
        return cls(process, here)

    def stop(self) -> None:
        self.process.terminate()
        self.process.join()
        self.connection.close()


def _spread(orders: Sequence[Order], workers: Sequence[_Worker], show: Show) -> Iterator[Played]:
    waiting = list(enumerate(orders))[::-1]
    done: dict[int, Played] = {}
    told = 0
    busy = {worker.connection: worker for worker in workers}
    for worker in workers:
        worker.connection.send(waiting.pop())
    while busy:
        for ready in wait(list(busy)):
            worker = next(worker for known, worker in busy.items() if known is ready)
            index, answer = _received(worker)
            match answer:
                case str():
                    worker.status = answer
                case Played():
                    done[index], worker.status = answer, ""
                    if waiting:
                        worker.connection.send(waiting.pop())
                    else:
                        del busy[worker.connection]
                case LockstepError():
                    raise answer
        statuses = "; ".join(worker.status for worker in workers if worker.status)
        show(f"{len(done)} of {len(orders)} done; {statuses}")
        while told in done:
            yield done.pop(told)
            told += 1


def _received(worker: _Worker) -> tuple[int, Answer]:
    try:
        return worker.connection.recv()
    except EOFError:
        worker.process.join()
        message = f"a worker process ended by itself, with {worker.process.exitcode}"
        raise InternalError("E-INTERNAL-WORKER", message) from None


def _serve(connection: Connection[tuple[int, Answer], tuple[int, Order]]) -> None:
    """A worker's life: play what comes until the parent ends it."""
    while True:
        index, order = connection.recv()
        connection.send((index, _answer(order, _Teller(connection, index))))


def _answer(order: Order, show: Show) -> Played | LockstepError:
    answer: Played | LockstepError | None = None
    with last_resort:
        try:
            answer = play(order, show)
        except LockstepError as error:
            answer = error
    if answer is None:
        hint = f"please send {last_resort.bundle}"
        return InternalError("E-INTERNAL-UNFORESEEN", "Lockstep itself failed", hint=hint)
    return answer


@dataclass(slots=True)
class _Teller:
    """Passes on how far a run is, now and then."""

    connection: Connection[tuple[int, Answer], tuple[int, Order]]
    index: int
    last_s: float = 0

    def __call__(self, text: str) -> None:
        if time.monotonic() >= self.last_s + TOLD_EVERY_S:
            self.last_s = time.monotonic()
            self.connection.send((self.index, text))
