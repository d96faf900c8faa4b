"""A faithful mirror of a news site's sections as Markdown pages, published with Git."""
