"""What an attached file is and says: its type by its first bytes, the text of PDF and DOCX, all of it bounded.

A file of a stranger is read in a process of its own (reading.py), so that none can stop or break a crawl.
"""
