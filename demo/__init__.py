"""A stand-in for the mirrored site: made-up articles, served in the site's own markup."""
