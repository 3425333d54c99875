"""Great Expectations without a project: a context that lives in memory, writes nothing and tells nobody.

Importing it takes seconds, so whoever validates asks for the context when it is needed.
"""

from __future__ import annotations

import os
from typing import Any


def new_context() -> Any:
    """Return an ephemeral data context without a folder for documents, progress bars or analytics."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when the library is imported
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            # The default ephemeral context makes a folder for documents that nobody builds here.
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )
