"""Learners are erased with what Airflow's connections hold: the ledger, the pseudonyms' secret, and Drive.

    python -m presgen_airflow.erase LEARNER | --expired

does what `presgen erase` does with the secrets of the environment.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Sequence

from presgen import erasing
from presgen.errors import PresGenError
from presgen.ledger import open_ledger
from presgen.night import Night
from presgen.settings import Settings
from presgen.workspace import Workspace
from presgen_airflow.connections import ConnectionNames, drive_opener, with_secrets


def main(arguments: Sequence[str]) -> int:
    """Erase the learner of that id or pseudonym, or those whose time is over, and print the receipts."""
    parser = argparse.ArgumentParser(prog="python -m presgen_airflow.erase", allow_abbrev=False)
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("learner", nargs="?", help="the learner's id or pseudonym")
    whom.add_argument("--expired", action="store_true", help="all whose PRESGEN_RETENTION_DAYS are over")
    parser.add_argument(
        "--gone", action="append", default=[], help="address lessons were delivered to where nothing is left"
    )
    chosen = parser.parse_args(arguments)
    try:
        names = ConnectionNames()
        settings = with_secrets(Settings(), names)
        night = Night(
            f"erase-{secrets.token_hex(4)}",
            settings,
            Workspace(settings.workspace),
            open_ledger(settings.ledger, make=False),
            drive_opener(settings, names),
        )
        failed = False
        for each in (
            erasing.erase_expired(night, settings.retention_days, chosen.gone)
            if chosen.expired
            else (erasing.erase_learner(night, chosen.learner, gone=chosen.gone),)
        ):
            if isinstance(each, erasing.NotErased):
                failed = True
                sys.stderr.write(f"presgen: {each.pseudonym}: {each.error}\n")
            else:
                sys.stdout.write(f"{each.line}\n")
    except PresGenError as error:
        sys.stderr.write(f"presgen: {error}\n")
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
