"""Files that reviewers send may hold anything: they are counted, left out or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sod_gallery.errors import ConfigError
from sod_gallery.site.verdicts import Reading, read_export

RIGHT: dict[str, Any] = {
    "reviewer": "Ann",
    "photo": "a/b.jpg",
    "photo_sha256": "0" * 64,
    "method": "u2net",
    "result_sha256": "1" * 64,
    "verdict": "good",
    "reasons": ["halo"],
    "note": "",
    "link": "https://example.org/",
    "when": "2026-01-01T00:00:00Z",
}
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=4) | st.sampled_from(sorted(RIGHT)), inner, max_size=3),
    ),
    max_leaves=8,
)
ENTRY = st.one_of(
    JSON,
    st.dictionaries(st.sampled_from(sorted(RIGHT)), JSON, max_size=2).map(lambda odd: RIGHT | odd),
)
EXPORT = st.fixed_dictionaries(
    {"version": st.sampled_from([1, 2, 2.0, 3, "2"]), "build": st.just("0" * 12) | JSON},
    optional={"verdicts": st.lists(ENTRY, max_size=4) | JSON, "preferences": JSON, "x": JSON},
)
HUGE = (
    "[" * 100_000,
    '{"version":2,"verdicts":' + "[" * 100_000,
    "9" * 100_000,
    '{"version":1e999',
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    content=st.one_of(
        st.binary(max_size=60),
        st.one_of(EXPORT, JSON).map(lambda value: json.dumps(value).encode()),
        st.sampled_from(HUGE).map(str.encode),
    )
)
def test_any_file_is_read_or_refused_by_name(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "export.json"
    path.write_bytes(content)
    reading, complaint = Reading(), str(path)
    try:
        read_export(path, reading)
    except ConfigError as error:
        complaint = str(error)
    assert complaint.startswith(str(path))
    assert all(sentence.startswith(str(path)) for sentence in reading.left_out)
    for verdict in reading.verdicts:
        assert verdict.link.startswith(("http://", "https://"))
        assert verdict.verdict in ("good", "bad", "unsure")
