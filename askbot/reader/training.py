"""The training loop: time-aware schedule, averaged weights, checkpoints that resume.

Two threads share the model and take micro-batches from one queue (autograd accumulates into shared
gradients under a lock), which keeps both cores busy on a machine that other work shares, where one
matrix product split over the cores waits for the slower of them.
"""

from __future__ import annotations

import copy
import os
import queue
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from askbot.reader.encoding import Encoder, collate
from askbot.reader.examples import Example
from askbot.reader.network import Layer, Reader
from askbot.reader.sampling import Sampler
from askbot.reader.windows import Encoded, bucketed, encode_item


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does; lengths in tokens, times in seconds."""

    seconds: float
    peak_rate: float = 2e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    batch: int = 24
    micro_tokens: int = 480
    threads: int = 2
    warmup_steps: int = 100
    dropout: float = 0.0
    smoothing: float = 0.05
    answer_weight: float = 0.7
    average: float = 0.998
    windows: tuple[int, int] = (40, 100)
    last_windows: tuple[int, int] = (60, 180)
    last_from: float = 0.8
    train_words: bool = False
    frozen_layers: int = 0
    bf16: bool = False
    seed: int = 7
    steps: int | None = None


@dataclass(slots=True)
class State:
    """All that a checkpoint holds."""

    reader: Reader
    averaged: Reader
    optimizer: torch.optim.Optimizer
    step: int = 0
    elapsed: float = 0.0

    def save(self, path: Path, plan: Plan) -> None:
        """Write atomically."""
        part = path.with_suffix(".part")
        torch.save(
            {
                "reader": self.reader.state_dict(),
                "averaged": self.averaged.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "step": self.step,
                "elapsed": self.elapsed,
                "plan": asdict(plan),
            },
            part,
        )
        os.replace(part, path)

    def load(self, path: Path) -> None:
        """Take a checkpoint's values."""
        saved: dict[str, Any] = torch.load(path, weights_only=True)
        self.reader.load_state_dict(saved["reader"])
        self.averaged.load_state_dict(saved["averaged"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.step, self.elapsed = saved["step"], saved["elapsed"]


def fresh(reader: Reader, plan: Plan) -> State:
    """A state at step 0: layer-wise rates (Clark et al., 2020), no decay on biases and norms."""
    reader.word.weight.requires_grad_(plan.train_words)
    groups: list[dict[str, Any]] = []

    def group(parameters: Iterator[tuple[str, torch.nn.Parameter]], rate: float) -> None:
        held = [(n, p) for n, p in parameters if p.requires_grad]
        for decay in (0.01, 0.0):
            chosen = [p for n, p in held if ("weight" in n and "norm" not in n) == (decay > 0)]
            if chosen:
                groups.append({"params": chosen, "rate": rate, "lr": 0.0, "weight_decay": decay})

    for head in (reader.span, reader.answer_hidden, reader.answer):
        group(head.named_parameters(), plan.head_rate)
    rate = plan.peak_rate
    for layer in reversed(list(reader.layers)):
        assert isinstance(layer, Layer)
        group(layer.named_parameters(), rate)
        rate *= plan.layer_decay
    for part in (reader.norm, reader.word, reader.position, reader.segment):
        group(part.named_parameters(prefix="norm" if part is reader.norm else ""), rate)
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)
    averaged = copy.deepcopy(reader).requires_grad_(False).eval()
    return State(reader, averaged, optimizer)


def freeze(state: State, layers: int) -> None:
    """Train no more of the embeddings and the lowest layers: their share of a step is saved."""
    if not layers:
        return

    def lowest(model: Reader) -> list[torch.nn.Module]:
        return [model.word, model.position, model.segment, model.norm, *model.layers[:layers]]

    for part, kept in zip(lowest(state.reader), lowest(state.averaged), strict=True):
        part.requires_grad_(False)
        kept.load_state_dict(part.state_dict())


def loss_of(reader: Reader, batch: Sequence[Encoded], plan: Plan) -> Tensor:
    """Summed loss of a micro-batch: cross-entropy of start and end, and of answerability."""
    made = collate([item.sequence for item in batch])
    start, end, answer = reader(
        torch.from_numpy(made.ids),
        torch.from_numpy(made.types),
        torch.from_numpy(made.attention),
        torch.from_numpy(made.selectable),
    )
    starts = torch.tensor([item.start for item in batch])
    ends = torch.tensor([item.end for item in batch])
    truth = torch.tensor([float(item.answerable) for item in batch])
    truth = truth * (1 - 2 * plan.smoothing) + plan.smoothing
    spans = F.cross_entropy(start, starts, reduction="sum")
    spans = spans + F.cross_entropy(end, ends, reduction="sum")
    answers = F.binary_cross_entropy_with_logits(answer, truth, reduction="sum")
    return spans / 2 + plan.answer_weight * answers


class Trainer:
    """Runs a plan over a sampler's items; `run` returns when the time or the steps are up."""

    def __init__(
        self,
        state: State,
        plan: Plan,
        sampler: Sampler,
        encoder: Encoder,
        weights: Sequence[float] | None = None,
    ) -> None:
        self.state, self.plan = state, plan
        self._sampler, self._encoder = sampler, encoder
        self._rng = random.Random(plan.seed + state.step)
        self._weights = list(weights or [1.0] * len(sampler.examples))
        self._ready: list[list[Encoded]] = []
        torch.manual_seed(plan.seed + state.step)

    def run(
        self,
        report: Callable[[int, float, float], None],
        checkpoint: Callable[[State], None],
        every: float = 300.0,
    ) -> None:
        """Train; `report(step, loss, share done)` each 20 steps, `checkpoint` each `every` s."""
        plan, state = self.plan, self.state
        torch.set_num_threads(1)
        last, saved, recent = time.monotonic(), time.monotonic(), 0.0
        with ThreadPoolExecutor(plan.threads) as pool:
            list(pool.map(lambda _: torch.set_num_threads(1), range(plan.threads)))
            while state.elapsed < plan.seconds and (plan.steps is None or state.step < plan.steps):
                recent += self._step(pool, state.elapsed / plan.seconds)
                now = time.monotonic()
                state.elapsed += now - last
                last = now
                if state.step % 20 == 0:
                    report(state.step, recent / 20, state.elapsed / plan.seconds)
                    recent = 0.0
                if now - saved > every:
                    checkpoint(state)
                    # evaluation is not training time
                    last = saved = time.monotonic()
        checkpoint(state)

    def _step(self, pool: ThreadPoolExecutor, done: float) -> float:
        plan, state = self.plan, self.state
        waiting: queue.SimpleQueue[list[Encoded]] = queue.SimpleQueue()
        count = 0
        while count < plan.batch:
            micro = self._next(done)
            count += len(micro)
            waiting.put(micro)
        state.reader.train()

        def work(_: int) -> float:
            total = 0.0
            while True:
                try:
                    micro = waiting.get_nowait()
                except queue.Empty:
                    return total
                with torch.autocast("cpu", torch.bfloat16, enabled=plan.bf16):
                    loss = loss_of(state.reader, micro, plan) / count
                loss.backward()  # type: ignore[no-untyped-call]
                total += float(loss.detach())

        total = sum(pool.map(work, range(plan.threads)))
        self._update(done)
        return total

    def _update(self, done: float) -> None:
        plan, state = self.plan, self.state
        state.step += 1
        scale = min(1.0, state.step / plan.warmup_steps) * max(0.0, 1.0 - done)
        trained = [p for g in state.optimizer.param_groups for p in g["params"]]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        for group in state.optimizer.param_groups:
            group["lr"] = group["rate"] * scale
        state.optimizer.step()
        state.optimizer.zero_grad()
        share = 1 - min(plan.average, state.step / (state.step + 10))
        with torch.no_grad():
            pairs = list(zip(state.averaged.parameters(), state.reader.parameters(), strict=True))
            kept: list[Tensor] = [k for k, p in pairs if p.requires_grad]
            own: list[Tensor] = [p for _, p in pairs if p.requires_grad]
            torch._foreach_lerp_(kept, own, share)

    def _next(self, done: float) -> list[Encoded]:
        if not self._ready:
            low, high = self.plan.windows if done < self.plan.last_from else self.plan.last_windows
            drawn: list[Encoded] = []
            while len(drawn) < 8 * self.plan.batch:
                example = self._example()
                item = self._sampler.draw(example, self._rng)
                wanted = self._rng.randint(low, high)
                encoded = encode_item(item, self._encoder, self._rng, wanted)
                if encoded is not None:
                    drawn.append(encoded)
            self._ready = bucketed(drawn, self.plan.micro_tokens, self._rng)
        return self._ready.pop()

    def _example(self) -> Example:
        if not getattr(self, "_order", None):
            numbers = range(len(self._sampler.examples))
            # each example about `weight` times in a pass, in random order
            self._order = [
                n for n in numbers for _ in range(int(self._weights[n] + self._rng.random()))
            ]
            self._rng.shuffle(self._order)
        return self._sampler.examples[self._order.pop()]
