"""Downloads one file over HTTP: resumes interrupted transfers, verifies, and renames at the end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from .errors import PipelineError
from .files import hash_file
from .records import Record

if TYPE_CHECKING:
    import httpx

PAUSES = (0.5, 2.0, 5.0)
"""Seconds to wait before the second, third and fourth attempt."""


class DownloadError(PipelineError):
    """A download failed.  The message names the URL, the target file and the remedy."""

    exit_code = 3


class Progress(Protocol):
    """A callback for the progress of a download; called after every chunk."""

    def __call__(self, name: str, done: int, total: int | None) -> None:
        """Report ``done`` of ``total`` bytes of the file ``name``; total is None if unknown."""


def silent(name: str, done: int, total: int | None) -> None:
    """Ignore the progress; see Progress."""


class Remote(Record, frozen=True):
    """A file on a server, with its expected hash and size."""

    url: str
    sha256: str | None = None
    """Expected hash, 64 hexadecimal digits.  If None, the content is not verified, except that HTML
    is rejected."""
    size: int | None = None
    """Expected size in bytes, or None if unknown."""


class _CutError(Exception):
    """The transfer failed or stopped early; another attempt may succeed."""


def fetch(
    remote: Remote,
    target: Path,
    *,
    offline: bool = False,
    progress: Progress = silent,
    pauses: Sequence[float] = PAUSES,
) -> None:
    """Download the remote file to ``target``; a partial or wrong file never appears there.

    Received bytes are kept in ``<target>.part``.  This call and later calls resume from that file
    with a Range request; a server that ignores the request sends the whole file again.  Without an
    expected hash, every attempt starts from the beginning.  A file with the wrong hash is deleted.
    ``pauses`` are the seconds before each further attempt.  Raises DownloadError if the file cannot
    be downloaded or written, or if ``offline`` is true.
    """
    if offline:
        raise DownloadError(
            f"{target} is missing and --offline forbids to fetch it: run once without --offline, "
            f"or save {remote.url} there."
        )
    transfer = _Transfer(remote, target, progress)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        transfer.complete(pauses)
        transfer.verify()
        transfer.part.replace(target)
    except OSError as error:
        raise DownloadError(
            f"{target} cannot be written: {error.strerror or error}. Free some space or permit "
            "writing there, then run again."
        ) from error


@dataclass(frozen=True)
class _Transfer:
    """The transfer of one file into its partial file."""

    remote: Remote
    target: Path
    progress: Progress

    @property
    def part(self) -> Path:
        return self.target.with_name(f"{self.target.name}.part")

    @property
    def arrived(self) -> int:
        """Size of the partial file in bytes."""
        return self.part.stat().st_size if self.part.exists() else 0

    def complete(self, pauses: Sequence[float]) -> None:
        """Transfer the whole file, in several attempts if needed; raises DownloadError."""
        # Imported here, so that a build without downloads does not spend time on it.
        import httpx

        with httpx.Client(follow_redirects=True, timeout=30) as client:
            for pause in (*pauses, None):
                try:
                    self.attempt(client)
                    return
                except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.TooManyRedirects) as bad:
                    raise self.failure(f"cannot be fetched: {bad}; check the address") from bad
                except (_CutError, httpx.TransportError) as error:
                    if pause is None:
                        raise self.gave_up(error) from error
                    time.sleep(pause)

    def attempt(self, client: httpx.Client) -> None:
        """Request the missing bytes and append them.

        Raises _CutError if the response ends early, and what ``accept`` raises.
        """
        if self.remote.sha256 is None:  # two parts could be of different versions
            self.part.unlink(missing_ok=True)
        remote, have = self.remote, self.arrived
        if have and have == remote.size:
            return
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with client.stream("GET", remote.url, headers=headers) as response:
            have = self.accept(response, have)
            with self.part.open("ab" if have else "wb") as file:
                # With a chunk size, httpx would drop the last bytes of an interrupted transfer.
                for chunk in response.iter_raw():
                    file.write(chunk)
                    have += len(chunk)
                    self.progress(self.target.name, have, remote.size)
        if remote.size is not None and have < remote.size:
            raise _CutError(f"{have:,} of {remote.size:,} bytes arrived")

    def accept(self, response: httpx.Response, have: int) -> int:
        """Return the position in bytes at which the response starts: ``have`` or 0.

        Raises _CutError if another attempt may succeed, otherwise DownloadError.
        """
        status = response.status_code
        answer = f"answered {status} {response.reason_phrase}".rstrip()
        if status >= 500 or status in (408, 429):
            raise _CutError(f"the server {answer}")
        starts = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        if status == 416 or (status == 206 and not starts):
            self.part.unlink(missing_ok=True)
            raise _CutError("the server could not resume the partial file")
        if status not in (200, 206):
            raise self.failure(
                f"{answer}; get the file from elsewhere and save it as {self.target}"
            )
        if response.headers.get("Content-Type", "").startswith("text/html"):
            raise self.web_page()
        return have if status == 206 else 0

    def verify(self) -> None:
        """Check the partial file; raise DownloadError after deleting it if it is wrong."""
        actual, expected = hash_file(self.part), self.remote.sha256
        if actual == expected:
            return
        with self.part.open("rb") as file:
            beginning = file.read(512).lstrip().lower()
        if beginning.startswith((b"<!doctype html", b"<html")):
            self.part.unlink()
            raise self.web_page()
        if expected is not None:
            self.part.unlink()
            raise self.failure(
                f"sent wrong bytes, now deleted: sha256 {actual[:12]}…, expected {expected[:12]}…; "
                f"run again, or get the file from elsewhere and save it as {self.target}"
            )

    def web_page(self) -> DownloadError:
        return self.failure(
            f"sent a web page instead of {self.target.name} (a sign-in or an error page?); "
            f"get the file from elsewhere and save it as {self.target}"
        )

    def gave_up(self, error: Exception) -> DownloadError:
        reason = (str(error) or type(error).__name__).rstrip(".")
        if self.arrived and self.remote.sha256:
            return self.failure(
                f"was cut off: {reason}; {self.arrived:,} bytes are kept, run again to resume"
            )
        return self.failure(
            f"cannot be reached: {reason}; run again when the network is there, "
            f"or save the file as {self.target}"
        )

    def failure(self, what: str) -> DownloadError:
        return DownloadError(f"{self.remote.url} {what}.")
