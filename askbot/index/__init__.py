"""Pages on disk and the tables that questions are searched in.

Chroma holds the vectors and is what ingesting writes to; a generation of search tables (a vector
matrix and a BM25 index), read by every question, is made from it and swapped in by one rename.
"""
