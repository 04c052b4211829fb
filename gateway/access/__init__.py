"""Who asks, with what right: every check that stands before a search.

tokens        a member's token becomes a Requester, bound to certificate and query key
signatures    queries, answers and receipts: detached JWS over the bytes as sent
freshness     the window of a query's time, and nonces
policy        what the baseline and an owner permit, in Cedar
certificates  who is at the other end of a connection
federation    the file that pins members, keys and addresses
keys          private keys on disk
issue         tokens for the demonstration and for tests
"""
