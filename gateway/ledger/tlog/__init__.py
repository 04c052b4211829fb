"""Formats of transparency logs as C2SP has them, without files and without a writer.

Strict on purpose: what another reader might take otherwise is refused, so that two people who
check the same bytes never come to two results. Sources: RFC 6962, RFC 9162 and c2sp.org.
"""
