"""What auditors and custodians read of a ledger, over the wire: the same at hub and node."""
