"""The measures of a result: their names, what people call them, and which end is good."""

from __future__ import annotations

from dataclasses import dataclass

Scores = dict[str, float]
"""Scores by name, in [0, 1]."""


@dataclass(frozen=True)
class Measure:
    """One measure against ground truth; ``name`` is PySODMetrics' where it has one."""

    name: str
    title: str
    """Plain text, for tables."""
    tex: str
    """The same for LaTeX."""
    text: str
    """What it says, in a sentence's worth of words."""
    is_error: bool = False
    """Less is better."""


MEASURES = (
    Measure("mae", "MAE", r"MAE", "mean absolute error", is_error=True),
    Measure("sm", "S", r"$S_\alpha$", "S-measure, α = 0.5"),
    Measure("wfm", "Fβ weighted", r"$F_\beta^\omega$", "weighted F-measure, β² = 1"),
    Measure("max_fm", "Fβ max", r"$F_\beta^{\max}$", "greatest mean F-measure, β² = 0.3"),
    Measure(
        "max_fm_of_means",
        "Fβ max of means",
        r"$F_{\overline{PR}}^{\max}$",
        "greatest F-measure of mean precision and mean recall, β² = 0.3",
    ),
    Measure("mean_fm", "Fβ mean", r"$F_\beta^{\mathrm{mean}}$", "F-measure, mean of thresholds"),
    Measure("adp_fm", "Fβ adaptive", r"$F_\beta^{\mathrm{adp}}$", "F-measure at twice the mean"),
    Measure("max_em", "E max", r"$E_\phi^{\max}$", "greatest mean E-measure"),
    Measure("mean_em", "E mean", r"$E_\phi^{\mathrm{mean}}$", "E-measure, mean of thresholds"),
    Measure("adp_em", "E adaptive", r"$E_\phi^{\mathrm{adp}}$", "E-measure at twice the mean"),
    Measure("iou", "IoU", r"IoU", "intersection over union at 0.5"),
    Measure("dice", "Dice", r"Dice", "Dice at 0.5"),
    Measure("iou_best", "IoU best", r"IoU$^{\max}$", "IoU at the method's best threshold"),
    Measure("dice_best", "Dice best", r"Dice$^{\max}$", "Dice at the method's best threshold"),
    Measure("biou", "Boundary IoU", r"IoU$_b$", "boundary IoU at 0.5, band 2 % of the diagonal"),
    Measure("msiou", "MSIoU", r"MSIoU", "multi-scale IoU at 0.5"),
    Measure("cm", "Context", r"$C_\beta$", "Context-measure"),
)
"""In the order of tables."""
BY_NAME = {measure.name: measure for measure in MEASURES}
OF_A_DATASET = frozenset(("max_fm_of_means",))
"""Measures that a single photo does not have."""

NORMALISATION = (
    "Maps are scaled to 8 bits, resized bilinearly (without anti-aliasing) to the ground truth, "
    "and stretched from their least to their greatest value; ground truth counts as object above "
    "half."
)
"""What is done to a map before it is scored, for whoever reads the figures."""
EVALUATOR = "PySODMetrics"
EVALUATOR_PACKAGE = "pysodmetrics"
