"""Banks that are files: exports that are read whole into one SQLite file and searched there.

Each reader turns one format into a `Grid`; `load` writes all grids of a bank into one SQLite file,
which the sql kind then opens like any other database.
"""
