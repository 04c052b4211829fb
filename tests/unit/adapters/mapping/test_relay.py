"""The block `[node]`: what it must say, and what it must leave to the other node."""

import pytest

from adapters.contract import MappingError
from adapters.mapping.read import read_mapping

P256 = (
    'kid = "k"\nalg = "ES256"\nkty = "EC"\ncrv = "P-256"\n'
    'x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"\n'
    'y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"\n'
)
ED25519 = (
    'kid = "e"\nalg = "EdDSA"\nkty = "OKP"\ncrv = "Ed25519"\n'
    'x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"\n'
)
HEAD = """version = 1
[bank]
id = "persons"
title = "Region"
kind = "node"
[node]
address = "10.1.2.3:7501"
name = "node.kaz.example"
ca_file = "ca.pem"
certificate = "c.pem"
key = "c.key"
"""
KEY = "[[node.answer_key]]\n"


def read(tmp_path, text):
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def test_mapping_of_a_node_needs_nothing_else(tmp_path):
    mapping = read(tmp_path, HEAD + KEY + P256 + KEY + ED25519)
    assert mapping.node.address == "10.1.2.3:7501"
    assert [key.kid for key in mapping.node.answer_keys] == ["k", "e"]
    assert not mapping.fields
    assert not mapping.has_tables


@pytest.mark.parametrize("block", ["record", "kind", "warnings", "action", "urgency", "codes"])
def test_what_the_other_node_tells_is_taken_out(tmp_path, block):
    with pytest.raises(MappingError, match=rf"^mapping\.toml:19:2: {block}: take it out"):
        read(tmp_path, f'{HEAD}{KEY}{P256}[{block}]\nconst = "wanted"\n')


def test_fields_are_taken_out(tmp_path):
    with pytest.raises(MappingError, match=r"^mapping\.toml:19:3: field: take it out"):
        read(tmp_path, f'{HEAD}{KEY}{P256}[[field]]\nfield = "name"\nfull = "x"\n')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD, "answer_key"),
        (HEAD + KEY + P256.replace("ES256", "EdDSA"), "write ES256 with EC"),
        (HEAD + KEY + P256.replace('y = "x_', 'x2 = "x_'), "unknown key"),
        (HEAD + KEY + ED25519 + P256.splitlines()[-1], "write ES256 with EC"),
        (HEAD + KEY + P256 + 'd = "secret"\n', "unknown key"),
        (HEAD + KEY + P256.replace("f83O", ""), "answer_key"),
        (HEAD + KEY + P256 + KEY + ED25519.replace('"e"', '"k"'), "name each by its own"),
        (HEAD.replace(":7501", "") + KEY + P256, "address"),
        (HEAD.replace('kind = "node"', 'kind = "yente"') + KEY + P256, "yente"),
    ],
)
def test_what_cannot_be_right_is_told(tmp_path, text, told):
    with pytest.raises(MappingError, match=told):
        read(tmp_path, text)
