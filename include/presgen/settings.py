"""The deployment's choices: ``PRESGEN_*`` in the environment, read once at the edge and handed down."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from presgen.model.base import Seconds


def _listed(value: Any) -> Any:
    """Return what ``a, b`` names, as the environment has it; lists pass as they are."""
    return tuple(name.strip() for name in value.split(",")) if isinstance(value, str) else value


def _some(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names, each once, in their order."""
    if not names or not all(names):
        raise ValueError("give one name or several with commas between them, such as landscape,portrait")
    return tuple(dict.fromkeys(names))


def _named(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names if name)


_LENGTH = re.compile(r"(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+)\s*s)?", re.ASCII)


def _length(value: Any) -> Any:
    """Return how long ``4h``, ``1h30m``, ``90m`` or plain minutes are; 0 and nothing: None."""
    if isinstance(value, timedelta):
        return value or None
    text = str(value if value is not None else "").strip().lower()
    found = _LENGTH.fullmatch(f"{text}m" if text.isdecimal() else text)
    if found is None:
        raise ValueError("give a length of time such as 4h, 90m or 1h30m, or nothing for none")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds) or None


Length = Annotated[timedelta | None, BeforeValidator(_length)]
"""``4h``, ``1h30m``, ``90m`` or plain minutes in the environment; 0 and nothing: None."""


def _addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(address for address in addresses if address))
    if wrong := [address for address in found if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", address)]:
        raise ValueError(f"{wrong[0]!r} is no address: give such as night@example.org, several with commas")
    return found


Addresses = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_addresses)]
"""``night@example.org,day@example.org`` in the environment; may be empty, each address once."""


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_some)]
"""``landscape,portrait`` in the environment; never empty, each name once."""


HostNames = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_named)]
"""``hooks.example.org,10.1.0.0/16`` in the environment; may be empty."""


class Settings(BaseSettings):
    """What a deployment may choose; ``workspace`` is read from ``PRESGEN_WORKSPACE``, and so on."""

    model_config = SettingsConfigDict(
        env_prefix="PRESGEN_", frozen=True, extra="ignore", populate_by_name=True
    )

    workspace: Path = Path("workspace")
    """Folder of the section store, the records, the scripts and the joined videos."""
    ledger_url: str = ""
    """SQLAlchemy URL of the ledger; empty: ``ledger.sqlite`` in the workspace."""
    output: Path = Path("output")
    """Root folder that ``folder`` delivers to."""
    source: str = ""
    """Where the nightly run reads records: ``json:FILE``, ``jsonl:FILE`` or ``folder:FOLDER``."""
    inbox: Path | None = None
    """Folder whose new records start a run at once, beside the schedule; None: there is none."""
    inbox_settle: Annotated[float, Field(ge=1, le=3600)] = 60.0
    """Seconds for which nobody may have written there before they do."""
    renderer: str = "studio"
    publishers: Names = Field(
        ("folder",), validation_alias=AliasChoices("PRESGEN_PUBLISHERS", "PRESGEN_PUBLISHER")
    )
    """Every lesson goes out by each of them: ``folder``, ``drive``, ``object-store``."""
    object_store: str = Field("", repr=False)
    """The URL that ``object-store`` delivers to, as fsspec reads it: ``s3://bucket/lessons``."""
    drive_folder: str = ""
    """Id of the folder or shared drive that ``drive`` delivers to; empty: the account's My Drive."""
    drive_key: Path | None = None
    """JSON key of a service account or an authorised user, where no Airflow connection has it; None: the
    machine's own credentials."""
    drive_folder_names: Literal["name", "pseudonym"] = "name"
    """By what a learner's folder is called on Drive, for people; we know it by its id."""
    drive_share: bool = True
    """Whether learners with an address may read their lessons on Drive."""
    drive_access_days: Annotated[int, Field(ge=0, le=365)] = 180
    """For how long they may, from the delivery on; 0: without an end."""
    drive_endpoint: str = ""
    """Where Drive's API is; empty: at Google. Another place is for the emulator."""
    persona: str = "mentor"
    """The persona of learners who have no preference."""
    formats: Names = ("landscape",)
    """Every lesson is delivered in each of them, all from one script; the first is the main edition."""
    brand: str = "house"
    """Whose colours, typeface and logo: a shipped brand, or the path of a TOML file."""
    music: str = ""
    """Under the voice: the path of a sound file, ``pad`` for the shipped bed, or nothing."""
    credentials: str = "local"
    """Who signs that films are AI-made: ``local`` for a test certificate of the deployment's own, the path of
    a PEM file with certificate chain and private key, or nothing to leave films unsigned."""
    pseudonym_key: SecretStr = SecretStr("")
    """Secret of the keyed pseudonyms; empty: one is made and kept in the workspace."""
    lexicon: Path | None = None
    """TOML with the course's own pronunciations, on top of the shipped ones."""
    budget: Annotated[Seconds, Field(ge=30, le=1800)] = Seconds(300.0)
    """The longest a lesson may be."""
    opening: Annotated[Seconds, Field(ge=5, le=19)] = Seconds(19.0)
    """How long a learner's own opening should be at the most: it is rendered for one learner alone."""
    top_gaps: Annotated[int, Field(ge=1, le=20)] = 3
    """How many gaps a lesson closes at most."""
    max_record_bytes: Annotated[int, Field(ge=1024)] = 1_000_000
    """A record larger than this is quarantined."""
    workers: Annotated[int, Field(ge=0, le=256)] = 0
    """Processes that render in parallel without Airflow; 0: one a processor, 1: in the calling process."""
    retention_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """After so many days in which nothing of theirs has changed, `presgen erase --expired` erases learners;
    0: never."""
    webhook_hosts: HostNames = ()
    """Who may be told how an order ended: names of hosts, and networks such as ``10.1.0.0/16`` where they may
    be private. Empty: nobody."""
    webhook_secret: SecretStr = SecretStr("")
    """Signs what they are told; at least 24 characters."""
    cpu_hour_price: Annotated[float, Field(ge=0)] = 0.0
    """What an hour of one processor costs, in your currency: then lessons and nights have a price."""
    metrics_token: SecretStr = SecretStr("")
    """Whoever sends it as a bearer token may read ``/metrics``; empty: only who is logged in."""
    schedule: str = "0 2 * * *"
    """Cron expression of the nightly run; empty: only by hand."""
    timezone: str = "UTC"
    """IANA name of the schedule's time zone."""

    deadline: Length = timedelta(hours=4)
    """How long after its moment a night may last before somebody is told; None: as long as it likes."""
    deadline_from: Literal["logical_date", "queued_at"] = "logical_date"
    """What that moment is: when the schedule meant the night to start, or when it was queued. A night that
    was started by hand, or catches up on a past one, counts from when it was queued."""
    lesson_deadline: Length = timedelta(hours=1)
    """How long a lesson may take from the start of its rendering to its delivery; None: as long as it
    likes."""
    alert_to: Addresses = ()
    """Who gets an e-mail when a night is late or fails; empty: nobody."""
    alert_from: str = ""
    """The sender's address; empty: the mail connection's."""
    alert_failure_ratio: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of the night's lessons that may fail before somebody is told at once."""
    alert_failures: Annotated[int, Field(ge=1)] = 20
    """Number of lessons that may fail before somebody is told at once, however many went well."""
    alert_section_learners: Annotated[int, Field(ge=1)] = 5
    """Number of learners whom one section may cost their lesson before somebody is told."""

    @property
    def ledger(self) -> str:
        """The ledger's URL, with the default applied."""
        return self.ledger_url or f"sqlite:///{self.workspace.resolve() / 'ledger.sqlite'}"
