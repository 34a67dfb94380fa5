"""What stands between spider and network, in the order in which a request passes.

hosts.py: the portal's own hosts only. proxying.py: through the proxy of its row. robots.py: what robots.txt allows.
cookies.py: cookies that ask nobody else. unpacking.py: packed answers unpacked, no further than they may grow.
"""

from crawler.middlewares.hosts import ForeignHost

__all__ = ["ForeignHost"]
