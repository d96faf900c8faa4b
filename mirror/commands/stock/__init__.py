"""Scrapy's own commands: the ones that are of use here refuse what they do not know, the others refuse."""
