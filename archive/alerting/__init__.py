"""Saved searches that tell somebody when they find something new: `python -m archive alert`.

wanted.py reads which (alerts.toml), memory.py holds what was found and what is still to be told (alerts.db),
messages.py writes, running.py does it all.
"""
