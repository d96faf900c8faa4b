"""How fast the mirror is, against bare Scrapy and against its peers, on this machine: `make bench`."""
