"""What the site reads: its data files, and the verdicts of its reviewers."""
