"""Engines: what runs a network, on which processor and in which precision."""
