"""What `scrapy probe` knows: a handful of polite requests, and from them the row of a portal.

asking        one request at a time, within a budget; errors as sentences
recognising   which family made a page, and by what sign; whether it needs a browser
doors         sitemaps, feeds and listings: what they list, how they page
samples       article pages read as the nightly crawl would read them
naming        the portal's name, province, key and what to keep
row           the row of portals.toml: its text, its check, its place in the file
showing       all of it on a terminal
probe         the order of it all
"""
