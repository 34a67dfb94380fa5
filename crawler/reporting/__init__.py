"""The end of a run: what it came to, told on the terminal, as a page, as JSON, and to people where one is needed.

night       a night as data: how it ended, what became of each portal, what needs a person
gathering   makes it of a run that ended, or of one that could not begin
past        the last thirty nights, days without a run, the newest articles: what archive.db has to say
table       the terminal        page, report.html   the page        record   the JSON        words   both languages
shelf       where reports stand, under names that no other run takes
alarms      what people have been told (alarms.db)    messages   what they are told
heartbeat   the call after a good night
reporter    all of it, in its order, whatever became of the run
"""
