"""The file in which verdicts travel: its records, its schema, and how it is read.

The browser checks imports by the same schema: ``schema()`` is published as
``docs/verdicts.schema.json``.  What the schema cannot say is said here, and in
``assets/js/review/import.js``: the file's size, and that texts hold no lone surrogates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from sod_gallery.errors import ConfigError
from sod_gallery.records import Judgement, Reason, Record

LARGEST_EXPORT = 20_000_000
"""Bytes: a verdict takes about 600, and a browser keeps no more than some 5 million."""

ESCAPE = re.compile(
    rb"\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\u(d[89a-f][0-9a-f]{2})|\\.", re.IGNORECASE
)
"""An escape of JSON; half a character, which no text may hold, has a group of its own."""
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

# Patterns mean the same in Python and in JavaScript: in Python alone, "$" would also match before
# a line break at the end, and what white space is differs.
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", max_length=64)]
Build = Annotated[str, Meta(pattern="^[0-9a-f]{12}$", max_length=12)]
Reviewer = Annotated[str, Meta(pattern="[^\\u0000-\\u0020]", max_length=80)]
PhotoId = Annotated[str, Meta(pattern="^[^/]+/[^/]", max_length=1000)]
MethodName = Annotated[str, Meta(min_length=1, max_length=255)]
Link = Annotated[str, Meta(pattern="^https?://", max_length=2000)]
Text = Annotated[str, Meta(max_length=2000)]
When = Annotated[datetime, Meta(tz=True)]
Choice = Literal["a", "b", "same"]


class Verdict(Record, frozen=True):
    """What one reviewer thinks of one result: what one method made of one photo."""

    reviewer: Reviewer
    photo: PhotoId
    """``<dataset>/<name>``, as it was called then."""
    photo_sha256: Sha256
    method: MethodName
    """Name of the method, as it was called then."""
    result_sha256: Sha256
    """What made the result: the checkpoint's sha256."""
    verdict: Judgement
    reasons: Annotated[list[Reason], Meta(max_length=5)]
    note: Text
    link: Link
    """Shows what the reviewer saw."""
    when: When


class Side(Record, frozen=True):
    """One of two results that were compared."""

    method: MethodName
    result_sha256: Sha256


class Preference(Record, frozen=True):
    """Which of two results of one photo a reviewer prefers, in a blind review."""

    reviewer: Reviewer
    photo: PhotoId
    photo_sha256: Sha256
    a: Side
    b: Side
    choice: Choice
    when: When


class Export(Record, frozen=True):
    """The file that the site's Export button writes."""

    version: Literal[2]
    build: Build
    """The gallery in which it was exported."""
    verdicts: list[Verdict]
    preferences: list[Preference] = []


class _VerdictOfVersion1(Record, frozen=True):
    photo: PhotoId
    photo_sha256: Sha256
    model: MethodName
    checkpoint: Sha256
    verdict: Judgement
    reasons: list[Reason]
    note: Text
    link: Link
    when: When


class _Envelope(msgspec.Struct, frozen=True):
    """An export whose entries are not checked yet."""

    version: float
    """1 or 2; JavaScript does not tell 2.0 from 2."""
    build: Build
    verdicts: list[msgspec.Raw]
    preferences: list[msgspec.Raw] = []
    reviewer: Reviewer = "-"
    """Of version 1, where all verdicts are this reviewer's."""


@dataclass
class Reading:
    """What was read of one or several exports."""

    verdicts: list[Verdict] = field(default_factory=list)
    preferences: list[Preference] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """A sentence for each entry that is not usable."""


def schema() -> bytes:
    """Return the JSON Schema of an export."""
    content: dict[str, Any] = msgspec.json.schema(Export)
    content["$comment"] = f"At most {LARGEST_EXPORT} bytes."
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def read_export(path: Path, reading: Reading) -> None:
    """Add one reviewer's file to what was read; entries that are not usable are left out.

    Raises ConfigError where the file is no export at all.
    """
    envelope = _envelope(path)
    parts: tuple[tuple[str, list[msgspec.Raw], Any, list[Any]], ...] = (
        ("verdict", envelope.verdicts, Verdict, reading.verdicts),
        ("preference", envelope.preferences, Preference, reading.preferences),
    )
    for what, entries, kind, target in parts:
        for number, raw in enumerate(entries, start=1):
            try:
                entry = _entry(raw, kind, envelope)
            except UNREADABLE as error:
                about = _photo_of(raw)
                where = f"{what} {number}{f' ({about})' if about else ''}"
                reason = "it holds half a character" if _is_broken(raw) else error
                reading.left_out.append(f"{path}: {where} is left out: {reason}.")
            else:
                target.append(entry)


def _envelope(path: Path) -> _Envelope:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error.strerror or error}. Name the files that reviewers "
            "exported from the site."
        ) from error
    if len(content) > LARGEST_EXPORT:
        raise ConfigError(
            f"{path}: is no export of verdicts: it has more than {LARGEST_EXPORT / 1e6:.0f} MB. "
            "Leave it out; nothing was merged."
        )
    try:
        envelope = msgspec.json.decode(ESCAPE.sub(_unescaped_half, content), type=_Envelope)
        if envelope.version not in (1, 2):
            raise msgspec.ValidationError(f"version {envelope.version:g} is neither 1 nor 2")
    except UNREADABLE as error:
        raise ConfigError(
            f"{path}: is no export of verdicts: {error}. Ask its reviewer to export it once more, "
            "or leave it out; nothing was merged."
        ) from error
    return envelope


def _unescaped_half(escape: re.Match[bytes]) -> bytes:
    """Write half a character as bytes: for these a parser refuses the entry that holds them, for
    the escape the whole file."""
    half = escape[1]
    return chr(int(half, 16)).encode("utf-8", "surrogatepass") if half else escape[0]


def _is_broken(raw: msgspec.Raw) -> bool:
    try:
        bytes(raw).decode()
    except UnicodeDecodeError:
        return True
    return False


def _entry(
    raw: msgspec.Raw, kind: type[Verdict] | type[Preference], envelope: _Envelope
) -> Verdict | Preference:
    if envelope.version == 2:
        return msgspec.json.decode(raw, type=kind)
    old = msgspec.json.decode(raw, type=_VerdictOfVersion1)
    return Verdict(
        reviewer=envelope.reviewer,
        photo=old.photo,
        photo_sha256=old.photo_sha256,
        method=old.model,
        result_sha256=old.checkpoint,
        verdict=old.verdict,
        reasons=old.reasons,
        note=old.note,
        link=old.link,
        when=old.when,
    )


def _photo_of(raw: msgspec.Raw) -> str:
    """Return the photo that an unusable entry names, if it does."""
    try:
        entry = msgspec.json.decode(bytes(raw).decode(errors="replace"))
    except UNREADABLE:
        return ""
    photo = entry.get("photo") if isinstance(entry, dict) else None
    return photo if isinstance(photo, str) else ""


def export_json(export: Export) -> bytes:
    """Serialise an export: key order fixed, UTF-8, LF."""
    return msgspec.json.format(msgspec.json.encode(export), indent=1) + b"\n"


def newest_of(entries: Iterable[Any]) -> list[Any]:
    """Keep the newest entry of each reviewer on each subject, in an order that files do not
    change."""
    newest: dict[tuple[str, ...], Any] = {}
    for entry in entries:
        key = (reviewer_of(entry), *subject_of(entry))
        if key not in newest or _age(entry) > _age(newest[key]):
            newest[key] = entry
    return [newest[key] for key in sorted(newest)]


def reviewer_of(entry: Verdict | Preference) -> str:
    """Return the name that tells reviewers apart: what white space it has does not."""
    return " ".join(entry.reviewer.split())


def subject_of(entry: Verdict | Preference) -> tuple[str, ...]:
    """Return what an entry is about, by content: the photo, and the result or the two results."""
    if isinstance(entry, Verdict):
        return entry.photo_sha256, entry.result_sha256
    return entry.photo_sha256, *sorted((entry.a.result_sha256, entry.b.result_sha256))


def _age(entry: Verdict | Preference) -> tuple[datetime, bytes]:
    """Order by time, and equal times by content."""
    return entry.when, msgspec.json.encode(entry)
