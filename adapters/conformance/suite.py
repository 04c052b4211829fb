"""The whole suite, which an author inherits: one test for each clause of CLAUSES.md.

    from adapters.conformance.suite import AdapterConformance, Known

    class TestMyBank(AdapterConformance):
        made_for = 1

        @asynccontextmanager
        async def open_adapter(self): ...

        def known(self): ...

Its name does not begin with "Test", so that pytest does not collect it by itself.
"""

from __future__ import annotations

from adapters.conformance.ending import EndingClauses
from adapters.conformance.hostile import HostileClauses
from adapters.conformance.limits import LimitClauses
from adapters.conformance.reading import ReadingClauses
from adapters.conformance.shape import ShapeClauses
from adapters.conformance.subject import Known
from adapters.conformance.trouble import TroubleClauses
from adapters.conformance.truth import TruthClauses

__all__ = ["AdapterConformance", "Known"]


class AdapterConformance(
    ShapeClauses,
    TruthClauses,
    ReadingClauses,
    LimitClauses,
    HostileClauses,
    TroubleClauses,
    EndingClauses,
):
    """One test for each clause; the author writes `open_adapter`, `known` and what can be."""
