"""Spanish, as written in Spain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presgen.writing.languages import Labels, Language, Noun, languages

_SMALL_WORDS = """
así aquí allí
un una unos unas el la los las lo este esta esto estos estas ese esa eso aquel aquella todo toda todos
todas ambos ambas cada alguno alguna ninguno ninguna no uno dos tres cuatro cinco seis siete ocho nueve
diez qué cuándo dónde quién quiénes por para cómo cuál cuáles cuánto cuántos si porque mientras hasta
antes después desde de del en al con sin dentro fuera sobre contra entre según tras y e o u pero más
menos mucho muchos poco pocos su sus mi tu nuestro es son era fue ser estar está hay hacer puede debe
siempre nunca solo otro otra otros mismo misma nuevo nueva viejo primero primera segundo segunda tercero
último última conocido conocidos desconocido bueno malo grande pequeño alto bajo alta baja rápido lento
abierto cerrado seguro simple difícil fácil correcto público pública privado privada estático dinámico
lleno medio larga largo corto corta local remoto global virtual físico lógico varios varias común básico
propio propia real libre mejor peor mayor menor aprender leer elegir contar buscar pedir enviar recibir
reglas regla puertos puerto direcciones dirección redes red máscaras máscara prefijo prefijos subredes
nombre nombres registro registros tabla tablas mensajes mensaje paquetes paquete tramas trama
"""


@languages.register("es")
class Spanish(Language):
    """Spanish."""

    code = "es"
    labels = Labels(
        where_you_stand="Tu punto de partida",
        what_next="Próximos pasos",
        takeaways="Lo que te llevas",
        overall_score="puntuación global",
        answers_right="respuestas correctas",
        gap_to_close="tema por reforzar",
        gaps_to_close="temas por reforzar",
        prepared_for="Preparado para {name}",
        prepared_for_you="Preparado para ti",
        your_course="tu curso",
        question_review="Repaso",
        source="Fuente",
        sources="Fuentes",
        answer_again="Responde otra vez a {questions} de hoy",
        read="Lee {source}",
        next_gap="Siguiente tema: {gap}",
        practice_test="Repite el test de práctica",
        the_question="la pregunta",
        the_questions="las {count}",
        more="{count} más",
        many_more="muchos más",
        and_more="más",
        practice="práctica",
    )
    numbers = (
        *("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis"),
        *("siete", "ocho", "nueve", "diez", "once", "doce"),
    )
    gaps = Noun("ningún tema", "un tema", "temas")
    questions = Noun("ninguna pregunta", "una pregunta", "preguntas")
    percent_sign = "%"
    quotes = ("«", "»")
    inner_quotes = ("“", "”")
    titles = {  # noqa: RUF012 - never written to
        "dr": "Doctor",
        "dra": "Doctora",
        "prof": "Profesor",
        "profa": "Profesora",
        "sr": "Señor",
        "sra": "Señora",
        "srta": "Señorita",
    }
    small_words = frozenset(_SMALL_WORDS.split())
    suffixes = (
        *("ción", "cione", "sión", "sione", "dad", "dade", "miento", "mente", "ando", "iendo"),
        *("aje", "encia", "ancia", "able", "ible", "ado", "ada", "ido", "ida", "ismo", "ura"),
        *("ner", "cer", "ger", "gir", "cir", "tir", "car", "tar", "zar", "rar", "nar", "lar", "sar", "dar"),
    )
    whole_answers = re.compile(
        r"(?:tod[oa]s|ningun[oa]|ambos|ambas|cualquiera)\b.{0,30}\b(?:anteriores|ellas|ellos|opciones|respuestas)",
        re.IGNORECASE,
    )
    spoken_signs = tuple(
        (re.compile(pattern, flags), said)
        for pattern, said, flags in (
            (r"(?<!\w)(?:p\.\s?ej\.|e\.\s?g\.),?", "por ejemplo", re.IGNORECASE),
            (r"(?<!\w)i\.\s?e\.,?", "es decir", re.IGNORECASE),
            (r"\betc\.(?=\s+[A-ZÁÉÍÓÚÑ¿¡]|\s*$)", "etcétera.", 0),
            (r"\betc\.?(?!\w)", "etcétera", 0),
            (r"(?<!\w)vs?\.(?=\s)", "frente a", 0),
            (r"\baprox\.(?=\s)", "aproximadamente", re.IGNORECASE),
            (r"\b[nN]\.\s?[ºo°]\s?(?=\d)", "número ", 0),
            (r"\bpágs?\.\s?(?=\d)", "página ", 0),
            (r"\s+&\s+", " y ", 0),
            (r"\s*(?:→|⇒|➔|➜)\s*", " a ", 0),
            (r"\s+(?:--?>|==?>)\s+", " a ", 0),
            (r"(?<=\d)\.{2,3}(?=\d)", " a ", 0),
            (r"_{3,}", "espacio en blanco", 0),
            (r"≥", " al menos ", 0),
            (r"≤", " como máximo ", 0),
            (r"≈", " aproximadamente ", 0),
            (r"≠", " no es igual a ", 0),
        )
    )
    instruction = re.compile(
        r"\s*[(\[](?:(?:elig[ea]|seleccion[ea]|marca|marque|escog[ea]|escoja)\b[^()\[\]]{0,40}"
        r"|(?:opción|respuesta) múltiple)[)\]]\.?",
        re.IGNORECASE,
    )
    abbreviations = frozenset(
        ("dr", "dra", "sr", "sra", "srta", "ud", "uds", "prof", "profa", "sta", "sto", "av", "cía", "cf")
    )
    before_a_number = frozenset(("núm", "fig", "rev", "sec", "vol", "cap", "p", "pág", "v", "ec", "art"))
    unwritten = re.compile(
        r"desconocid[oa]|sin título|marcador de posición|pendiente|(?:\w+\W+){0,3}próximamente"
        r"|(?:\w+\W+){0,3}(?:por|pendiente de) "
        r"(?:definir|determinar|decidir|anunciar|añadir|agregar|escribir|redactar|confirmar)",
        re.IGNORECASE,
    )
    breaks = ("porque", "que", "cuando")
    letters_a_word = 4.5  # eight sections spoken by two of Kokoro’s speakers took 0.98 of the estimate
    letters_an_initial = 2.5
    word_share = 1.2

    def listed(self, items: Sequence[str]) -> str:
        """Return ``items`` as one phrase: ``a y b``, ``a, b y c``, ``padres e hijos``."""
        if len(items) <= 1:
            return "".join(items)
        *before, last = items
        comma = "," if any(re.search(r" [ye] |,", item) for item in items) else ""
        return f"{', '.join(before)}{comma} {_and_before(last)} {last}"

    def compared(self, columns: Sequence[str], cells: Sequence[str]) -> str:
        """Return ``en TCP, cada byte; en UDP, nada``."""
        return "; ".join(f"en {column}, {cell}" for column, cell in zip(columns, cells, strict=True))

    def punctuated(self, text: str) -> str:
        """Put a full stop or comma after the quotation it ends; drop it after an end already there."""
        text = re.sub(r"\.»\.?(?=\s|$)", "».", text)
        text = re.sub(r"…»(?=\s*$)", "…».", text)
        return re.sub(r"([?!…])\.(?=\s|$)", r"\1", text)

    def faults(self, sentence: str) -> tuple[str, ...]:
        """Find questions and exclamations that are not opened, and marks that belong to other languages."""
        found = []
        for opening, closing, name in (("¿", "?", "question"), ("¡", "!", "exclamation")):
            if sentence.count(opening) != sentence.count(closing):
                found.append(f"an unbalanced {name} mark")
        if re.search("[‘’]", sentence):
            found.append("marks of another language")
        return tuple(found)


def _and_before(word: str) -> str:
    """Return ``e`` before the sound of an i, else ``y``: ``e IP``, ``e hijos``, but ``y hierro``."""
    return "e" if re.match(r"(?i)[\W_]*h?[ií](?![aeoáéó])", word) else "y"
