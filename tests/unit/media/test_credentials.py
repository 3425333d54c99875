from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from presgen.errors import BadInput, CorruptMedia
from presgen.media.boxes import boxes
from presgen.media.credentials import Credentials, faults, local_certificate, read_certificate, sign_once
from presgen.media.probe import probe
from presgen.media.seal import is_intact
from presgen.pipeline import produce
from tests.nights import EAR, STAMP, make_learner_record, make_night, write_records

OWN = local_certificate(b"k" * 32)


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """The films of one lesson as they were joined: with pictures, and of sound alone."""
    folder = tmp_path_factory.mktemp("deployment")
    night = make_night(folder, formats=(STAMP, EAR))
    assert produce(night, write_records(folder, [make_learner_record()])).passed
    [lesson] = (folder / "workspace" / "lessons").iterdir()
    return lesson / f"{STAMP}.mp4", lesson / f"{EAR}.m4a"


@pytest.fixture(params=[0, 1], ids=["pictures", "sound"])
def film(films, request):
    return films[request.param]


def told(film) -> Credentials:
    return Credentials(
        lesson_id="lesson-1",
        title="Networking",
        lock="a" * 64,
        film=hashlib.sha256(film.read_bytes()).hexdigest(),
        sections=(("b" * 64, "opening"), ("c" * 64, "remedy-q1-c")),
    )


def signed(film, tmp_path):
    copy = tmp_path / f"signed{film.suffix}"
    sign_once(film, copy, told(film), OWN)
    return copy


def test_a_signed_film_says_what_it_is_and_plays_as_before(film, tmp_path):
    copy = signed(film, tmp_path)

    assert faults(copy, told(film), OWN) == ()
    assert is_intact(copy)
    before, after = probe(film), probe(copy)
    assert after.duration == before.duration
    order = [box.path[0] for box in boxes(copy) if len(box.path) == 1]
    assert order.index("moov") < order.index("mdat")
    assert copy.stat().st_size - film.stat().st_size < 8000


def test_a_film_is_signed_once(film, tmp_path):
    copy = signed(film, tmp_path)
    first = copy.read_bytes()

    sign_once(film, copy, told(film), OWN)

    assert copy.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [copy.name]


def test_a_changed_bit_is_found_by_credentials_and_seal(film, tmp_path):
    copy = signed(film, tmp_path)
    [media] = [box for box in boxes(copy) if box.path == ("mdat",)]
    content = bytearray(copy.read_bytes())
    content[(media.content + media.end) // 2] ^= 1
    copy.write_bytes(content)

    assert "mismatch" in faults(copy, told(film), OWN)[0]
    assert is_intact(copy) is False


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"lock": "d" * 64}, "another lesson or lock"),
        ({"lesson_id": "lesson-2"}, "another lesson or lock"),
        ({"title": "Storage"}, "title"),
        ({"sections": (("b" * 64, "opening"),)}, "ingredients"),
        ({"sections": (("e" * 64, "opening"), ("c" * 64, "remedy-q1-c"))}, "ingredients"),
        ({"sections": (("c" * 64, "opening"), ("b" * 64, "remedy-q1-c"))}, "ingredients"),
    ],
)
def test_credentials_of_another_film_are_found(films, tmp_path, change, what):
    copy = signed(films[0], tmp_path)

    [fault] = faults(copy, replace(told(films[0]), **change), OWN)

    assert what in fault


def test_a_film_without_credentials_is_found(film):
    assert "cannot be read" in faults(film, told(film), OWN)[0]


def test_somebody_elses_signature_is_not_trusted(films, tmp_path):
    copy = signed(films[0], tmp_path)

    assert "untrusted" in faults(copy, told(films[0]), local_certificate(b"x" * 32))[0]


def test_the_local_certificate_follows_from_the_secret():
    assert local_certificate(b"k" * 32) == OWN
    assert local_certificate(b"x" * 32) != OWN


def test_a_certificate_is_read_from_a_pem_file(films, tmp_path):
    path = tmp_path / "signer.pem"
    path.write_bytes(OWN.chain + OWN.anchors + OWN.key)

    certificate = read_certificate(path)

    assert certificate == replace(OWN, chain=OWN.chain + OWN.anchors)
    copy = tmp_path / "signed.mp4"
    sign_once(films[0], copy, told(films[0]), certificate)
    assert faults(copy, told(films[0]), certificate) == ()


@pytest.mark.parametrize("content", [b"", b"nonsense", OWN.chain, OWN.key])
def test_a_file_without_chain_and_key_is_refused_without_quoting_it(tmp_path, content):
    path = tmp_path / "signer.pem"
    path.write_bytes(content)

    with pytest.raises(BadInput, match="no PEM file"):
        read_certificate(path)


def test_what_is_no_film_cannot_be_signed(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"no film")

    with pytest.raises(CorruptMedia, match="cannot be signed"):
        sign_once(path, tmp_path / "signed.mp4", told(path), OWN)
    assert [each.name for each in tmp_path.iterdir()] == ["film.mp4"]
