"""How the small OpenSearch of the tests finds documents: by the types of their fields."""

from datetime import UTC, datetime

from rapidfuzz.distance import OSA

_BOOL = {"filter", "must", "should", "must_not", "minimum_should_match"}
_MATCH = {"query", "fuzziness", "operator"}


class RefusedError(Exception):
    """A query that OpenSearch refuses with status 400."""

    def __init__(self, kind, reason):
        super().__init__(reason)
        self.kind = kind


class Finder:
    """Scores documents by a query; None is no hit."""

    def __init__(self, types, inside=""):
        self.types, self.inside = types, inside

    def score(self, query, reference, document):
        if len(query) != 1:
            raise RefusedError("parsing_exception", "one query in one object")
        ((kind, about),) = query.items()
        known = ("bool", "terms", "ids", "match", "exists", "nested")
        if kind not in known:
            raise RefusedError("parsing_exception", f"unknown query [{kind}]")
        return getattr(self, f"_{kind}")(about, reference, document)

    def _bool(self, about, reference, document):
        if set(about) - _BOOL:
            raise RefusedError("parsing_exception", "unknown key in bool")

        def all_of(name):
            return [self.score(clause, reference, document) for clause in about.get(name, ())]

        must, should = all_of("filter") + all_of("must"), all_of("should")
        hits = [score for score in should if score is not None]
        enough = len(hits) >= about.get("minimum_should_match", 0)
        if None in must or any(s is not None for s in all_of("must_not")) or not enough:
            return None
        return sum(hits)

    def _terms(self, about, _reference, document):
        ((field, wanted),) = about.items()
        if not isinstance(wanted, list) or not all(isinstance(value, str) for value in wanted):
            raise RefusedError("parsing_exception", "[terms] wants a list of values")
        if len(wanted) > 65_536:
            raise RefusedError("illegal_argument_exception", "too many terms")
        return 1.0 if set(self._tokens(field, document)) & set(wanted) else None

    def _ids(self, about, reference, _document):
        return 1.0 if reference in about["values"] else None

    def _match(self, about, _reference, document):
        ((field, options),) = about.items()
        if set(options) - _MATCH or options["fuzziness"] != "AUTO" or options["operator"] != "or":
            raise RefusedError("parsing_exception", "unknown key in match")
        held, words = self._tokens(field, document), options["query"].lower().split()
        if len(words) > 1024:
            raise RefusedError("too_many_clauses", "maxClauseCount is set to 1024")
        close = [word for word in words if any(_is_like(word, token) for token in held)]
        return float(len(close)) if close else None

    def _exists(self, about, _reference, document):
        return 1.0 if self._values(about["field"], document) else None

    def _nested(self, about, reference, document):
        path = about["path"]
        if self.types.get(path) != "nested":
            raise RefusedError("query_shard_exception", f"[{path}] is not nested")
        inside = Finder(self.types, path)
        objects = _walk(document, path.split("."))
        scores = [inside.score(about["query"], reference, {path: one}) for one in objects]
        found = [score for score in scores if score is not None]
        return max(found) if found else None

    def _values(self, field, document):
        """The values of a field: those of nested objects are seen inside their own query only."""
        homes = [p for p, kind in self.types.items() if kind == "nested"]
        home = next((path for path in homes if field.startswith(f"{path}.")), "")
        if home != self.inside:
            return []
        field = field.removesuffix(".keyword")
        if home:
            return _walk(document[home], field.removeprefix(f"{home}.").split("."))
        return _walk(document, field.split("."))

    def _tokens(self, field, document):
        values = [
            str(v).lower() if isinstance(v, bool) else str(v) for v in self._values(field, document)
        ]
        if self.types.get(field) == "text":
            return [word for value in values for word in value.lower().split()]
        return values


def _walk(value, steps):
    if isinstance(value, list):
        return [found for one in value for found in _walk(one, steps)]
    if not steps:
        return [] if value is None else [value]
    return _walk(value.get(steps[0]), steps[1:]) if isinstance(value, dict) else []


def _is_like(word, token):
    """Fuzziness AUTO: none up to two letters, one up to five, else two (Lucene, transposing)."""
    most = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
    return OSA.distance(word, token, score_cutoff=most) <= most


def place_of(sort, hit):
    """The values of a hit that it is sorted by."""
    return [_value(name, hit) for one in sort for name in one]


def _value(name, hit):
    reference, score, document = hit
    if name in {"_id", "_score"}:
        return reference if name == "_id" else score
    return next(iter(_walk(document, name.removesuffix(".keyword").split("."))), None)


def rank(sort, found):
    """Hits in order; the last key decides last."""
    for one in reversed(sort):
        ((name, way),) = one.items()
        found = sorted(found, key=lambda hit, n=name: _value(n, hit), reverse=way == "desc")
    return found


def newest(types, field, found):
    """The aggregation `max`: the number, and for a date also its text."""
    values = [v for _, _, document in found for v in _walk(document, field.split("."))]
    if not values:
        return {"value": None}
    if types.get(field) != "date":
        return {"value": float(max(values))}
    last = max(datetime.fromisoformat(v).replace(tzinfo=UTC) for v in values)
    text = last.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"value": last.timestamp() * 1000, "value_as_string": text}
