"""How a bank becomes searchable: the contract, the mapping language, matching, and the kinds."""
