"""The build: which photos, what is made of each, what is fresh, and what is remembered."""
