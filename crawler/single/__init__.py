"""One page by itself: what `scrapy read` and `scrapy fixture` do.

opening    a page from a file: unpacked, told from what is no page, decoded
fetching   a page from its portal: asked politely, one request after another
reading    the page's article, by all that is known of its portal
showing    the article with its explanations, for a person and for a program
recording  a page and what was read of it, as a fixture of the tests
"""
