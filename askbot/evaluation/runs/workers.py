"""Doing many like things on a few threads, so that an end in the middle loses nothing done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")
Done = TypeVar("Done")


def each(
    things: Iterable[Thing],
    work: Callable[[Thing], Done],
    keep: Callable[[Done], object],
    *,
    workers: int = 1,
) -> None:
    """Work on each thing and hand what comes of it to `keep`; with several workers in any order.

    The first is worked on alone: what is loaded when it is needed must not be loaded twice. Where
    the work raises, or is interrupted, what is being worked on is finished and kept before that is
    passed on, so that nothing which was paid for is lost.

    Args:
        work: called in the workers' threads, with one worker in this one.
        keep: called in this thread, with one result at a time.
    """
    rest = iter(things)
    for thing in rest if workers == 1 else islice(rest, 1):
        keep(work(thing))
    waiting: set[Future[Done]] = set()

    def keep_finished() -> None:
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            waiting.discard(future)
            keep(future.result())

    with ThreadPoolExecutor(workers, thread_name_prefix="eval") as pool:
        try:
            for thing in rest:
                waiting.add(pool.submit(work, thing))
                if len(waiting) > workers:
                    keep_finished()
            while waiting:
                keep_finished()
        except BaseException:
            for future in [future for future in waiting if not future.cancel()]:
                if future.exception() is None:
                    keep(future.result())
            raise
