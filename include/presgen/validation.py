"""Great Expectations without a project: a context that lives in memory, writes nothing and tells nobody.

Importing it takes seconds, so whoever validates asks for the context when it is needed. What a validation
came to is kept as JSON beside the run's report, from which its documents are built.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from presgen.workspace import write_whole

SITE = "night"
"""What a context calls its documents."""


def keep_quiet() -> None:
    """Forbid Great Expectations to report how it is used.

    Needed before whatever imports it, since that is when it looks.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"


def new_context(site: Path | None = None) -> Any:
    """Return an ephemeral data context without progress bars or analytics.

    Documents are built in the folder ``site``; None: nowhere.
    """
    keep_quiet()
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    documents = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            # The default ephemeral context makes a folder for documents in a place of its own.
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            data_docs_sites={} if site is None else {SITE: documents},
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )


def keep_result(result: Any, path: Path) -> None:
    """Keep what a validation came to, as JSON."""
    write_whole(path, json.dumps(result.to_json_dict(), ensure_ascii=False, indent=1).encode() + b"\n")
