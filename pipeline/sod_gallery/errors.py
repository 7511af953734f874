"""Errors whose message is the sentence the user reads: it names the file and the remedy."""

from __future__ import annotations


class PipelineError(Exception):
    """Anything that a user can mend; ``exit_code`` is what the command line returns."""

    exit_code = 2


class ConfigError(PipelineError):
    """A setting or an argument that cannot be used."""


class PhotoError(PipelineError):
    """One photo that cannot be read or processed; the others go on."""

    exit_code = 1


class CheckpointError(PipelineError):
    """Weights that cannot be had, are not what they claim to be, or do not fit the network."""

    exit_code = 3


class DatasetError(PipelineError):
    """A dataset that cannot be had."""

    exit_code = 3
