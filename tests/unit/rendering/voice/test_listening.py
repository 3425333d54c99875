"""What a listener hears: the words that were written, when they were said, at the persona's pace."""

from __future__ import annotations

import re

import numpy as np
import pytest

from presgen.rendering.studio.voice import narrate
from presgen.rendering.studio.voice.letters import bare
from tests.listening import hear, word_error_rate
from tests.unit.rendering.voice.speaking import make_persona, make_speech, part_misheard

LESSON = [
    "The network 10.0.0.0/16 holds 65,536 addresses, and 192.168.1.0/24 holds 256.",
    "Kubernetes runs on Linux, and kubectl talks to its API on port 6443.",
    "TLS 1.3 protects HTTPS on port 443, while SSH listens on port 22.",
    "DHCP gives out addresses, DNS finds a name, and ARP asks for a MAC address.",
    "TCP confirms every packet; UDP, on the other hand, never looks back.",
    "A VLAN splits one switch into several, and NAT shares one public address.",
    "IPv4 addresses have 32 bits, and IPv6 addresses have 128.",
    "CIDR writes the mask as /24, which leaves 8 bits for the hosts.",
    "The link carries 10 Gbps at 5 GHz with a delay of 100 milliseconds.",
    "You scored 71%, so troubleshooting and subnetting need another look.",
    "Run `ping 8.8.8.8` first, then check the router's routing table.",
    "The gateway at 172.16.254.1 dropped 0.5% of the packets & logged them.",
    "Stateful firewalls remember a connection, so the answer gets back in.",
    "Nobody needs 169.254.17.9, unless no DHCP server answered.",
]

PROSE = [
    "Every device on a network needs an address, and that address has two parts.",
    "The first part names the network, and the second part names the host.",
    "If two devices share the network part, they can talk directly.",
    "If they do not, the packet goes to the default gateway.",
    "Nobody remembers numbers, so we give machines names.",
    "Your browser asks a resolver, and the resolver asks the next one.",
    "Lost pieces are sent again, in order, until everything has arrived.",
    "Rules are read from the top, and the first one that matches wins.",
]

SPANISH = [
    "Bienvenido a la lección de hoy sobre redes y seguridad.",
    "Cada dispositivo de la red necesita una dirección propia.",
    "Muchos estudiantes confunden la máscara de subred con la puerta de enlace.",
    "La próxima semana practicaremos el cifrado y la copia de seguridad.",
]


@pytest.mark.slow
def test_a_lesson_full_of_traps_is_understood(tmp_path):
    persona = make_persona("hibari", "heart", words_per_minute=150)

    assert part_misheard([(text, text) for text in LESSON], persona, tmp_path, at_once=3) <= 0.05


@pytest.mark.slow
def test_words_are_heard_when_they_are_said(tmp_path):
    section = make_speech(*PROSE)
    narration = narrate(section, make_persona("hibari", "heart"), tmp_path, None)
    heard = hear(narration.path).words

    said = {(re.sub(r"\W", "", word.text.lower()), round(word.start)): word.start for word in narration.words}
    errors = [
        word.start - start
        for word in heard
        for (text, _), start in said.items()
        if text == re.sub(r"\W", "", word.text.lower()) and abs(word.start - start) < 0.5
    ]

    assert len(errors) >= 0.9 * len(narration.words)
    # Whisper itself is good to about a tenth of a second; a systematic error would show in the median.
    assert float(np.median(np.abs(errors))) <= 0.1
    assert abs(float(np.median(errors))) <= 0.1


@pytest.mark.slow
@pytest.mark.parametrize("words_per_minute", [120, 130, 140, 150, 160, 170])
def test_prose_is_spoken_at_the_personas_pace(tmp_path, words_per_minute):
    persona = make_persona("hibari", "heart", words_per_minute=words_per_minute)
    narration = narrate(make_speech(*PROSE), persona, tmp_path, None)
    minutes = (narration.words[-1].end - narration.words[0].start) / 60

    assert len(narration.words) / minutes == pytest.approx(words_per_minute, rel=0.06)


@pytest.mark.slow
def test_a_sentence_of_sixty_words_is_understood(tmp_path):
    text = (
        "When a computer wants to send data to another computer on a different network it first compares "
        "the destination address with its own mask and then hands the packet to the default gateway which "
        "looks in its routing table for the best path and forwards it to the next router until the last one "
        "knows the machine by name and delivers it."
    )
    narration = narrate(make_speech(text), make_persona("hibari", "heart"), tmp_path, None)

    assert len(narration.words) >= 60
    assert word_error_rate(text, hear(narration.path).text) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("voice", "locale"), [("ef_dora", "es-ES"), ("em_alex", "es-MX")])
def test_a_lesson_in_spanish_is_understood(tmp_path, voice, locale):
    said = heard = ""
    for text in SPANISH:
        section = make_speech(text, locale=locale)
        narration = narrate(section, make_persona("kokoro", voice), tmp_path, None)
        said += f" {bare(text)}"
        heard += f" {bare(hear(narration.path, language='es').text)}"

    # The recogniser itself gets one Spanish word in twenty wrong; it hears "toma notas" as one.
    assert word_error_rate(said, heard) <= 0.1


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("10.0.0.0/16", "10 dot 0 dot 0 dot 0 slash 16"),
        ("port 443", "port four forty-three"),
        ("65,536", "sixty-five thousand five hundred thirty six"),
        ("192.168.1.1", "one ninety two dot one sixty eight dot one dot one"),
        ("802.11", "eight oh two dot eleven"),
        ("105", "one oh five"),
        ("0.5%", "zero point five percent"),
        ("100 ms", "100 milliseconds"),
        ("CIDR don’t", "cider don't"),
    ],
)
def test_spellings_of_the_same_sounds_are_alike(written, heard):
    assert word_error_rate(written, heard) == 0


def test_a_wrong_word_is_an_error():
    assert word_error_rate("the port is 443", "the fort is 443") == pytest.approx(1 / 6)
