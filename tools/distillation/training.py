"""The training loop's state: one step at a time, saved and resumed, and the resulting network."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import torch
from torch import Tensor, nn

from sod_gallery.engines.hardware import processor
from sod_gallery.errors import CheckpointError
from sod_gallery.files import write_atomically
from sod_gallery.networks.u2net import DECODER, ENCODER, U2NETP, U2Net
from sod_gallery.networks.weights import drop_batch_norm, fold, is_folded

from .memory import DEEP, Memory
from .networks import (
    Trace,
    compare,
    compare_blocks,
    keep_exact,
    measure_variances,
    recalibrate,
    trace,
)
from .photos import Photos, corner, draw
from .settings import Phase, Settings


@dataclass
class Progress:
    """How far a training has come."""

    phase: int = 0
    """Index of the current phase in ``Settings.phases``."""
    step: int = 0
    """Steps done in all phases."""
    step_of_phase: int = 0
    """Steps done in the current phase."""
    seconds: float = 0.0
    """Seconds spent on training, in this run and in the runs that it resumed."""


class Training:
    """Trains a student network to reproduce its teacher's features and maps, on one device."""

    def __init__(
        self,
        settings: Settings,
        teacher: U2Net,
        photos: Photos,
        device: torch.device,
        student: U2Net | None = None,
    ) -> None:
        """Start with a copy of ``student``, or with a U²-NetP of random weights.

        ``teacher`` is copied and its batch normalisation folded; the argument stays unchanged.
        Raises PhotoError if a photo cannot be decoded: the teacher's variances are measured here.
        """
        self.settings, self.progress = settings, Progress()
        self._photos, self._device = photos, device
        self._bf16 = device.type == "cuda" or processor().bf16
        self._teacher = deepcopy(teacher)
        fold(self._teacher)
        self._teacher.requires_grad_(False)
        _place(self._teacher, device)
        torch.manual_seed(settings.seed)
        self._generator = torch.Generator().manual_seed(settings.seed)
        self._student = deepcopy(student) if student else U2Net(U2NETP)
        self._memory = Memory(settings.remembered)
        if self._bf16:
            keep_exact(self._teacher, self._draw(settings.phases[-1]))
        self._variances = self._measure()
        self._enter(0)

    def step(self, seconds: float, budget: float) -> dict[str, Tensor]:
        """Train for one step; return the loss of every block that was compared, by its name.

        ``budget`` is the duration of the whole training in seconds, and ``seconds`` the part that
        is over: their quotient selects the phase and the learning rates.  Losses are float32
        scalars (see ``networks.compare``).  Raises PhotoError if a photo cannot be decoded.
        """
        index, within = self.settings.at(seconds / budget)
        if index != self.progress.phase:
            self._student = self._averaged()
            self._enter(index)
        phase = self.settings.phases[index]
        decline = self.settings.decline(within, self.progress.step_of_phase)
        self._muon.param_groups[0]["lr"] = decline * phase.rate
        self._adam.param_groups[0]["lr"] = decline * phase.adam_rate
        losses = self._learn_from_photos(phase)
        for _ in range(phase.replays):
            self._learn_from_memory(phase)
        self._average_weights()
        self.progress.step += 1
        self.progress.step_of_phase += 1
        self.progress.seconds = seconds
        return losses

    def result(self) -> U2Net:
        """Return a copy of the student on the CPU: weights averaged, batch normalisation folded.

        If batch normalisation is not folded yet, its statistics are measured on photos first;
        then it raises PhotoError if one cannot be decoded.
        """
        student = self._averaged()
        self._fold(student)
        return student.cpu()

    def save(self, path: Path) -> None:
        """Write the state that ``load`` reads, atomically.  The photos for replays are left out.

        Raises PipelineError if the file cannot be written.
        """
        content = BytesIO()
        torch.save(
            {
                "photos": self._photos.sha256,
                "phases": self._phases(),
                "progress": asdict(self.progress),
                "variances": self._variances,
                "student": self._student.state_dict(),
                "average": self._average,
                "adam": self._adam.state_dict(),
                "muon": self._muon.state_dict(),
                "generator": self._generator.get_state(),
            },
            content,
        )
        write_atomically(path, content.getvalue())

    def load(self, path: Path) -> None:
        """Continue from the state that ``save`` wrote.

        Raises CheckpointError if the file is not such a state, or is one of other photos or phases.
        """
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
            if (state["photos"], state["phases"]) != (self._photos.sha256, self._phases()):
                raise CheckpointError(
                    f"{path} is the state of a training on other photos, or of other phases: give "
                    "the same --photos and --start, or begin anew without --resume."
                )
            self.progress = Progress(**state["progress"])
            if not any(".bn_s1." in name for name in state["student"]):
                drop_batch_norm(self._student)
            self._student.load_state_dict(state["student"])
            self._variances = state["variances"]
            self._prepare()
            self._average = {n: t.to(self._device) for n, t in state["average"].items()}
            self._adam.load_state_dict(state["adam"])
            self._muon.load_state_dict(state["muon"])
            self._generator.set_state(state["generator"])
        except CheckpointError:
            raise
        except Exception as error:  # torch raises many classes of errors for a damaged file
            raise CheckpointError(
                f"{path} is not the state of a training ({type(error).__name__}): "
                "begin anew without --resume."
            ) from error

    def _phases(self) -> list[str]:
        return [phase.name for phase in self.settings.phases]

    def _enter(self, phase: int) -> None:
        """Start a phase: fold batch normalisation if the phase needs that, reset the optimisers."""
        self.progress.phase, self.progress.step_of_phase = phase, 0
        if self.settings.phases[phase].composed:
            self._fold(self._student)
        elif self.settings.phases[phase].batch == 1:
            fold(self._student)  # batch normalisation of a single photo removes its contrast
        self._prepare()

    def _prepare(self) -> None:
        """Make new optimisers for the student, and start the average from its weights."""
        _place(self._student, self._device)
        self._student.train()
        stages = [p for n in ENCODER + DECODER for p in self._block(n).parameters()]
        self._convolutions = [p for p in stages if p.ndim == 4]
        convolution_ids = {id(parameter) for parameter in self._convolutions}
        others = [p for p in self._student.parameters() if id(p) not in convolution_ids]
        self._matrices = [nn.Parameter(_as_matrix(p.detach())) for p in self._convolutions]
        self._muon = torch.optim.Muon(
            self._matrices,
            weight_decay=0.0,
            momentum=self.settings.momentum,
            adjust_lr_fn="match_rms_adamw",
        )
        self._adam = torch.optim.Adam(others, betas=self.settings.betas)
        self._average = {n: t.detach().clone() for n, t in _floats(self._student).items()}

    def _measure(self) -> dict[str, float]:
        """Return the variances of the teacher's features, by stage, over random photos."""
        side = self.settings.phases[-1].side
        with torch.no_grad(), self._casting():
            traces = [trace(self._teacher, b, side, (0, 0)) for b in self._whole_photos()]
        return measure_variances(traces)

    def _fold(self, student: U2Net) -> None:
        if not is_folded(student):
            recalibrate(student, self._whole_photos())
            fold(student)

    def _whole_photos(self) -> Iterator[Tensor]:
        """Draw the batches for measurements: N×3×S×S as in the last phase, on the device."""
        return (self._draw(self.settings.phases[-1]) for _ in range(self.settings.measured))

    def _draw(self, phase: Phase) -> Tensor:
        batch = draw(self._photos, phase.batch, phase.side, self.settings, self._generator)
        return batch.to(self._device).contiguous(memory_format=torch.channels_last)

    def _learn_from_photos(self, phase: Phase) -> dict[str, Tensor]:
        batch, where = self._draw(phase), corner(self._generator)
        with self._casting():
            with torch.no_grad():
                teacher_trace = trace(self._teacher, batch, phase.window, where)
            if phase.composed:
                student_trace = trace(self._student, batch, phase.window, where, phase.joint)
                losses = compare(student_trace, teacher_trace, self._variances)
            else:
                losses = compare_blocks(self._student, teacher_trace, self._variances)
        if phase.replays:
            inputs = student_trace.inputs if phase.composed else teacher_trace.inputs
            self._memory.add(Trace(inputs, teacher_trace.outputs))
        if phase.replays and not phase.composed:
            self._learn({name: loss for name, loss in losses.items() if name not in DEEP}, phase)
        else:
            self._learn(losses, phase)
        return losses

    def _learn_from_memory(self, phase: Phase) -> None:
        """Train the deep stages on photos drawn from the memory."""
        replay = self._memory.draw(self.settings.replayed, self._generator)
        with self._casting():
            losses = compare_blocks(self._student, replay, self._variances)
        self._learn(losses, phase)

    def _casting(self) -> torch.autocast:
        """Return the context for bfloat16; on CPUs without its instructions, it does nothing.

        There, bfloat16 is several times slower than float32.
        """
        return torch.autocast(self._device.type, torch.bfloat16, enabled=self._bf16)

    def _learn(self, losses: dict[str, Tensor], phase: Phase) -> None:
        """Update the weights once, by the gradient of the weighted sum of the losses."""
        stages = set(ENCODER + DECODER)
        total = sum(
            loss if name in stages else phase.map_weight * loss for name, loss in losses.items()
        )
        self._student.zero_grad()
        torch.as_tensor(total).backward()  # type: ignore[no-untyped-call]
        for name in losses:
            nn.utils.clip_grad_norm_(self._block(name).parameters(), self.settings.clip)
        for matrix, convolution in zip(self._matrices, self._convolutions, strict=True):
            gradient = convolution.grad
            matrix.grad = None if gradient is None else _as_matrix(gradient)
        self._muon.step()  # type: ignore[no-untyped-call]
        self._adam.step()

    def _average_weights(self) -> None:
        """Update the moving average of the weights; its decay grows in a phase's first steps."""
        step = self.progress.step_of_phase
        decay = min(self.settings.average, (step + 1) / (step + 10))
        with torch.no_grad():
            for name, tensor in _floats(self._student).items():
                self._average[name].lerp_(tensor, 1 - decay)

    def _averaged(self) -> U2Net:
        student = deepcopy(self._student)
        student.load_state_dict(self._average, strict=False)  # the counts of batches are unchanged
        return student

    def _block(self, name: str) -> nn.Module:
        return self._student.get_submodule(name)


def _place(network: U2Net, device: torch.device) -> None:
    """Move a network to a device, in the channels-last layout."""
    network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]


def _as_matrix(weights: Tensor) -> Tensor:
    """Return O×I×H×W weights, or their gradient, as a matrix O×(H·W·I), as Muon requires.

    A tensor in the channels-last layout gives a view of the same memory; another is copied.
    """
    last = weights.contiguous(memory_format=torch.channels_last)
    return last.permute(0, 2, 3, 1).flatten(1)


def _floats(network: U2Net) -> dict[str, Tensor]:
    """Return the weights and the statistics of batch normalisation, without counts of batches."""
    return {n: t for n, t in network.state_dict().items() if t.is_floating_point()}
