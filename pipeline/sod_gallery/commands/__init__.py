"""The commands: each with its words for ``--help``, its arguments, and what it does."""
