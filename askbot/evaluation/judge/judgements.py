"""What a judge said of a run's answers, and how far it agrees with the exact metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from askbot.evaluation.scores.items import Item, point

EXACT = "answer_accuracy"
"""The metric that a judge is compared with: like it, a judge looks at all that is shown."""

Key = tuple[str, int]
"""Id and turn of a question."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A line of `judgements.jsonl`: what a judge said of one answer.

    Attributes:
        right: None where its reply was no judgement; `reason` says why not.
        answer_sha256: digest of the answer as it was shown to the judge.
        gold_sha256: digest of the question, of what came before it, and of its gold answers.
        usage: tokens and cost, as far as the provider reports them.
    """

    id: str
    turn: int
    right: bool | None
    reason: str
    model: str
    prompt_version: str
    answer_sha256: str
    gold_sha256: str
    usage: Mapping[str, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values only; `usage` only where there is one."""
        record = asdict(self)
        if self.usage is None:
            del record["usage"]
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Judgement:
        """Read back what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: the record is not a judgement.
        """
        right = record["right"]
        if right is not None and not isinstance(right, bool):
            raise TypeError("right must be true, false or null")
        usage = record.get("usage")
        return cls(
            id=str(record["id"]),
            turn=int(record["turn"]),
            right=right,
            reason=str(record["reason"]),
            model=str(record["model"]),
            prompt_version=str(record["prompt_version"]),
            answer_sha256=str(record["answer_sha256"]),
            gold_sha256=str(record["gold_sha256"]),
            usage=None if usage is None else {k: float(v) for k, v in usage.items()},
        )


@dataclass(frozen=True, slots=True)
class Judgements:
    """What one judge, by one prompt, said of the answers of a run as they are now."""

    model: str
    prompt_version: str
    by_key: Mapping[Key, Judgement]

    def added_to(self, items: Iterable[Item]) -> tuple[Item, ...]:
        """The items with `judge_accuracy` and `judge_agreement` where there is a judgement."""
        return tuple(_with(item, self.by_key.get((item.id, item.turn))) for item in items)


def _with(item: Item, judgement: Judgement | None) -> Item:
    if judgement is None or judgement.right is None:
        return item
    added = {
        "judge_accuracy": point(judgement.right),
        "judge_agreement": point(judgement.right == (item.ratios[EXACT][0] == 1)),
    }
    return replace(item, ratios={**item.ratios, **added})


@dataclass(frozen=True, slots=True)
class Agreement:
    """A judge beside the exact metric, over the answers that it judged.

    Attributes:
        unjudged: answers sent to it that no judgement came of.
        agreement: share of the judged on which both say the same, None where none is judged.
        kappa: `cohens_kappa` of the two.
        input_tokens, output_tokens, cost_usd: in all; None where the provider reports none.
    """

    model: str
    prompt_version: str
    judged: int
    unjudged: int
    agreement: float | None = None
    kappa: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None

    @classmethod
    def of(cls, items: Iterable[Item], judgements: Judgements) -> Agreement:
        """Compare a judge with the items it judged."""
        exact = {(i.id, i.turn): i.ratios[EXACT][0] == 1 for i in items if EXACT in i.ratios}
        asked = [judgements.by_key[key] for key in exact if key in judgements.by_key]
        pairs = [(j.right, exact[j.id, j.turn]) for j in asked if j.right is not None]
        sent, written = (_total(asked, key) for key in ("input_tokens", "output_tokens"))
        return cls(
            model=judgements.model,
            prompt_version=judgements.prompt_version,
            judged=len(pairs),
            unjudged=len(asked) - len(pairs),
            agreement=sum(a == b for a, b in pairs) / len(pairs) if pairs else None,
            kappa=cohens_kappa(pairs),
            input_tokens=None if sent is None else int(sent),
            output_tokens=None if written is None else int(written),
            cost_usd=_total(asked, "cost_usd"),
        )

    def __str__(self) -> str:
        """One line for people."""
        parts = [f"judge {self.model} ({self.prompt_version}): {self.judged:,} judged"]
        if self.unjudged:
            parts[0] += f", {self.unjudged:,} without a judgement"
        if self.agreement is not None:
            kappa = "not defined" if self.kappa is None else f"{self.kappa:.3f}"
            parts.append(f"agrees with {EXACT} on {self.agreement:.1%}, Cohen's kappa {kappa}")
        if self.input_tokens is not None:
            parts.append(f"{self.input_tokens:,} tokens in, {self.output_tokens or 0:,} out")
        if self.cost_usd is not None:
            parts.append(f"${self.cost_usd:.4f}")
        return "; ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """The object "judge" of `report.json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Agreement:
        """Read back what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: the record is not one.
        """
        return cls(**record)


def cohens_kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Agreement of two raters beyond what chance gives: (p_o - p_e) / (1 - p_e).

    Cohen 1960, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological
    Measurement 20(1): p_o is the share on which they agree, p_e what it would be if each kept to
    its own shares independently of the other.

    Returns:
        None where there are no pairs, or both say the same one thing of all (p_e is 1).
    """
    n = len(pairs)
    first, second = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    # In whole numbers (times n squared), so that p_e is 1 exactly where it is.
    observed = n * sum(a == b for a, b in pairs)
    expected = first * second + (n - first) * (n - second)
    if expected == n * n:
        return None
    return (observed - expected) / (n * n - expected)


def _total(judgements: Iterable[Judgement], key: str) -> float | None:
    counted = [j.usage[key] for j in judgements if j.usage is not None and key in j.usage]
    return sum(counted) if counted else None
