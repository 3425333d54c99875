"""From captions to speech."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presgen.rendering.studio.voice.languages import language_of
from presgen.rendering.studio.voice.languages.english import PHONEMES
from presgen.rendering.studio.voice.lexicon import Lexicon
from tests.unit.rendering.voice.speaking import spoken, words_of


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        # Addresses and prefixes
        ("10.0.0.0/16", "ten dot zero dot zero dot zero slash sixteen"),
        ("192.168.1.1", "one ninety-two dot one sixty-eight dot one dot one"),
        (
            "255.255.255.0",
            "two fifty-five dot two fifty-five dot two fifty-five dot zero",
        ),
        ("127.0.0.1:8080", "one twenty-seven dot zero dot zero dot one port eighty eighty"),
        ("169.254", "one sixty-nine dot two fifty-four"),
        ("192.168.x.x", "one ninety-two dot one sixty-eight dot X dot X"),
        ("10.0.0.1-10.0.0.9", "ten dot zero dot zero dot one to ten dot zero dot zero dot nine"),
        ("a /24 and two /30s", "a slash twenty-four and two slash thirties"),
        ("2001:db8::1", "two zero zero one colon D B eight colon colon one"),
        ("fe80::/10", "F E eight zero colon colon slash ten"),
        ("::1", "colon colon one"),
        ("00:1A:2B:3C:4D:5E", "zero zero one A two B three C four D five E"),
        # Ports and other numbers that are names
        ("port 443", "port four forty-three"),
        ("ports 22, 80 and 8080", "ports twenty-two eighty and eighty eighty"),
        ("error 404", "error four oh four"),
        ("RFC 1918", "R F C nineteen eighteen"),
        ("802.11ax", "eight oh two dot eleven A X"),
        ("802.1Q", "eight oh two dot one Q"),
        # Numbers
        ("65,536 hosts", "sixty-five thousand five hundred thirty-six hosts"),
        ("3.14", "three point one four"),
        ("0.50", "zero point five zero"),
        ("-5 and +9", "minus five and plus nine"),
        ("71%", "seventy-one percent"),
        ("50-60%", "fifty to sixty percent"),
        ("0.5 %", "zero point five percent"),
        ("1-3", "one to three"),
        ("pages 3–5", "pages three to five"),
        ("2019-2020", "twenty nineteen to twenty twenty"),
        ("1st, 2nd and 23rd", "first second and twenty-third"),
        ("1s and 0s", "ones and zeros"),
        ("3/4", "three quarters"),
        ("7/10", "seven out of ten"),
        ("24/7", "twenty-four seven"),
        ("2^8", "two to the power of eight"),
        ("2⁸", "two to the power of eight"),
        ("x^2", "X squared"),
        ("1280x720", "one thousand two hundred eighty by seven hundred twenty"),
        ("3x", "three times"),
        ("16:9", "sixteen to nine"),
        ("#1", "number one"),
        ("No. 5", "number five"),
        ("p. 12", "page twelve"),
        ("00123", "zero zero one two three"),
        # Versions
        ("TLS 1.3", "T L S one point three"),
        ("Python 3.11", "Python three point eleven"),
        ("v1.2.3", "version one point two point three"),
        ("HTTP/2", "H T T P two"),
        # Times, dates and money
        ("10:30 am", "ten thirty A M"),
        ("10:05", "ten oh five"),
        ("9:00", "nine o'clock"),
        ("June 5, 2024", "June fifth twenty twenty-four"),
        ("5 June", "the fifth of June"),
        ("2024-05-01", "May first twenty twenty-four"),
        ("in 1999 the", "in nineteen ninety-nine the"),
        ("the 1990s", "the nineteen nineties"),
        ("$5.50", "five dollars and fifty cents"),
        ("$5 million", "five million dollars"),
        ("€1,000", "one thousand euros"),
        # Units
        ("10 Gbps", "ten gigabits per second"),
        ("1 Gbps", "one gigabit per second"),
        ("a 10-Gbps link", "a ten gigabit per second link"),
        ("5 GHz", "five gigahertz"),
        ("100 ms", "one hundred milliseconds"),
        ("100ms", "one hundred milliseconds"),
        ("20 µs", "twenty microseconds"),
        ("-67 dBm", "minus sixty-seven D B M"),
        ("20°C", "twenty degrees Celsius"),
        ("100 MB/s", "one hundred megabytes per second"),
        ("4 GB of RAM", "four gigabytes of RAM*"),
        # Acronyms and product names
        ("DHCP", "D H C P"),
        ("DNS's", "DNSs*"),
        ("TCP and UDP", "T C P and U D P"),
        ("NAT, ARP, CIDR", "NAT* ARP* CIDR*"),
        ("VLANs", "VLANs*"),
        ("IPv4", "I P V four"),
        ("IPv6-only", "I P V six only"),
        ("HTTPS and SSH", "H T T P S and S S H"),
        ("TCP/IP", "T C P I P"),
        ("TCP/UDP", "T C P U D P"),
        ("SYN-ACK", "SYN-ACK*"),
        ("AAAA", "quad A"),
        ("CNAME", "C name"),
        ("QoS", "Q O S"),
        ("OSPF", "O S P F"),
        ("OpenSSL", "Open S S L"),
        ("EC2", "E C two"),
        ("eth0", "eth zero"),
        ("sha256", "SHA* two fifty-six"),
        ("md5", "M D five"),
        ("Kubernetes", "kubernetes*"),
        ("kubectl", "cube control"),
        ("nginx", "engine X"),
        ("NOT all of THEM", "not all of them"),
        ("WARNING", "warning"),
        # Letters
        ("Option A is right.", "Option A is right"),
        ("A and B", "A and B"),
        ("A router", "a router"),
        ("An A record", "an A record"),
        ("an AAAA record", "a quad A record"),
        ("a MX record", "an M X record"),
        ("a user, an hour", "a user an hour"),
        ("hence the four As", "hence the four As*"),
        ("As a rule", "As a rule"),
        ("three B's", "three Bs*"),
        ("the 1928 elections", "the nineteen twenty-eight elections"),
        # Signs
        ("A & B", "A and B"),
        ("x -> y", "X to Y"),
        ("1 + 1 = 2", "one plus one equals two"),
        ("5 > 3", "five greater than three"),
        ("≥5", "at least five"),
        ("~10", "about ten"),
        ("and/or", "and or"),
        ("client/server", "client server"),
        ("C++ and C#", "C plus plus and C sharp"),
        # Code, paths and addresses of the web
        ("`kubectl get pods -n prod`", "cube control get pods dash N prod"),
        ("`/etc/hosts`", "slash etc slash hosts"),
        ("`ip route`", "I P route"),
        ("config.yaml", "config dot YAML*"),
        ("example.com", "example dot com"),
        ("https://example.com/a", "H T T P S colon slash slash example dot com slash A"),
        ("a.b@example.com", "A dot B at example dot com"),
        (r"C:\Windows", "C colon backslash Windows"),
        ("my_var_name", "my var name"),
        ("**bold** and _thin_", "bold and thin"),
        # Abbreviations
        ("e.g. this", "for example this"),
        ("i.e. that", "that is that"),
        ("Dr. Example", "Doctor Example"),
        ("the U.S. market", "the U S market"),
        ("Louis XIV", "Louis the fourteenth"),
        ("Chapter IV", "Chapter four"),
        # Compounds
        ("a well-known three-way handshake", "a well-known three-way handshake"),
        ("don’t", "don't"),
        ("router's", "router's"),
        # Names
        ("José", "jose*"),
        ("Siobhán O’Neil", "siobhan* O'Neil"),
        ("Nguyễn", "nguyen*"),
        ("Łukasz", "lukasz*"),
        ("Иван", "Ivan"),
        ("Jean-Luc", "Jean-Luc"),
        ("α", "alpha"),
        # Nothing to say
        ("😀", ""),
        ("李明", ""),
        ("—", ""),
        ("...", ""),
    ],
)
def test_a_teacher_reads(text, speech):
    assert spoken(text) == speech


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("[x](/həlˈO/)", "X helO"),
        ("<speak>hello</speak>", "speak hello speak"),
        ('<break time="3s"/>', "break time equals three S"),
        ("{{ name }}", "name"),
        ("\x00\x1bhi\u202e", "hi"),
    ],
)
def test_markup_is_no_instruction(text, speech):
    assert spoken(text) == speech


@pytest.mark.parametrize(
    ("text", "pauses"),
    [
        ("First, then.", ",|."),
        ("Why? Look!", "?|!"),
        ("one (two) three", ",|,|"),
        ("one — two", "|—|"),
        ("wait... what", "…|"),
        ("Use e.g. this, etc.", "||,|."),
        ("He said “go.” Now", "||.|"),
    ],
)
def test_punctuation_makes_pauses(text, pauses):
    assert "|".join(word.pause for word in words_of(text)) == pauses


def test_one_caption_word_may_be_many_spoken_words():
    [word] = words_of("10.0.0.0/16,")

    assert (word.shown, len(word.says), word.pause) == ("10.0.0.0/16,", 9, ",")


@pytest.mark.parametrize(
    ("shown", "unreadable"), [("李明", True), ("محمد!", True), ("😀", False), ("—", False), ("Ada", False)]
)
def test_a_word_is_unreadable_if_it_has_letters_but_no_sound(shown, unreadable):
    [word] = words_of(shown)

    assert word.unreadable is unreadable


@pytest.mark.parametrize("shown", ["x" * 5_000, "1" * 180, "-".join("ab" * 60)])
def test_noise_is_not_read_out(shown):
    [word] = words_of(shown)

    assert word.says == ()


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_becomes_safe_speech_for_each_of_its_words(text):
    words = words_of(text)

    assert [word.shown for word in words] == text.split()
    for word in words:
        for said in word.says:
            assert re.fullmatch(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['-][A-Za-zÀ-ÖØ-öø-ÿ]+)*", said.text)
            assert set(said.phonemes) <= PHONEMES


@settings(deadline=None)
@given(st.from_regex(r"[-0-9.:/,%$€#x+~°a-fA-F\[\]()<>`*_=&@^]{1,24}", fullmatch=True))
def test_any_tangle_of_signs_and_numbers_becomes_safe_speech(text):
    for word in words_of(text, Lexicon({}, language_of("en-US"))):
        for said in word.says:
            assert re.fullmatch(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['-][A-Za-zÀ-ÖØ-öø-ÿ]+)*", said.text)
