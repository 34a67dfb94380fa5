"""What `scrapy probe` knows: a handful of polite requests, and from them the row of a portal.

probe         the order of it all
asking        one request at a time, within a budget; errors as sentences
arriving      the home page from whatever address was given; what turns a visitor away
recognising   which family made a page, and by what sign; whether it needs a browser
ways          the portal's addresses; the list and the pager of a listing
doors         sitemaps, feeds and listings: what they list
samples       article pages read as the nightly crawl would read them
naming        the portal's name, province, key and what to keep
concluding    whether there is a portal, what of it is doubtful, what its row says
row           the row of portals.toml: its text, its check, its place in the file
findings      the shapes that all of them pass on
showing       all of it on a terminal
"""
