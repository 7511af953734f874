"""Networks: their architecture, their checkpoints, and what they take as input."""
