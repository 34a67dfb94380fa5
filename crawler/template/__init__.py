"""Template induction: what a portal's article pages have in common is furniture, what differs is the article.

The way of a page: outline.py takes it apart into lines, each with its path; keys.py names elements so that the same
place has the same name on every page; learn.py, with the steps in learning/, finds container, title, date, lead and
labels on some ten to two hundred pages of one portal and writes them down as a Template (model.py); read.py reads a
page by it.

No path has an index of siblings in it: a banner in front of the text must not move it to another address.
"""
