"""The steps of learning a layout, which learn.py takes one after another; each writes its part into the Template."""
