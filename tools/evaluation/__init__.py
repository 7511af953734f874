"""Scores checkpoints on sets of photos; see tools/evaluate.py."""
