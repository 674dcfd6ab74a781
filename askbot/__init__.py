"""askbot answers questions about an article and the discussion under it, with checked citations."""

__version__ = "0.1.0"
