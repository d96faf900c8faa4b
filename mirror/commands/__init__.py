"""Commands of the scrapy program: crawl (Scrapy's, with checks and exit statuses) and our own."""
