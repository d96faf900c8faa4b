"""HTML to Markdown, text to text: pure functions that know no site, no disk and no network."""
