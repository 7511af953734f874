"""Errors for the user: the message is printed as it is, and names the file and the remedy."""

from __future__ import annotations

import signal


class PipelineError(Exception):
    """Base of all errors that a user can correct."""

    exit_code = 2
    """Exit status of the command after this error."""


class ConfigError(PipelineError):
    """A setting or an argument is invalid."""


class PhotoError(PipelineError):
    """A photo cannot be read or processed; the build continues with the other photos."""

    exit_code = 1


class CheckpointError(PipelineError):
    """A weights file cannot be found, downloaded or read, is wrong, or does not fit the network."""

    exit_code = 3


class EngineError(PipelineError):
    """The library that runs a network failed, which concerns all photos."""

    exit_code = 3


class DatasetError(PipelineError):
    """The photos of a dataset cannot be found, listed or downloaded."""

    exit_code = 3


class Interrupted(KeyboardInterrupt):
    """The user or the system asked the program to stop."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        """``number``: of the signal."""
        super().__init__(number)
        self.number = number
        self.summary: object = None
        """What a build had done by then: a ``build.summary.Summary``."""

    @property
    def exit_code(self) -> int:
        """Exit status of the command, as shells count it."""
        return 128 + self.number
