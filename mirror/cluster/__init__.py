"""Many machines on one crawl: the database's frontier is the truth, Redis hands it round."""
