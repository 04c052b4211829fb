"""Who asks, with what right: every check that stands before a search.

tokens        a member's token becomes a Requester, bound to certificate, query key and query
claims        what a token has to say
signatures    queries, answers and receipts: detached JWS over the bytes as sent
freshness     the window of a query's time, and nonces
policy        what the baseline and an owner permit, in Cedar
rules         Cedar files, checked at load
certificates  who is at the other end of a connection
federation    the file that pins members, keys and addresses
jwk, keys     public keys as they travel, private keys on disk
strict, toml  JSON and base64url with one spelling; places in TOML
issue         tokens for the demonstration and for tests
authority     certificates for the demonstration and for tests
"""
