"""Tokens and cost of a chat model's calls, as far as the provider reports them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Meter:
    """Adds up the calls of one answer. Prices are US dollars per million tokens, where known."""

    price_input: float | None = None
    price_output: float | None = None
    calls: int = 0
    _counted: dict[str, float] = field(default_factory=dict)
    _reported: bool = False

    def begin(self) -> None:
        """A request is being sent."""
        self.calls += 1

    def add(self, message: Any) -> None:
        """Count a reply's usage; one that reports none adds nothing."""
        usage = getattr(message, "usage_metadata", None)
        if not usage:
            return
        self._reported = True
        for key in ("input_tokens", "output_tokens"):
            self._counted[key] = self._counted.get(key, 0) + int(usage.get(key) or 0)
        cached = (usage.get("input_token_details") or {}).get("cache_read")
        if cached:
            self._counted["cached_tokens"] = self._counted.get("cached_tokens", 0) + int(cached)
        cost = _reported_cost(message)
        if cost is not None:
            self._counted["cost_usd"] = self._counted.get("cost_usd", 0.0) + cost

    def total(self) -> dict[str, float] | None:
        """What `Answer.usage` holds; None where nothing was sent."""
        if not self.calls:
            return None
        usage: dict[str, float] = {"calls": self.calls, **self._counted}
        prices = self.price_input, self.price_output
        if "cost_usd" not in usage and self._reported and None not in prices:
            sent, written = usage["input_tokens"], usage["output_tokens"]
            dollars = sent * (prices[0] or 0) + written * (prices[1] or 0)
            usage["cost_usd"] = dollars / 1e6
        return usage


def _reported_cost(message: Any) -> float | None:
    metadata = getattr(message, "response_metadata", None) or {}
    for holder in (metadata, metadata.get("token_usage"), metadata.get("usage")):
        if isinstance(holder, Mapping):
            for key in ("cost", "total_cost"):
                if isinstance(holder.get(key), int | float):
                    return float(holder[key])
    return None


def spent(usages: Iterable[Mapping[str, float] | None]) -> str:
    """One line on what a conversation's answers have used so far."""
    known = [u for u in usages if u]
    if not known:
        return "no chat model was used: offline answers cost nothing"
    total: dict[str, float] = {}
    for usage in known:
        for key, value in usage.items():
            total[key] = total.get(key, 0) + value
    calls = int(total.get("calls", 0))
    parts = [f"{len(known)} answer{'s' * (len(known) != 1)}, {calls} call{'s' * (calls != 1)}"]
    if "input_tokens" in total:
        parts.append(f"{int(total['input_tokens']):,} tokens in")
        parts.append(f"{int(total.get('output_tokens', 0)):,} out")
    else:
        parts.append("the provider reports no token counts")
    if "cost_usd" in total:
        priced = sum("cost_usd" in u for u in known)
        for_some = f" for {priced} of them" if priced < len(known) else ""
        parts.append(f"${total['cost_usd']:.4f}{for_some}")
    elif "input_tokens" in total:
        parts.append("cost unknown (set ASKBOT_MODEL_PRICE_INPUT and ASKBOT_MODEL_PRICE_OUTPUT)")
    return " · ".join(parts)
