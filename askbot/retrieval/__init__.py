"""Find the passages a question is about: dense and lexical scores, fused.

`search` is the method itself, free of frameworks so that a cold question stays fast;
`langchain` wraps it as a `BaseRetriever` for chains.
"""
