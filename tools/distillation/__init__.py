"""Trains a U²-NetP from random weights to reproduce a teacher's features; see tools/distill.py."""
