"""Names of the synthetic people, member by member, and how clerks abroad write them.

Every list holds common names of a member in its own script beside the usual passport Latin.
Full names are drawn by chance from these lists, so nobody real is meant.
"""
