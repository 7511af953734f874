"""Scores: how well a mask agrees with what people annotated."""
