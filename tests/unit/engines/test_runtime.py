"""Which engine is chosen, and what is refused rather than replaced."""

from __future__ import annotations

import pytest

from sod_gallery.engines import runtime
from sod_gallery.engines.hardware import Processor
from sod_gallery.engines.runtime import Runtime, choose
from sod_gallery.errors import ConfigError

PLAIN = Processor("plain", 2, frozenset({"avx2"}))
MODERN = Processor("modern", 4, frozenset({"avx2", "avx512f", "avx512_bf16"}))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Return what sets up a machine; see ``on``."""
    return monkeypatch


def on(
    machine: pytest.MonkeyPatch, cpu: Processor, *installed: str, has_cuda: bool = False
) -> None:
    machine.setattr(runtime, "processor", lambda: cpu)
    machine.setattr(runtime, "is_installed", lambda name: name in ("torch", *installed))
    machine.setattr(runtime, "has_cuda", lambda: has_cuda)
    machine.setattr(runtime, "batch_of_gpu", lambda: runtime.MOST_ON_A_GPU)


@pytest.mark.parametrize(
    ("cpu", "installed", "expected"),
    [
        (PLAIN, (), "torch, fp32"),
        (MODERN, (), "torch, bf16"),
        (PLAIN, ("openvino", "onnxruntime"), "onnxruntime, fp32"),
        (PLAIN, ("openvino",), "openvino, fp32"),
        (MODERN, ("openvino", "onnxruntime"), "openvino, bf16"),
        (MODERN, ("onnxruntime",), "torch, bf16"),
    ],
)
def test_the_fastest_engine_that_is_installed(
    machine: pytest.MonkeyPatch, cpu: Processor, installed: tuple[str, ...], expected: str
) -> None:
    on(machine, cpu, *installed)
    assert str(choose()) == expected


def test_int8_is_never_chosen_unasked(machine: pytest.MonkeyPatch) -> None:
    for cpu in (PLAIN, MODERN):
        on(machine, cpu, "openvino", "onnxruntime")
        assert choose().precision != "int8"
        assert choose(precision="int8").precision == "int8"
        assert choose(precision="int8").backend != "torch"


def test_a_precision_is_what_was_asked_for(machine: pytest.MonkeyPatch) -> None:
    on(machine, MODERN, "openvino")
    assert choose(precision="fp32") == Runtime(backend="openvino", precision="fp32")
    assert choose("torch", precision="fp32") == Runtime()


def test_a_gpu_is_used_by_torch(machine: pytest.MonkeyPatch) -> None:
    on(machine, MODERN, "openvino", has_cuda=True)
    chosen = choose(device="cuda")
    assert chosen == Runtime(
        backend="torch", device="cuda", precision="fp16", batch=runtime.MOST_ON_A_GPU
    )
    assert str(chosen) == "torch on cuda, fp16"
    assert chosen.threads > 2 * runtime.MOST_ON_A_GPU
    assert choose().threads == MODERN.cores + 1


@pytest.mark.parametrize(
    ("cpu", "asked", "sentence"),
    [
        (PLAIN, {"device": "cuda"}, "--device cuda: this machine has no NVIDIA GPU"),
        (PLAIN, {"precision": "bf16"}, r"--precision bf16: this processor \(plain, 2 cores"),
        (MODERN, {"backend": "openvino"}, "openvino would be needed .* pip install"),
        (MODERN, {"precision": "int8"}, "openvino or onnxruntime would be needed"),
        (MODERN, {"backend": "torch", "precision": "int8"}, "there is no such combination"),
        (MODERN, {"precision": "fp16"}, "there is no such combination"),
    ],
)
def test_what_cannot_be_had_is_an_error(
    machine: pytest.MonkeyPatch, cpu: Processor, asked: dict[str, str], sentence: str
) -> None:
    on(machine, cpu)
    with pytest.raises(ConfigError, match=sentence):
        choose(**asked)


def test_another_engine_cannot_use_a_gpu(machine: pytest.MonkeyPatch) -> None:
    on(machine, MODERN, "openvino", has_cuda=True)
    with pytest.raises(ConfigError, match="there is no such combination"):
        choose("openvino", "cuda")


def test_asking_for_a_gpu_needs_no_driver() -> None:
    assert runtime.has_cuda() in (True, False)
