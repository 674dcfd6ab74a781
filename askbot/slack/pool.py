"""Workers: threads that take jobs from the store, and one that keeps their leases."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from askbot.errors import AskbotError
from askbot.slack.jobs import Jobs
from askbot.slack.request import Job

log = logging.getLogger("askbot.slack")

POLL = 1.0
"""Seconds between looks for what other processes left; what this one receives wakes a worker."""
HOUSEKEEPING = 3600.0


class Pool:
    """Workers over one queue.

    Args:
        handle: does a job to its end; it must not raise.
        lease: seconds a claim lasts without being renewed.
        keep_days: how long finished jobs are kept.
    """

    def __init__(
        self,
        jobs: Jobs,
        handle: Callable[[Job], None],
        *,
        workers: int,
        lease: float,
        keep_days: int,
    ) -> None:
        self._jobs, self._handle, self._lease, self._keep = jobs, handle, lease, keep_days
        self._wake = threading.Semaphore(0)
        self._stopping = threading.Event()
        self._renewing = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"slack-worker-{n}", daemon=True)
            for n in range(workers)
        ]
        self._keeper = threading.Thread(target=self._keep_leases, name="slack-leases", daemon=True)

    def start(self) -> None:
        """Take over what dead processes of this host had, and begin."""
        freed = self._jobs.free_dead()
        if freed:
            log.info("took over %d questions of a process that died", freed)
        self._keeper.start()
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """There is a new job."""
        self._wake.release()

    def stop(self, grace: float) -> bool:
        """Take no more jobs and wait for those at work; whether all ended in time.

        What is left stays in the store for the next start.
        """
        self._stopping.set()
        for _ in self._threads:
            self._wake.release()
        deadline = time.monotonic() + grace
        for thread in self._threads:
            if thread.ident is None:
                continue  # never started
            thread.join(max(0.0, deadline - time.monotonic()))
        self._renewing.set()
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                job = self._jobs.claim()
                if job is not None:
                    self._handle(job)
                    continue
            except AskbotError as error:
                log.warning("%s", error)
                self._stopping.wait(0.2)
            except Exception:
                log.exception("a worker failed")
                self._stopping.wait(1.0)
            self._wake.acquire(timeout=POLL)

    def _keep_leases(self) -> None:
        cleaned = 0.0
        while not self._renewing.wait(self._lease / 4):
            try:
                self._jobs.renew()
                if time.monotonic() - cleaned > HOUSEKEEPING:
                    cleaned = time.monotonic()
                    self._jobs.forget(self._keep)
            except AskbotError as error:
                log.warning("%s", error)
