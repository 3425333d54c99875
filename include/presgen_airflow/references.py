"""What our DAGs, Airflow's configuration and its UI have to call by the same name."""

from __future__ import annotations

DESERIALIZATION_CLASSES = "airflow.* presgen.model.*"
"""What ``AIRFLOW__CORE__ALLOWED_DESERIALIZATION_CLASSES`` has to be for our models to come out of an XCom."""

RENDER_POOL = "presgen_render"
"""The pool of everything that keeps a core busy; give it as many slots as the workers have cores."""

MOST_LEARNERS = 10_000
"""What ``AIRFLOW__CORE__MAX_MAP_LENGTH`` has to be at least; Airflow's own 1 024 is one course."""

LESSON_LABEL = "{{ task.op_args[0].pseudonym }}"
"""``map_index_template`` of a step of a lesson: its first argument is a learner or a lesson."""

SECTION_LABEL = "{{ task.op_kwargs.section.slug }} {{ task.op_kwargs.section.format }}"
"""``map_index_template`` of a task that is expanded over ``section``."""

PREFIX = "/presgen"
"""Where our pages are in Airflow's web application."""

API = "/api/v1/avatar"
"""Where our API is there."""

MONITORING = "/presgen-monitoring"
"""Where ``/metrics`` is there."""

VIEW = "presgen"
"""What the entry *Lessons* of Airflow's navigation is called in addresses."""
