"""A short run of the fuzzer; docs/decisions/0029-any-photo.md tells of a long one."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

FUZZER = Path(__file__).resolve().parents[2] / "fuzz_decoding.py"


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this machine")
def test_no_input_of_a_short_fuzz_is_a_finding(tmp_path: Path) -> None:
    options = ("-runs=600", "-seed=13", "-max_len=4096", "-rss_limit_mb=2048", "-timeout=20")
    done = subprocess.run(
        [sys.executable, str(FUZZER), str(tmp_path / "corpus"), *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 600 runs" in done.stderr
    assert len(list((tmp_path / "corpus").iterdir())) > 14
