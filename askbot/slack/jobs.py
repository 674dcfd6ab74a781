"""What Slack asked for, kept until it is done: received once, taken by one worker, posted once.

A job goes queued → working → done (or failed, or refused when too many wait). A working job has a
lease that its process renews; when the process dies the job is taken over. `posting` is set before
the first call that shows anything, so whoever takes over knows to look whether it was shown.
"""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from askbot.slack.database import Database, tables
from askbot.slack.request import Job, Request, job_of

if TYPE_CHECKING:
    from sqlalchemy import Connection


def worker_id() -> str:
    """This process, told from others by host, process id and the moment it started."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Jobs:
    """The queue in the store."""

    def __init__(self, database: Database, worker: str, *, lease: float, limit: int) -> None:
        self._base = database
        self.worker = worker
        self._lease = lease
        self._limit = limit

    def receive(self, event_id: str, request: Request) -> str:
        """Keep a delivery before it is acknowledged.

        Returns:
            "new", "duplicate" (of the delivery or the request), "refused" (too many wait; the job
            is kept so that a worker says so) or "ignored".
        """
        return self.receive_all([(event_id, request)])[0]

    def receive_all(self, deliveries: Sequence[tuple[str, Request]]) -> list[str]:
        """Keep several deliveries in one transaction; as `receive` for each."""
        import sqlalchemy as sa

        jobs = tables().jobs
        unfinished = jobs.c.state.in_(("queued", "working"))
        with self._base.writing(urgent=True) as db:
            waiting = db.execute(
                sa.select(sa.func.count()).select_from(jobs).where(unfinished)
            ).scalar_one()
            outcomes = []
            for event_id, request in deliveries:
                outcomes.append(self._receive(db, event_id, request, waiting))
                waiting += outcomes[-1] == "new"
        return outcomes

    def _receive(self, db: Connection, event_id: str, request: Request, waiting: int) -> str:
        import sqlalchemy as sa

        t, now = tables(), time.time()
        known = t.threads.c
        if request.only_known:
            row = db.execute(
                sa.select(known.spoken_to).where(known.thread == request.thread)
            ).first()
            if row is None or not (row[0] or request.words.rstrip().endswith("?")):
                return "ignored"
        seen = {"event_id": event_id, "seen": now}
        if event_id and not self._base.insert_once(db, t.events, seen):
            return "duplicate"
        state = "queued" if waiting < self._limit else "refused"
        values = {
            "id": request.id,
            "kind": request.kind,
            "team": request.team,
            "channel": request.channel,
            "user_id": request.user,
            "words": request.words,
            "reply_to": request.reply_to,
            "message_ts": request.message_ts,
            "thread": request.thread,
            "extra": json.dumps(request.extra),
            "state": state,
            "created": now,
            "updated": now,
        }
        if not self._base.insert_once(db, t.jobs, values):
            return "duplicate"
        if request.kind == "question" and not request.only_known:
            asked = {"thread": request.thread, "page": "", "spoken_to": True, "updated": now}
            self._base.insert_once(db, t.threads, asked)
        return "new" if state == "queued" else "refused"

    def claim(self) -> Job | None:
        """Take the oldest job that is free; jobs of one thread go one after another."""
        import sqlalchemy as sa

        jobs, now = tables().jobs, time.time()
        c, other = jobs.c, jobs.alias()
        free = sa.or_(
            sa.and_(c.state.in_(("queued", "refused")), c.not_before <= now),
            sa.and_(c.state.in_(("working", "refusing")), c.lease < now),
        )
        earlier = sa.exists().where(
            other.c.thread == c.thread,
            other.c.thread != "",
            other.c.seq < c.seq,
            other.c.state.in_(("queued", "working")),
        )
        with self._base.writing() as db:
            row = (
                db.execute(
                    sa.select(jobs)
                    .where(free, sa.or_(c.state.in_(("refused", "refusing")), ~earlier))
                    .order_by(sa.case((c.state.in_(("refused", "refusing")), 0), else_=1), c.seq)
                    .limit(1)
                    .with_for_update(skip_locked=True)
                )
                .mappings()
                .first()
            )
            if row is None:
                return None
            refused = row["state"] in ("refused", "refusing")
            db.execute(
                sa.update(jobs)
                .where(c.seq == row["seq"])
                .values(
                    state="refusing" if refused else "working",
                    worker=self.worker,
                    lease=now + self._lease,
                    attempts=row["attempts"] + 1,
                    updated=now,
                )
            )
        return job_of(dict(row), refused)

    def begin_posting(self, job: Job, *, page: str = "", answer: str = "") -> bool:
        """Note that from now on something may be shown; False if the job is no longer ours."""
        values: dict[str, Any] = {"posting": True}
        if answer:
            values |= {"page": page, "answer": answer}
        return self._ours(job, values)

    def note_posted(self, job: Job, posted: Sequence[str]) -> bool:
        """Keep the timestamps of the messages shown so far."""
        return self._ours(job, {"posted": json.dumps(list(posted))})

    def finish(
        self, job: Job, posted: Sequence[str] = (), *, state: str = "done", error: str = ""
    ) -> None:
        """The job's end: "done" with the messages shown, or "failed" with the reason."""
        values = {"state": state, "error": error, "worker": "", "lease": 0.0}
        self._ours(job, {**values, "posted": json.dumps(list(posted))})

    def postpone(self, job: Job, seconds: float, error: str) -> None:
        """Try again later: Slack could not be reached."""
        state = "refused" if job.refused else "queued"
        later = {"state": state, "not_before": time.time() + seconds, "lease": 0.0}
        self._ours(job, {**later, "error": error, "worker": ""})

    def renew(self) -> None:
        """Extend the leases of this process."""
        import sqlalchemy as sa

        c, now = tables().jobs.c, time.time()
        with self._base.writing() as db:
            db.execute(
                sa.update(tables().jobs)
                .where(c.worker == self.worker, c.state.in_(("working", "refusing")))
                .values(lease=now + self._lease)
            )

    def free_dead(self) -> int:
        """Free at once what dead processes of this host had taken; how many jobs."""
        import sqlalchemy as sa

        c = tables().jobs.c
        host, pid, _ = self.worker.split(":")
        freed = 0
        with self._base.writing() as db:
            held = db.execute(
                sa.select(c.seq, c.worker).where(
                    c.state.in_(("working", "refusing")), c.worker.startswith(f"{host}:")
                )
            ).all()
            for seq, worker in held:
                other = worker.split(":")[1]
                if worker != self.worker and (other == pid or not _alive(int(other))):
                    db.execute(sa.update(tables().jobs).where(c.seq == seq).values(lease=0.0))
                    freed += 1
        return freed

    def job(self, job_id: str) -> Job | None:
        """A job by its id, if it is still kept."""
        import sqlalchemy as sa

        t = tables().jobs
        with self._base.reading() as db:
            row = db.execute(sa.select(t).where(t.c.id == job_id)).mappings().first()
        return None if row is None else job_of(dict(row), False)

    def counts(self) -> dict[str, int]:
        """Jobs by state."""
        import sqlalchemy as sa

        c = tables().jobs.c
        with self._base.reading() as db:
            rows = db.execute(sa.select(c.state, sa.func.count()).group_by(c.state)).all()
        return {str(state): int(count) for state, count in rows}

    def forget(self, days: int) -> None:
        """Drop finished jobs and deliveries older than this; Slack repeats within hours."""
        import sqlalchemy as sa

        t, limit = tables(), time.time() - days * 86400
        finished = t.jobs.c.state.in_(("done", "failed"))
        with self._base.writing() as db:
            db.execute(sa.delete(t.jobs).where(finished, t.jobs.c.updated < limit))
            db.execute(sa.delete(t.events).where(t.events.c.seen < limit))

    def _ours(self, job: Job, values: dict[str, Any]) -> bool:
        with self._base.writing() as db:
            return self._update(db, job, values)

    def _update(self, db: Connection, job: Job, values: dict[str, Any]) -> bool:
        import sqlalchemy as sa

        jobs = tables().jobs
        done = db.execute(
            sa.update(jobs)
            .where(jobs.c.id == job.id, jobs.c.worker == self.worker)
            .values(**values, updated=time.time())
        )
        return bool(done.rowcount)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
