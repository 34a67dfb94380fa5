"""Exit codes of the commands: what a scheduler may rely on."""

GOOD = 0
PORTAL_FAILED = 1  # a portal failed its expectations
STORE_FAILED = 2  # the archive could not be written
WRONG_CONFIGURATION = 3
NOT_SENT = 69  # a message could not be sent, and waits for the next run
BUSY = 75  # another run holds the lock

# As the shell counts what ended by a signal.
INTERRUPTED = 130  # Ctrl-C
NOBODY_READS = 141  # the reader of the output went away: | head
