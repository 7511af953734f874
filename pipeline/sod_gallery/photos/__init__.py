"""Photos: which there are, what they are called, and their pixels."""
