"""Great Expectations' Data Docs of a run, fit to be read anywhere: offline, and without telling anybody.

They are built from the results that the run's steps have kept, whichever process they ran in. As built, the
pages load their style and scripts from content delivery networks and carry a newsletter's form.
"""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from presgen.validation import SITE, new_context
from presgen.workspace import write_whole

_STYLES = (
    "bootstrap.min.css",
    "bootstrap-table.min.css",
    "bootstrap-table-filter-control.min.css",
    "bootstrap-datepicker.min.css",
    "icons.css",
)
_SCRIPTS = (
    "jquery.min.js",
    "bootstrap.bundle.min.js",
    "bootstrap-table.min.js",
    "bootstrap-table-filter-control.min.js",
    "bootstrap-datepicker.min.js",
)
_FOLDER = Path("static") / "vendor"

_FOREIGN_TAG = re.compile(
    r'<script[^>]*\ssrc="https?://[^"]*"[^>]*>\s*</script>|<link[^>]*\shref="https?://[^"]*"[^>]*>'
)
_FOREIGN_LOGO = re.compile(r'"https?://[^"]*logo[^"]*\.png[^"]*"')
_FOREIGN_BACKGROUND = re.compile(r"background:\s*url\('https?://[^']*'\)[^;]*;")
_NEWSLETTER = re.compile(r"<p>[^<]*newsletter.*?</p>", re.DOTALL)
_LINK_ABROAD = re.compile(r'<a\s[^>]*href="https?://[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def build_documents(results: Path, site: Path, run_id: str) -> Path | None:
    """Build the documents of all results in the folder ``results`` anew, in the folder ``site``.

    Return the page to begin with; None: nothing was validated.

    Args:
        results: one JSON file a validation, as `validation.keep_result` writes it.
        site: what is there is replaced.
        run_id: what the documents call the run.
    """
    kept = sorted(results.glob("*.json"))
    if not kept:
        return None
    shutil.rmtree(site, ignore_errors=True)
    context = new_context(site.resolve())  # first: it chooses how Great Expectations is imported
    import great_expectations as gx
    from great_expectations.core import ExpectationSuiteValidationResultSchema
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    for path in kept:
        facts = json.loads(path.read_bytes())
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        result = ExpectationSuiteValidationResultSchema().load(facts)
        run = RunIdentifier(run_name=run_id, run_time=moment)
        result.meta |= {"run_id": run, "validation_time": moment, "expectation_suite_name": path.stem}
        result.suite_name = path.stem
        for each in result.results:
            each.expectation_config.id = None  # that of the suite in the process that validated
        expectations = [each.expectation_config.to_domain_obj() for each in result.results]
        context.suites.add(gx.ExpectationSuite(name=path.stem, expectations=expectations))
        suite = ExpectationSuiteIdentifier(name=path.stem)
        context.validation_results_store.set(ValidationResultIdentifier(suite, run, path.stem), result)
    context.build_data_docs(site_names=[SITE])
    make_offline(site)
    return site / "index.html"


def make_offline(site: Path) -> None:
    """Let the Data Docs in the folder ``site`` load nothing but files of their own. May be repeated."""
    vendored = site / _FOLDER
    vendored.mkdir(parents=True, exist_ok=True)
    with resources.as_file(resources.files("presgen.quality") / "data_docs_assets") as assets:
        for name in (*_STYLES, *_SCRIPTS):
            shutil.copyfile(assets / name, vendored / name)
    for page in sorted(site.rglob("*.html")):
        root = "../" * (len(page.relative_to(site).parts) - 1)
        write_whole(page, offline(page.read_text(encoding="utf-8"), root).encode())


def offline(html: str, root: str) -> str:
    """Return the page without all that it loads from elsewhere; ``root`` leads to the site's folder."""
    html = _FOREIGN_TAG.sub("", html)
    html = _FOREIGN_LOGO.sub(f'"{root}static/images/logo-long.png"', html)
    html = _FOREIGN_BACKGROUND.sub("", html)
    html = _NEWSLETTER.sub("", html)
    html = _LINK_ABROAD.sub(r"\1", html)
    folder = f"{root}{_FOLDER.as_posix()}"
    tags = [f'<link rel="stylesheet" href="{folder}/{name}">' for name in _STYLES]
    tags += [f'<script src="{folder}/{name}"></script>' for name in _SCRIPTS]
    already = tags[0] in html
    return html if already else html.replace("<head>", "<head>\n" + "\n".join(tags), 1)
