"""The conformance kit of nodes: clauses over the wire, against a node in any language."""
