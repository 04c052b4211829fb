"""The ledger as a transparency log: its entries in bundles, tiles above them, signed checkpoints.

The segments are what makes an entry durable before its answer; what is here follows within a
second, can be made again from them, and is what others read.
"""
