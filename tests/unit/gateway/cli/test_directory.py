"""What may be filled in is told in lines that people read."""

from gateway.cli.directory import show_federation, tell_fields
from gateway.cli.screen import Screen
from kalkan.v1 import directory_service_pb2 as wire
from kalkan.v1 import model_pb2 as model

RECORD, COUNT = model.GRANULARITY_RECORD, model.GRANULARITY_COUNT
ALL = {"birth_date", "full_name", "name", "nationality", "place", "sex"}


def way(*needed, granularity=RECORD, without=()):
    optional = ALL - set(needed) - set(without)
    return wire.QueryFields(
        needed=sorted(needed), optional=sorted(optional), granularity=granularity
    )


def access(bank, *fields, **changes):
    known = {"permitted": bool(fields), "capable": True, "granularity": RECORD, **changes}
    return wire.BankAccess(bank=bank, fields=fields, **known)


def test_one_line_where_all_banks_take_the_same():
    ways = way("full_name", "name"), way("birth_date", "name")
    banks = [access("KAZ/persons", *ways), access("TUR/persons", *ways), access("UZB/persons")]
    assert tell_fields(banks, "person") == ["Fill in: full name | birth date + name"]


def test_banks_that_take_something_else_are_named():
    banks = [
        access("KAZ/persons", way("name")),
        access("TUR/persons", way("full_name", "name", without=("sex",))),
        access("UZB/persons", way("name"), capable=False),
    ]
    assert tell_fields(banks, "person") == [
        "Fill in for KAZ/persons: name",
        "Fill in for TUR/persons: full name without sex",
    ]


def test_way_that_lets_out_less_says_so():
    ways = way("full_name", "name"), way("birth_date", "name", granularity=COUNT)
    assert tell_fields([access("KAZ/persons", *ways)], "person") == [
        "Fill in: full name | birth date + name (count)"
    ]


def test_nothing_is_told_where_nobody_may_be_asked():
    assert tell_fields([access("KAZ/persons")], "person") == []


def test_status_says_how_to_go_on_in_this_federation(capsys):
    told = wire.GetFederationResponse(federation_id="alliance")
    told.members.add(member="KAZ", title="Kazakhstan")
    show_federation(Screen(), told)
    assert "Federation alliance: 1 member, 0 of 0 banks answer" in capsys.readouterr().out
    told.projects.add(project="border", members=["KAZ"])
    show_federation(Screen(), told)
    assert "kalkan federation explain --ask border" in capsys.readouterr().out
