import pytest

from presgen.errors import BadScript
from presgen.writing.composing import spoken
from presgen.writing.languages import languages
from presgen.writing.lint import lint
from presgen.writing.plain_text import capitalised, is_placeholder, plain_text, sentences_of
from presgen.writing.wording import counted, enumerated, in_quotes, inside, quoted, spoken_name

SPANISH = languages["es"]


@pytest.mark.parametrize(
    ("number", "phrase"), [(0, "ningún tema"), (1, "un tema"), (2, "dos temas"), (13, "13 temas")]
)
def test_things_are_counted_in_words_and_in_the_right_number(number, phrase):
    assert counted(number, SPANISH.gaps, SPANISH) == phrase


@pytest.mark.parametrize(
    ("items", "phrase"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b"), "a y b"),
        (("a", "b", "c"), "a, b y c"),
        (("padres", "hijos"), "padres e hijos"),
        (("TCP", "IP"), "TCP e IP"),
        (("agua", "hielo"), "agua y hielo"),
        (("DNS", "«Internet»"), "DNS e «Internet»"),
        (("prefijos y subredes", "puertos"), "prefijos y subredes, y puertos"),
    ],
)
def test_a_list_is_one_phrase(items, phrase):
    assert SPANISH.listed(items) == phrase


def test_a_long_list_is_cut_and_counted():
    assert enumerated(list("abcd"), SPANISH) == "a, b, c y uno más"
    assert enumerated(list("abcdef"), SPANISH) == "a, b, c y tres más"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('Dijo "no" dos veces.', "Dijo «no» dos veces."),
        ("Dijo “no” dos veces.", "Dijo «no» dos veces."),
        ("Dijo «la palabra “no” basta».", "Dijo «la palabra “no” basta»."),
        ("Los switches, p. ej. los pequeños, aprenden.", "Los switches, por ejemplo los pequeños, aprenden."),
        ("Routers, switches, etc. Todos reenvían.", "Routers, switches, etcétera. Todos reenvían."),
        ("Véase la pág. 31", "Véase la página 31"),
        ("El puerto n.º 53", "El puerto número 53"),
        ("cliente → servidor", "cliente a servidor"),
        ("¿Cuáles son? (Elige dos.)", "¿Cuáles son?"),
        ("Redes & servicios", "Redes y servicios"),
    ],
)
def test_markup_and_signs_become_prose(written, said):
    assert plain_text(written, SPANISH) == said


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("¿Qué pasa? ¡Nada! Bien.", 3),
        ("La Dra. Santos lo dijo. Es así.", 2),
        ("Dijo «Ve. Ahora.» y se fue.", 1),
        ("Llega una trama. ¿Qué hace el switch?", 2),
    ],
)
def test_sentences_end_where_a_reader_pauses(text, count):
    assert len(sentences_of(text, SPANISH)) == count


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        ("Elegiste «Registro A».", ["Elegiste «Registro A»."]),
        ("Decía así: «Un switch aprende.»", ["Decía así: «Un switch aprende»."]),
        ("Decía así: «Un switch reenvía…»", ["Decía así: «Un switch reenvía…»."]),
        ("Elegiste «¿Cuál?».", ["Elegiste «¿Cuál?»."]),
        ("¿Listo? ¡Vamos!", ["¿Listo?", "¡Vamos!"]),
    ],
)
def test_phrases_become_sentences_as_captions_show_them(said, sentences):
    assert list(spoken(said, SPANISH)) == sentences
    for sentence in sentences:
        lint(sentence, SPANISH)


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Qué puerto usa HTTPS?", "unbalanced question mark"),
        ("Muy bien!", "unbalanced exclamation mark"),
        ("Elegiste «Registro A.", "unbalanced quotation"),
        ("Es la respuesta de ‘todos’.", "marks of another language"),
        ("Capítulo TBD.", "placeholder"),
    ],
)
def test_a_seam_is_refused_and_named(sentence, fault):
    with pytest.raises(BadScript, match=fault):
        lint(sentence, SPANISH)


def test_a_question_gets_its_capital_after_the_mark_that_opens_it():
    assert capitalised("¿qué es?") == "¿Qué es?"
    assert capitalised("él responde") == "Él responde"


@pytest.mark.parametrize(
    ("heading", "phrase"),
    [
        ("Cómo aprende un switch", "cómo aprende un switch"),
        ("Dirección y máscara", "dirección y máscara"),
        ("Última opción", "última opción"),
        ("Obtener una dirección", "obtener una dirección"),
        ("Router de borde", "Router de borde"),
        ("DNS y DHCP", "DNS y DHCP"),
        ("Ethernet conmutada", "Ethernet conmutada"),
    ],
)
def test_a_heading_stands_inside_a_sentence(heading, phrase):
    assert inside(heading, SPANISH) == phrase


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("Registro A", "«Registro A»"),
        ("64", "64"),
        ("Todas las anteriores", "todas las anteriores"),
        ("Ninguna de las anteriores.", "ninguna de las anteriores"),
        ("Todas las tramas", "«Todas las tramas»"),
    ],
)
def test_an_answer_is_quoted_as_people_quote(option, said):
    assert quoted(option, SPANISH) == said


def test_quotations_within_become_inner_ones():
    assert in_quotes("la palabra «no»", SPANISH) == "«la palabra “no”»"


def test_a_learner_is_called_by_the_name_a_friend_would_use():
    assert spoken_name("Dra. María Santos", SPANISH) == "Doctora Santos"
    assert spoken_name("Íñigo Muestra", SPANISH) == "Íñigo"


@pytest.mark.parametrize("text", ["Por definir", "Contenido pendiente de redactar", "Próximamente", "TBD"])
def test_placeholders_are_recognised(text):
    assert is_placeholder(text, SPANISH)


def test_content_that_speaks_of_waiting_is_no_placeholder():
    assert not is_placeholder("La trama queda pendiente en la cola", SPANISH)
