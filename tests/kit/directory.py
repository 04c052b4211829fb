"""A small directory of synthetic persons, and its mapping: what the tests of kind ldap share."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from seeds.servers import Directory, ServerError, find_ldap, install, run_ldap

SUFFIX = "dc=gov,dc=pk"
PASSWORD = "r3ader (*)\\ pass"

SCHEMA = """
attributetype ( 1.3.6.1.4.1.32473.1.1 NAME 'cnic' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.32473.1.2 NAME ( 'passport' 'pasport' ) EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.32473.1.3 NAME 'serial' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.32473.1.4 NAME 'born' EQUALITY generalizedTimeMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.32473.1.5 NAME 'reason' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.32473.2.1 NAME 'fard' SUP top STRUCTURAL MUST uid
  MAY ( cn $ sn $ cnic $ passport $ serial $ born $ reason $ mobile $ userPassword $ photo ) )
objectclass ( 1.3.6.1.4.1.32473.2.2 NAME 'tripwire' SUP top STRUCTURAL MUST uid MAY cnic )
"""

HEAD = f"""dn: {SUFFIX}
objectClass: dcObject
objectClass: organization
dc: gov
o: 20260101-7

dn: ou=people,{SUFFIX}
objectClass: organizationalUnit
ou: people

dn: uid=reader,{SUFFIX}
objectClass: fard
uid: reader
userPassword: {PASSWORD}

dn: uid=tripwire,ou=people,{SUFFIX}
objectClass: tripwire
uid: tripwire
cnic: 1234567890123

"""

PEOPLE = f"""dn: uid=1,ou=people,{SUFFIX}
objectClass: fard
uid: 1
cn: Ayesha Khan
cn;lang-ur: عائشہ خان
sn: Ayesha Malik
sn: A. Khan
cnic: 35202-1234567-1
passport: AB1234567
serial: K
born: 19820503000000Z
reason: wanted
mobile: +923001234567
mobile: +923007654321

dn: uid=2,ou=people,{SUFFIX}
objectClass: fard
uid: 2
cn: Bilal Ahmed
cnic: 4210176543217
passport: KZ7654321
passport: KZ7654322
reason: registered

"""

MAPPING = """
version = 1
[bank]
id = "afrad"
title = "Afrad"
kind = "ldap"
scripts = ["Arab", "Latn"]
as_of = 2026-01-01T00:00:00Z
[ldap]
url = "{url}"
bind = "uid=reader,dc=gov,dc=pk"
password_file = "password"
base = "ou=people,dc=gov,dc=pk"
filter = "(objectClass=fard)"
page = 2
pool = 2
[record]
key = "uid"
as_of_column = "modifyTimestamp"
[[many]]
table = "alias"
path = "sn"
[[many]]
table = "mobile"
[[field]]
field = "name"
full = "cn"
[[field]]
field = "name"
full = "cn;lang-ur"
[[field]]
field = "name"
full = "alias.value"
kind = "alias"
[[field]]
field = "birth_date"
column = "born"
[[field]]
field = "document"
series = "serial"
number = "passport"
document_kind = "passport"
[[field]]
field = "identifier"
identifier_kind = "national_number"
column = "cnic"
shapes = ["#####-#######-#"]
[[field]]
field = "identifier"
identifier_kind = "phone"
column = "mobile.value"
[kind]
column = "reason"
"""


def make_directory(people=PEOPLE, **more):
    """The directory, with these people."""
    access = (
        "access to attrs=userPassword by anonymous auth by * none\n"
        f'access to * by dn.exact="uid=reader,{SUFFIX}" read by * none'
    )
    indexes = ("uid", "cnic", "passport")
    return Directory(SUFFIX, SCHEMA, HEAD + people, indexes, **{"access": access, **more})


@contextmanager
def start_directory(directory):
    """Run it in a folder of its own; skip loudly, and fail in CI, where it cannot run."""
    try:
        if find_ldap() is None:
            install(["slapd"])
        with tempfile.TemporaryDirectory(prefix="kalkan-") as folder:
            Path(folder).chmod(0o711)
            with run_ldap(Path(folder) / "data", directory) as server:
                yield server
    except ServerError as exc:
        if os.environ.get("CI"):
            pytest.fail(f"a real server is needed here: {exc}")
        pytest.skip(f"NOT TESTED AGAINST A REAL SERVER: {exc}")


def write_bank(folder, url, change=("", "")):
    """Write the mapping and the password into a folder; return the mapping's path."""
    (folder / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    path = folder / "bank.toml"
    before, after = change
    assert before in MAPPING
    path.write_text(MAPPING.replace(before, after, 1).format(url=url), encoding="utf-8")
    return path
