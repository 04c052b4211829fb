import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.errors import NoteRejectedError, SignatureRejectedError
from gateway.ledger.tlog.checkpoint import Checkpoint, open_checkpoint, origin_of, parse_checkpoint
from gateway.ledger.tlog.lines import write_base64
from tests.kit.logs import ORIGIN, SIGNER

ROOT = write_base64(bytes(32))


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.booleans())
def test_a_checkpoint_comes_back(size, root, extended):
    checkpoint = Checkpoint(ORIGIN, size, root, ("more", "lines") if extended else ())
    assert parse_checkpoint(str(checkpoint)) == checkpoint
    note = SIGNER.sign(str(checkpoint)).encode()
    assert open_checkpoint(note, SIGNER.vkey) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "o\n1\n",
        f"o\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"o\n\n{ROOT}\n",
        f"o\n 1_0\n{ROOT}\n",
        f"o\n05\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n٣\n{ROOT}\n",
        f"o\n1\x0b\n{ROOT}\n",
        f"o\n1\r\n{ROOT}\n",
        f"o\n{2**63}\n{ROOT}\n",
        "o\n1\nAAAA\n",
        f"o\n1\n{ROOT[:-1]}\n",
        f"o\n1\n {ROOT}\n",
        f"o\n1\n{ROOT}\n\nmore\n",
    ],
)
def test_another_form_is_refused(text):
    with pytest.raises(NoteRejectedError):
        parse_checkpoint(text)


def test_a_checkpoint_of_another_log_is_refused_even_if_the_key_signed_it():
    text = str(Checkpoint("kalkan.example/test/TUR", 1, bytes(32)))
    with pytest.raises(SignatureRejectedError, match="another log"):
        open_checkpoint(SIGNER.sign(text).encode(), SIGNER.vkey)


def test_the_origin_has_federation_and_member():
    assert origin_of("kalkan-demo", "HUB") == "kalkan.example/kalkan-demo/HUB"
