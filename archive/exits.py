"""Exit codes of the commands: what a scheduler may rely on."""

GOOD = 0
PORTAL_FAILED = 1  # a portal failed its expectations
STORE_FAILED = 2  # the archive could not be written
WRONG_CONFIGURATION = 3
BUSY = 75  # another run holds the lock
