"""Pages for paper: HTML and a stylesheet in, a PDF out. Nothing is fetched from anywhere."""

from __future__ import annotations

from tracker.rules.refusal import N_, Refused

NO_PANGO = N_(
    "This machine cannot make a PDF: Pango is missing. Whoever runs it installs libpango-1.0-0, "
    "libpangoft2-1.0-0 and libharfbuzz-subset0 (Debian)."
)


def pdf_of(html: str, css: str) -> bytes:
    """Set a page of HTML with a stylesheet. Pictures may only be data: addresses.

    Fonts are those of the machine that the stylesheet names; none is shipped.
    Raises Refused if the machine lacks what sets the pages.
    """
    try:
        # Only here: it loads Pango, which a machine that never makes a PDF need not have.
        from weasyprint import CSS, HTML  # type: ignore[import-untyped]  # it ships no types
        from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]
    except OSError as error:
        raise Refused(NO_PANGO) from error
    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    page = HTML(string=html, base_url=None, url_fetcher=fetcher)
    written: bytes = page.write_pdf(stylesheets=[CSS(string=css, url_fetcher=fetcher)])
    return written
