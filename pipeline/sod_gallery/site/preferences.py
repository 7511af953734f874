"""What blind reviews say: for each two methods, how often one was preferred to the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from sod_gallery.records import Record

from .verdicts import Preference


class Duel(Record, frozen=True):
    """Two methods, the one with the name that comes first as ``a``."""

    a: str
    b: str
    a_better: int
    b_better: int
    same: int
    share: float | None
    """Share of ``a`` in the votes that are for one of the two; none without such votes."""
    low: float | None
    """Ends of Wilson's 95 % interval of the share."""
    high: float | None

    def __str__(self) -> str:
        """Return it for people."""
        votes = f"{self.a_better} to {self.b_better}, {self.same} the same"
        if self.share is None:
            return f"{self.a} against {self.b}: {votes}"
        interval = f"{self.low:.0%} to {self.high:.0%}"
        return f"{self.a} against {self.b}: {votes}; {self.share:.0%} for {self.a} ({interval})"


def duels_of(preferences: Iterable[Preference], shown: Collection[tuple[str, ...]]) -> list[Duel]:
    """Count the votes on results that the gallery shows (photo's and result's sha256)."""
    votes: dict[tuple[str, str], Counter[str]] = {}
    for preference in preferences:
        sides = (preference.a, preference.b)
        if all((preference.photo_sha256, side.result_sha256) in shown for side in sides):
            first, second = sorted(side.method for side in sides)
            is_swapped = preference.a.method != first
            choice = {"a": "b", "b": "a"}.get(preference.choice, "same")
            word = choice if is_swapped else preference.choice
            votes.setdefault((first, second), Counter())[word] += 1
    return [_duel(a, b, counts) for (a, b), counts in sorted(votes.items())]


def _duel(a: str, b: str, counts: Counter[str]) -> Duel:
    wins, losses = counts["a"], counts["b"]
    share, low, high = _share(wins, wins + losses)
    return Duel(
        a=a,
        b=b,
        a_better=wins,
        b_better=losses,
        same=counts["same"],
        share=share,
        low=low,
        high=high,
    )


def _share(wins: int, votes: int) -> tuple[float | None, float | None, float | None]:
    if not votes:
        return None, None, None
    from scipy.stats import binomtest  # takes a second to import, and only blind reviews need it

    interval = binomtest(wins, votes).proportion_ci(0.95, method="wilson")
    low, high = float(interval.low), float(interval.high)  # NumPy's numbers, at the ends
    return round(wins / votes, 4), round(low, 4), round(high, 4)
