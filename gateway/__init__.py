"""The gateway: a hub that asks, nodes that answer, and what both stand on.

cli     the `kalkan` command
hub     the server in the middle
node    the server in a country
access  tokens, signatures, policy, certificates
ledger  what was asked and how it ended, durably
trace   OpenTelemetry
client  the Python client
"""

__version__ = "0.1.0"
