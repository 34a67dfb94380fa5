"""Every threshold by which a portal is judged, each with its reason. A portal's row may say otherwise (`expect`)."""

from __future__ import annotations

from datetime import timedelta

# ---- nights

NIGHT = timedelta(hours=6)  # runs closer together are one night: an operator who tries three times at noon saw one
BAD_NIGHTS = 2  # before an alarm: a server that restarts, a full disk of theirs, is well the night after
GOOD_NIGHTS = 10  # of the past, that tell what is usual: a week would be one odd week, a month outlives a redesign
REMEMBERED = 60  # nights looked at for them: bad nights stand between

# ---- fields and texts

FEW = 5  # article pages of a night, below which a fill rate says nothing: one without lead is every fifth
LEVEL = 0.5  # share of a portal's articles that must have had a field for its loss to mean anything
FELL = 0.5  # share of the usual fill rate below which a field has been lost: 0.9 to 0.4; chance does that one in 200
SHORTER = 0.3  # of the usual median length: a lead in place of the body, a teaser in place of the text
MORE_DROPPED = 0.3  # of the lines, more than usual: furniture has moved into the text's container

# ---- layout

PAGES = 3  # article pages that tell a layout that stopped fitting from one odd page
MISFITS = 0.5  # share of a night's article pages that do not fit, from which on it is the layout and no odd page
MORE_MISFITS = 0.2  # share more than usual that says that a part of the portal looks otherwise now
LISTINGS = 2  # of a night, from which on what they have in common is the theme
SETTLED = 10  # article pages seen well, from which on their places are known
KNOWN_SHARE = 0.9  # of the pages in usual places, below which a portal has no layout that could stop fitting
KEPT = 50  # pages of known articles kept unread: their text is here already, and only an edit would be lost
RARE = 0.01  # share of a portal's pages below which a place is an editor's accident, and not a layout of its own
REWRITTEN = 6  # known articles that changed in one night, from which on no editor has done it
REWRITTEN_SHARE = 0.6  # ... if they are this share of those read again; of a day's five articles three may be edited

# ---- refusals and absences

TROUBLE = 0.5  # share of a night's requests that came to nothing, from which on a portal is called sick
VANISHED = 10  # known articles asked for and not there, from which on they are a family of pages and no chance
VANISHED_SHARE = 0.5  # ... if they are this share of those asked for

# ---- news

WEEK = timedelta(days=7)
WEEKS = 8  # before the last, whose median tells how much is usual: two months hold a Tết and still have a median
ASLEEP = timedelta(days=14)  # without news, at least, before a portal is called quiet: Tết takes ten days of it
ASLEEP_GAPS = 4  # ... and so many of its usual gaps between two articles
DEAD = timedelta(days=45)  # without news, before somebody should look: a board merged away says no good-bye
SHORT = timedelta(days=14)  # that a portal may bring less than its row expects before somebody should look
