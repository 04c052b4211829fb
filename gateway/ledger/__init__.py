"""The ledger: the append-only log of everything that was asked.

`Ledger` writes, `read` reads without the writer, `entry` fixes what one entry is. Nothing here
knows what a search is; the hub and the nodes decide when an entry is due.
"""
