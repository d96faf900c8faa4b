"""Files to pass on, which need no host: books, archives, copies; views of the database like the pages."""
