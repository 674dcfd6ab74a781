"""Reports for people: Markdown and self-contained HTML."""
