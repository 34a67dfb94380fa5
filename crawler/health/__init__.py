"""How each portal is: measured while it is crawled, judged by its own last nights, said in one sentence.

model       what is said of a portal
measuring   what a run measures of each portal
expecting   what it should have been, by its own good nights and by its row of the registry
causes      why it is said to be so, as data: words has both languages
verdicts    the verdict on a finished run, kept in the archive
"""
