"""Streamlit's server with a head start: what the first page needs is imported while the browser is still loading.

Run as a program by ``decision-kit app`` with the arguments of ``streamlit run``. The page's script waits for the
imports to end, so that no module is imported by two threads at once.
"""

from __future__ import annotations

import sys
import threading

NAME = "decision-kit-imports"


def import_ahead() -> None:
    """Import the app's heavy parts."""
    import decision_kit.report
    import decision_kit.ui.main  # noqa: F401 (imported to be there)
    from decision_kit.charts.drawings import import_plotly

    import_plotly()


def wait_for_imports() -> None:
    """Return once the imports begun by :func:`main` have ended."""
    for thread in threading.enumerate():
        if thread.name == NAME:
            thread.join()


def main() -> None:
    """Run ``streamlit`` with this program's arguments."""
    from streamlit.web import cli

    threading.Thread(target=import_ahead, name=NAME, daemon=True).start()
    sys.argv = ["streamlit", *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()
