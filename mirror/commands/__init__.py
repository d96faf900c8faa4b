"""Commands of the scrapy program: crawl (Scrapy's, with checks and exit statuses) and our own."""

import gc

_GC_THRESHOLD = 50_000  # objects made and not freed, before it pays to look for cycles among them

# Here, as it counts while the program is loaded: that leaves next to nothing to be freed.
gc.set_threshold(_GC_THRESHOLD)
