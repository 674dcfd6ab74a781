"""What the pages about runs say in figures and words, whatever they are written in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from askbot.evaluation.scores.causes import MEANING
from askbot.evaluation.scores.items import Item
from askbot.evaluation.scores.metrics import BY_NAME, Metric, Unit
from askbot.evaluation.scores.report import Figure, Report
from askbot.evaluation.sets.questions import Ask

HEADLINES = (
    "right",
    "recall@5",
    "answer_accuracy",
    "citations_verified",
    "refusal_recall",
    "latency_p95_ms",
)
"""The figures that stand at the top of a page, as far as the run has them."""

TAG_METRICS = ("recall@5", "answer_accuracy", "thread_exact", "refusal_recall")
"""What is said of each tag beside how many of its questions were handled right."""

TAGS = 100
"""Tags that a page has room for; report.json has all."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Overall", ("right",)),
    ("Retrieval", ("recall@", "R@", "mrr", "ndcg@")),
    ("Answers", ("answer_", "has_answer_", "judge_")),
    ("Citations", ("citation", "support_", "misattributed", "thread_exact")),
    ("Routes and declining", ("route_", "refusal_", "false_declines")),
    ("Confidence", ("auroc", "ece", "aurc")),
    ("Speed and cost", ("latency_", "input_tokens", "output_tokens", "cost_")),
)
"""Headings of the metrics, and how the names below each begin."""

OTHER = "Other"
HASH = 8
"""Characters of a hash that people compare."""
PAGES = 5
"""Pages that are named; of more only the number is given."""

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Failures:
    """The questions that went wrong at one step.

    Attributes:
        tags: (tag, how many of these questions have it), the most frequent first.
        items: (place in the report, item), in the set's order.
    """

    cause: str
    meaning: str
    tags: tuple[tuple[str, int], ...]
    items: tuple[tuple[int, Item], ...]


def metric_of(name: str) -> Metric:
    """The metric of this name."""
    return BY_NAME[name]


def amount(value: float, unit: Unit = "share") -> str:
    """A figure with its unit; shares have three digits, as gates and the command line do."""
    if unit == "ms":
        return f"{value:,.0f} ms" if abs(value) >= 100 else f"{value:.1f} ms"
    if unit == "tokens":
        return f"{value:,.1f}"
    return f"${value:.4f}" if unit == "usd" else f"{value:.3f}"


def signed(value: float, unit: Unit = "share") -> str:
    """A difference, with its sign."""
    return f"{'+' if value >= 0 else '−'}{amount(abs(value), unit)}"


def headline(value: float, unit: Unit = "share") -> str:
    """A figure to be read at a glance."""
    return f"{value:.1%}".replace("%", "\u00a0%") if unit == "share" else amount(value, unit)


def interval(figure: Figure) -> str:
    """The 95 % interval of a figure."""
    unit = metric_of(figure.metric).unit
    return f"{amount(figure.low, unit)} – {amount(figure.high, unit)}"


def grouped(figures: Sequence[Figure]) -> list[tuple[str, list[Figure]]]:
    """The figures below their headings, both in order; headings without figures are left out."""
    found: dict[str, list[Figure]] = {name: [] for name, _ in (*GROUPS, (OTHER, ()))}
    for figure in figures:
        found[_heading(figure.metric)].append(figure)
    return [(name, members) for name, members in found.items() if members]


def _heading(metric: str) -> str:
    return next((name for name, starts in GROUPS if metric.startswith(starts)), OTHER)


def counted(number: int, thing: str) -> str:
    """ "1 question", "1,234 questions"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def failures(report: Report) -> list[Failures]:
    """The questions that went wrong, by the step at which they did, the largest group first."""
    groups = []
    for cause in report.causes:
        items = tuple((n, item) for n, item in enumerate(report.items) if item.cause == cause)
        tags = Counter(tag for _, item in items for tag in item.tags)
        groups.append(Failures(cause, meaning(cause), tuple(tags.most_common()), items))
    return sorted(groups, key=lambda group: -len(group.items))


def meaning(cause: str) -> str:
    """What a cause means; nothing for one that a later askbot named."""
    return next((words for name, words in MEANING.items() if name == cause), "")


def expected(ask: Ask) -> str:
    """What a right answer says and cites, in one line."""
    if not ask.answerable:
        return "to be declined"
    parts = []
    if ask.all_answers:
        parts.append(" and ".join(f"“{text}”" for text in ask.all_answers))
    if ask.answers:
        parts.append(" or ".join(f"“{text}”" for text in ask.answers))
    if ask.all_evidence:
        parts.append(f"from exactly {', '.join(ask.all_evidence)}")
    if ask.evidence:
        parts.append(f"from {' or '.join(ask.evidence)}")
    return ", ".join(parts)


def facts(record: Mapping[str, Any], report: Report) -> list[Fact]:
    """What was run, from `run.json`; what an older run did not note is left out."""
    found = [
        ("asked", _asked(record, report)),
        ("answered by", ", ".join(report.engines)),
        ("judged by", "" if report.judge is None else str(report.judge).removeprefix("judge ")),
        ("askbot", _versioned(record.get("version"), "code", record.get("code_sha256"))),
        ("settings", _settings(record)),
        ("question set", f"hash {report.questions_sha256[:HASH]}"),
        ("pages", _pages(record)),
        ("speed", _speed(record, report)),
    ]
    return [(name, value) for name, value in found if value]


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Fact]:
    """In what two runs were made differently, from their `run.json`; empty if nothing is known."""
    found = []
    for name, key in (("version", "version"), ("code", "code_sha256"), ("pages", "index_sha256")):
        old, new = before.get(key), after.get(key)
        if old != new and old is not None and new is not None:
            found.append((name, f"{_short(old)} → {_short(new)}"))
    old, new = _mapping(before, "config"), _mapping(after, "config")
    for name in dict.fromkeys((*old, *new)):
        if old and new and old.get(name) != new.get(name):
            found.append((name, f"{_value(old.get(name))} → {_value(new.get(name))}"))
    return found


def _asked(record: Mapping[str, Any], report: Report) -> str:
    workers = record.get("workers")
    parts = [counted(len(report.items), "question")]
    parts += [f"from {_moment(record['started'])}"] if record.get("started") else []
    parts += [f"to {_moment(record['finished'])}"] if record.get("finished") else []
    parts += [f"by {counted(workers, 'worker')}"] if isinstance(workers, int) else []
    return " ".join(parts)


def _moment(stamp: object) -> str:
    return str(stamp)[:19].replace("T", " ") + str(stamp)[19:].replace("+0000", " UTC")


def _versioned(name: object, what: str, digest: object) -> str:
    parts = [str(name)] if name else []
    parts += [f"{what} {_short(digest)}"] if digest else []
    return ", ".join(parts)


def _settings(record: Mapping[str, Any]) -> str:
    config = _mapping(record, "config")
    chosen = [f"{name} {_value(value)}" for name, value in config.items() if value is not None]
    digest = record.get("config_sha256")
    return ", ".join((*chosen, f"hash {_short(digest)}") if digest else chosen)


def _pages(record: Mapping[str, Any]) -> str:
    pages = _mapping(record, "pages")
    if not pages:
        return ""
    named = [f"{slug} {_short(digest)}" for slug, digest in list(pages.items())[:PAGES]]
    if len(pages) > PAGES:
        named = [counted(len(pages), "page")]
    return _versioned(", ".join(named), "index", record.get("index_sha256"))


def _speed(record: Mapping[str, Any], report: Report) -> str:
    parts = []
    if report.throughput_qps is not None:
        parts.append(f"{report.throughput_qps:,.1f} questions a second")
    memory = record.get("peak_memory_mb")
    if isinstance(memory, (int, float)):
        parts.append(f"{memory:,.0f} MB of memory at most")
    return ", ".join(parts)


def _mapping(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = record.get(key)
    return value if isinstance(value, Mapping) else {}


def _value(value: object) -> str:
    if value is None:
        return "default"
    return ("off", "on")[value] if isinstance(value, bool) else str(value)


def _short(digest: object) -> str:
    text = str(digest)
    return text[:HASH] if len(text) == 64 else text
