"""Trains a U²-NetP from random weights with a trained one as its teacher; see tools/distill.py."""
