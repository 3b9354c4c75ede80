"""A record that shows what was changed in it: the tree, its checkpoints, the proof of one row.

Knows neither Django nor a database, so that a proof can be checked on any machine.
"""
