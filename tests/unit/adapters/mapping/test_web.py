import pytest
from pydantic import ValidationError

from adapters.mapping.web import Http, OpenSearch, Yente

SECRET = {"user": "kalkan", "password_file": "p"}
BASE = {"url": "https://search.example:9200", "index": "persons"}


def test_each_service_is_logged_in_to_in_its_own_way():
    assert OpenSearch(**BASE, **SECRET).authorise("é:x") == "Basic a2Fsa2FuOsOpOng="
    assert Yente(url="http://127.0.0.1:8000").authorise("k") == "ApiKey k"
    http = Http(url="http://a", list={"path": "/a"}, get={"path": "/a/{reference}"})
    assert http.authorise("k") == "Bearer k"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"user": "kalkan"}, "both user and password_file"),
        ({"password_file": "p"}, "both user and password_file"),
        ({**SECRET, "url": "http://search.example"}, "travel in the clear"),
        ({**SECRET, "user": "a:b"}, "pattern"),
        ({"only": {"kui": []}}, "one value or more"),
        ({"never": {"kui": []}}, "one value or more"),
        ({"index": "a/_search"}, "pattern"),
        ({"index": "*"}, "pattern"),
        ({"index": "_all"}, "pattern"),
        ({"certificate": "a"}, "both certificate and key"),
    ],
)
def test_block_of_opensearch_says_what_to_write(changed, told):
    with pytest.raises(ValidationError, match=told):
        OpenSearch(**{**BASE, **changed})


def test_password_may_travel_on_this_machine():
    assert OpenSearch(**{**BASE, **SECRET, "url": "http://127.0.0.1:9200"}).user == "kalkan"
