"""The kit that an author runs: the clauses of the contract, each with one test."""
