"""Commands of the scrapy program: crawl (Scrapy's, with checks and exit statuses) and our own."""

import gc

# While the program is loaded next to nothing is to be freed; see mirror.cli.spare_the_program.
gc.set_threshold(50_000)
