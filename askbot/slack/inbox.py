"""Deliveries on their way into the store: one thread keeps all that have come in at once.

So a burst costs one write, and those who answer Slack wait for nobody but this thread.
"""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future

from askbot.slack.jobs import Jobs
from askbot.slack.request import Request

TOGETHER = 64
PATIENCE = 2.7
"""Seconds; Slack wants its answer within 3, and sends again what had none."""


class Inbox:
    """Keeps deliveries; every thread may hand some in."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._waiting: queue.SimpleQueue[tuple[str, Request, Future[str]] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._keep_all, name="slack-inbox", daemon=True)
        self._thread.start()

    def keep(self, event_id: str, request: Request | None) -> str:
        """Keep a delivery, and say what became of it as `Jobs.receive` does.

        Raises:
            StoreError and its kind, TimeoutError: it is not sure to be kept; do not acknowledge.
        """
        if request is None:
            return "ignored"
        outcome: Future[str] = Future()
        self._waiting.put((event_id, request, outcome))
        return outcome.result(PATIENCE)

    def close(self) -> None:
        """Keep what was handed in, and end."""
        self._waiting.put(None)
        self._thread.join(PATIENCE)

    def _keep_all(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first]
            while len(batch) < TOGETHER:
                try:
                    following = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    self._waiting.put(None)
                    break
                batch.append(following)
            try:
                outcomes = self._jobs.receive_all([(event, request) for event, request, _ in batch])
            except Exception as error:
                for _, _, outcome in batch:
                    outcome.set_exception(error)
            else:
                for (_, _, outcome), said in zip(batch, outcomes, strict=True):
                    outcome.set_result(said)
