"""Spanish: how it sounds, and how a teacher reads numbers and signs."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from presgen.rendering.studio.voice.languages.spanish import numbers
from presgen.rendering.studio.voice.languages.spanish.sounds import PHONEMES, sounds
from tests.unit.rendering.voice.speaking import spoken, words_of


def sound(text, locale="es-ES"):
    return " ".join(said.phonemes for word in words_of(text, locale=locale) for said in word.says)


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        # Stress: on the last but one, on the last, where the accent is
        ("hola", "ˈola"),
        ("red", "rˈed"),
        ("lección", "lekθjˈon"),
        ("página", "pˈaxina"),
        ("examen", "eksˈamen"),
        ("rápidamente", "rˌapidamˈente"),
        ("dispositivo", "dˌispositˈibo"),
        # Letters that depend on what follows
        ("guerra", "ɡˈera"),
        ("pingüino", "piŋɡwˈino"),
        ("guitarra", "ɡitˈara"),
        ("gente", "xˈente"),
        ("queso", "kˈeso"),
        ("cena", "θˈena"),
        ("chico", "ʧˈiko"),
        ("calle", "kˈaʎe"),
        ("niño", "nˈiɲo"),
        ("yo", "ʝˈo"),
        ("rey", "rˈA"),
        ("muy", "mˈuj"),
        ("hoy", "ˈoɪ"),
        ("alrededor", "ˌalrededˈoɾ"),
        ("enviar", "embjˈaɾ"),
        # Vowels that join and that do not
        ("país", "paˈis"),
        ("aéreo", "aˈeɾeo"),
        ("cuidado", "kwidˈado"),
        ("baile", "bˈIle"),
        ("deuda", "dˈeʊda"),
        ("causa", "kˈWsa"),
        ("hierro", "jˈero"),
        ("averigüe", "ˌabeɾˈiɡwe"),
        # Small words lean
        ("el", "el"),
        ("sobre", "sˌobɾe"),
    ],
)
def test_a_word_sounds_as_it_is_written(word, phonemes):
    assert sounds(word) == phonemes


def test_b_d_and_g_are_soft_between_vowels_and_hard_after_a_pause():
    assert sound("Bebe agua. Dame un dedo, gato.") == "bˈeβe ˈaɣwa dˈame ˈun dˈeðo ɡˈato"


def test_an_n_before_lips_is_an_m():
    assert sound("un paso en Perú") == "ˈum pˈaso em peɾˈu"


def test_z_is_an_s_in_the_americas():
    assert (sound("la zona calla"), sound("la zona calla", "es-MX")) == ("la θˈona kˈaʎa", "la sˈona kˈaʝa")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "cero"),
        (16, "dieciséis"),
        (21, "veintiuno"),
        (31, "treinta y uno"),
        (100, "cien"),
        (101, "ciento uno"),
        (555, "quinientos cincuenta y cinco"),
        (1000, "mil"),
        (21_000, "veintiún mil"),
        (65_536, "sesenta y cinco mil quinientos treinta y seis"),
        (1_000_000, "un millón"),
        (2_000_001, "dos millones uno"),
        (-7, "menos siete"),
    ],
)
def test_a_number_counts(number, words):
    assert numbers.cardinal(number) == words


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("10.0.0.0/16", "diez punto cero punto cero punto cero barra dieciséis"),
        ("127.0.0.1:8080", "ciento veintisiete punto cero punto cero punto uno puerto ocho mil ochenta"),
        ("fe80::1", "F E ocho cero dos puntos dos puntos uno"),
        ("puertos 22, 80 y 443", "puertos veintidós ochenta y cuatrocientos cuarenta y tres"),
        ("65.536 hosts", "sesenta y cinco mil quinientos treinta y seis josts"),
        ("65,536 hosts", "sesenta y cinco mil quinientos treinta y seis josts"),
        ("21 direcciones", "veintiuna direcciones"),
        ("21 paquetes", "veintiún paquetes"),
        ("200 máscaras", "doscientas máscaras"),
        ("1 problema", "un problema"),
        ("71 %", "setenta y uno por ciento"),
        ("0,5 %", "cero coma cinco por ciento"),
        ("3.14", "tres punto catorce"),
        ("TLS 1.3", "T L S uno punto tres"),
        ("5 de junio de 2024", "cinco de junio de dos mil veinticuatro"),
        ("1/5/2024", "primero de mayo de dos mil veinticuatro"),
        ("2024-12-31", "treinta y uno de diciembre de dos mil veinticuatro"),
        ("las 10:30", "las diez y media"),
        ("las 14:45", "las catorce cuarenta y cinco"),
        ("21 GB", "veintiún guígabaits"),
        ("100 ms", "cien milisegundos"),
        ("10 Gbps", "diez guígabits por segundo"),
        ("20 °C", "veinte grados Celsius"),
        ("$5,50", "cinco dólares con cincuenta centavos"),
        ("5 €", "cinco euros"),
        ("3/4", "tres cuartos"),
        ("7/10", "siete de diez"),
        ("2½", "dos y medio"),
        ("2^8", "dos elevado a ocho"),
        ("1.ª y 2.º", "primera y segundo"),
        ("p. ej., el DNS", "por ejemplo el D N S"),
        ("EE. UU.", "Estados Unidos"),
        ("Sra. Gómez", "señora Gómez"),
        ("un router y dos VLANs", "un rúter y dos V lans"),
        ("`ping -c 4`", "pin guion C cuatro"),
        ("config.yaml", "config punto yámel"),
        ("A & B", "A y B"),
        ("¿Qué? ¡No!", "Qué No"),
    ],
)
def test_a_teacher_reads(text, speech):
    assert spoken(text, locale="es-ES").replace("*", "") == speech


def test_questions_keep_their_pause():
    assert [word.pause for word in words_of("¿Sí? ¡No!", locale="es-MX")] == ["?", "!"]


@settings(deadline=None)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzáéíóúüñABCDEÑ'-0123456789.,%/ ", max_size=60))
@example("aA'A0")
def test_any_text_sounds_like_something_in_the_alphabet(text):
    words = words_of(text, locale="es-ES")

    assert [word.shown for word in words] == text.split()
    for word in words:
        for said in word.says:
            assert said.phonemes
            assert set(said.phonemes) <= PHONEMES
            assert re.fullmatch(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['-][A-Za-zÀ-ÖØ-öø-ÿ]+)*", said.text)
