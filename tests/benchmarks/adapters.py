"""Thin adapters between the rooms and the scorers: each turns a room's own types into a scorer's form.

What must never stand here: a rule, a threshold, anything that changes an answer.
"""
