"""Reading pages: one reader a format, all giving a `Page`."""
