"""Connections to portals: to public addresses only, by the TLS that they speak, with headers that have an end.

resolver.py: which address a name may lead to. tls.py: the handshake, and what is wrong with a certificate.
handler.py: Scrapy's own handler of http and https with both.
"""
