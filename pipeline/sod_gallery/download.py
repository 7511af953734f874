"""Downloads one file over HTTP: resumes interrupted transfers, verifies, and renames at the end.

A server may be slow, broken or hostile: what it sends is bounded in size and in time, and comes
from the hosts that are known for the address.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from .errors import PipelineError
from .files import hash_file
from .partial import PartialFile
from .records import Record

if TYPE_CHECKING:
    import httpx2

PAUSES = (0.5, 2.0, 5.0)
"""Seconds to wait before the second, third and fourth attempt."""
LARGEST = 64_000_000
"""Bytes of a file whose size is not known: a cut-out of 16 megapixels hardly has more."""
MOST_REDIRECTS = 5
HOSTS = {
    "github.com": ("github.com", "githubusercontent.com"),
    "huggingface.co": ("huggingface.co", "hf.co"),
}
"""Where a host's files lie: it may redirect to these domains, and any other host to itself."""


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
    """Expected size in bytes, or None if unknown: then at most ``LARGEST``."""


@dataclass(frozen=True)
class Patience:
    """How long a server may take."""

    stall: float = 30.0
    """Seconds in which ``slowest`` times as many bytes must arrive; those of all attempts count."""
    slowest: int = 10_000
    """Bytes a second."""
    answer: float = 10.0
    """Seconds until a server must have answered, or sent more."""


class _CutError(Exception):
    """The transfer failed or stopped early; another attempt may succeed."""


def fetch(
    remote: Remote,
    target: Path,
    *,
    offline: bool = False,
    progress: Progress = silent,
    pauses: Sequence[float] = PAUSES,
    patience: Patience = Patience(),
) -> None:
    """Download the remote file to ``target``; a partial or wrong file never appears there.

    Received bytes are kept in ``<target>.part``, or under another name while another process
    downloads the same.  This call and later calls resume from that file with a Range request; a
    server that ignores the request sends the whole file again.  Without an expected hash, every
    attempt starts from the beginning.  A file with the wrong hash is deleted.  ``pauses`` are the
    seconds before each further attempt; one that brings a twentieth of the file starts them anew.
    Raises DownloadError if the file cannot be downloaded or written, or if ``offline`` is true.
    """
    if offline:
        raise DownloadError(
            f"{target} is missing and --offline forbids to fetch it: run once without --offline, "
            f"or save {remote.url} there."
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with PartialFile(target, is_kept=remote.sha256 is not None) as part:
            transfer = _Transfer(remote, target, progress, part, patience)
            transfer.complete(pauses)
            transfer.verify()
            part.finish()
    except OSError as error:
        raise DownloadError(
            f"{target} cannot be written: {error.strerror or error}. Free some space or permit "
            "writing there, then run again."
        ) from error


@dataclass
class _Transfer:
    """The transfer of one file into its partial file."""

    remote: Remote
    target: Path
    progress: Progress
    part: PartialFile
    patience: Patience
    _since: float = field(default_factory=time.monotonic)
    """When enough had arrived last."""
    _enough: int = 0
    """Bytes that had arrived then."""

    @property
    def most(self) -> int:
        """Bytes that the file has, or may have."""
        return LARGEST if self.remote.size is None else self.remote.size

    def complete(self, pauses: Sequence[float]) -> None:
        """Transfer the whole file, in several attempts if needed; raises DownloadError."""
        # Imported here, so that a build without downloads does not spend time on it.
        import httpx2

        left = list(pauses)
        with httpx2.Client() as client:
            while True:
                before = self.part.size
                try:
                    self.attempt(client)
                    return
                except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as bad:
                    raise self.failure(f"cannot be fetched: {bad}; check the address") from bad
                except (_CutError, httpx2.TransportError) as error:
                    if self.remote.sha256 and self.part.size - before >= self.most / 20:
                        left = list(pauses)
                    if not left or self.waited() >= self.patience.stall:
                        raise self.gave_up(error) from error
                    time.sleep(left.pop(0))

    def waited(self) -> float:
        """Return the seconds since enough had arrived."""
        return time.monotonic() - self._since

    def attempt(self, client: httpx2.Client) -> None:
        """Request the missing bytes and append them.

        Raises _CutError if the response ends early, and what ``accept`` raises.
        """
        if self.remote.sha256 is None:  # two parts could be of different versions
            self.part.clear()
        have = self.part.size
        if have and have == self.remote.size:
            return
        if have > self.most:  # of another version
            self.part.clear()
            have = 0
        response = self.open(client, have)
        try:
            have = self.accept(response, have)
            self.part.begin_at(have)
            # With a chunk size, httpx2 would drop the last bytes of an interrupted transfer.
            for chunk in response.iter_raw():
                self.part.append(chunk)
                have += len(chunk)
                self.check_size(have)
                self.check_rate(have)
                self.progress(self.target.name, have, self.remote.size)
        finally:
            response.close()
        if self.remote.size is not None and have < self.remote.size:
            raise _CutError(f"{have:,} of {self.remote.size:,} bytes arrived")

    def open(self, client: httpx2.Client, have: int) -> httpx2.Response:
        """Return the response to a request, after redirects to hosts that are allowed."""
        seconds = max(0.001, min(self.patience.answer, self.patience.stall - self.waited()))
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        request = client.build_request("GET", self.remote.url, headers=headers, timeout=seconds)
        start = request.url
        for _ in range(MOST_REDIRECTS + 1):
            response = client.send(request, stream=True)
            if response.next_request is None:
                return response
            response.close()
            request = response.next_request
            if not _is_allowed(start, request.url):
                raise self.failure(
                    f"redirects to {request.url.copy_with(query=None)}, which is not allowed; "
                    f"get the file from elsewhere and save it as {self.target}"
                )
        raise self.failure("redirects without end; check the address")

    def check_size(self, have: int) -> None:
        """Raise DownloadError, with the file deleted, where more arrives than the file has."""
        if have <= self.most:
            return
        self.part.clear()
        bound = "its" if self.remote.size is not None else "at most"
        raise self.failure(
            f"sent wrong bytes, now deleted: more than {bound} {self.most:,}; get the file from "
            f"elsewhere and save it as {self.target}"
        )

    def check_rate(self, have: int) -> None:
        """Raise _CutError where too little has arrived for too long."""
        if (
            have - self._enough >= self.patience.stall * self.patience.slowest
            or have < self._enough
        ):
            self._since, self._enough = time.monotonic(), have
        elif self.waited() >= self.patience.stall:
            rate = (have - self._enough) / self.patience.stall
            raise _CutError(f"only {rate:,.0f} bytes a second arrived")

    def accept(self, response: httpx2.Response, have: int) -> int:
        """Return the position in bytes at which the response starts: ``have`` or 0.

        Raises _CutError if another attempt may succeed, otherwise DownloadError.
        """
        status = response.status_code
        answer = f"answered {status} {response.reason_phrase}".rstrip()
        if status >= 500 or status in (408, 429):
            raise _CutError(f"the server {answer}")
        starts = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        if status == 416 or (status == 206 and not starts):
            self.part.clear()
            raise _CutError("the server could not resume the partial file")
        if status not in (200, 206):
            raise self.failure(
                f"{answer}; get the file from elsewhere and save it as {self.target}"
            )
        if response.headers.get("Content-Type", "").startswith("text/html"):
            raise self.web_page()
        start = have if status == 206 else 0
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and len(length) < 20:
            self.check_size(start + int(length))
        return start

    def verify(self) -> None:
        """Check the partial file; raise DownloadError after deleting it if it is wrong."""
        self.part.flush()
        actual, expected = hash_file(self.part.path), self.remote.sha256
        if actual == expected:
            return
        with self.part.path.open("rb") as file:
            beginning = file.read(512)
        if beginning.lstrip().lower().startswith((b"<!doctype html", b"<html")):
            self.part.clear()
            raise self.web_page()
        if expected is not None:
            self.part.clear()
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
        if self.part.size and self.remote.sha256:
            return self.failure(
                f"was cut off: {reason}; {self.part.size:,} bytes are kept, run again to resume"
            )
        return self.failure(
            f"cannot be reached: {reason}; run again when the network is there, "
            f"or save the file as {self.target}"
        )

    def failure(self, what: str) -> DownloadError:
        return DownloadError(f"{self.remote.url} {what}.")


def _is_allowed(start: httpx2.URL, to: httpx2.URL) -> bool:
    """Tell whether an address may redirect to another one."""
    if to.scheme != "https":  # a mirror without https may redirect within itself
        return (to.scheme, to.host, to.port) == (start.scheme, start.host, start.port)
    domains = HOSTS.get(start.host, (start.host,))
    return any(to.host == domain or to.host.endswith(f".{domain}") for domain in domains)
