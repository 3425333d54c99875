"""The trigger form shows the deployment's choices and gives the run's back."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from presgen.media.formats import formats
from presgen.personas import persona_names
from presgen.publishing import publishers
from presgen.settings import Settings
from presgen_airflow.form import Choices, choices_of, form


def test_an_untouched_form_leaves_every_choice_to_the_deployment():
    shown = form(Settings(source="jsonl:last_night.jsonl"))

    chosen = choices_of({name: param.value for name, param in shown.items()})

    assert chosen == Choices(source="jsonl:last_night.jsonl")


def test_every_field_of_the_form_is_a_choice_and_explains_itself():
    shown = form(Settings())

    assert set(shown) == set(Choices.model_fields)
    for param in shown.values():
        assert param.schema["title"]
        assert param.schema["description_md"]
        assert param.schema["section"]


def test_what_the_form_proposes_exists():
    shown = form(Settings())

    assert set(shown["persona"].schema["examples"]) <= set(persona_names())
    assert shown["formats"].schema["examples"] == list(formats.names())
    assert shown["publishers"].schema["examples"] == list(publishers.names())


def test_a_field_nobody_knows_is_refused():
    with pytest.raises(ValidationError, match="lerners"):
        choices_of({"source": "", "lerners": ["learner-a"]})
