from adapters.banks.http.capability import describe_service
from adapters.contract import FieldName, ProbeKind, RecordKind


def test_describe_service_offers_declared_searches_and_names(make_mapping):
    told = describe_service(make_mapping())
    assert told.probes == {ProbeKind.DOCUMENT, ProbeKind.IDENTIFIER, ProbeKind.PERSON}
    assert told.kinds == {RecordKind.WANTED}
    assert FieldName.BIRTH_DATE in told.fields
    assert told.fuzzy is False


def test_describe_service_offers_no_document_when_no_search_is_declared(make_mapping):
    told = describe_service(make_mapping(change=('probe = "document"', 'probe = "identifier"')))
    assert ProbeKind.DOCUMENT not in told.probes


def test_describe_service_lists_the_kinds_of_a_code_table(make_mapping):
    change = ('const = "wanted"', 'column = "dalil"\ncodes = "why"\n[codes.why]\n"1" = "missing"')
    assert describe_service(make_mapping(change=change)).kinds == {RecordKind.MISSING}
