"""Words that Python, Ruby and JavaScript share: written here, published in ``gallery.json``."""

from __future__ import annotations

from typing import get_args

from .places import PHOTO_PAGES
from .records import Judgement, Reason, SourceKind, VerdictWord, Vocabulary

VOCABULARY = Vocabulary(
    photo_pages=PHOTO_PAGES,
    verdicts=tuple(
        VerdictWord(name=name, label=name.capitalize(), key=name[0].upper())
        for name in get_args(Judgement)
    ),
    reasons=get_args(Reason),
    reason_keys={
        "halo": "H",
        "hole": "I",
        "missed part": "P",
        "wrong object": "R",
        "no object": "V",
    },
    sources=(
        SourceKind(
            kind="photo", label="Photo", alt="{title}, the photo", of_result=False, ground=""
        ),
        SourceKind(
            kind="cutout",
            label="Cut-out",
            alt="{title}, cut out{by}",
            of_result=True,
            ground="checker",
        ),
        SourceKind(
            kind="mask",
            label="Mask",
            alt="Mask of {title}{by}: the object is white",
            of_result=True,
            ground="black",
        ),
        SourceKind(
            kind="heat",
            label="Heat map",
            alt="Heat map of {title}{by}: the object is bright",
            of_result=True,
            ground="black",
        ),
        SourceKind(
            kind="reference",
            label="Reference",
            alt="{title}, cut out as published",
            of_result=False,
            ground="checker",
        ),
        SourceKind(
            kind="truth",
            label="Ground truth",
            alt="Ground truth of {title}: the object is white",
            of_result=False,
            ground="black",
        ),
    ),
)
