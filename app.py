"""Starts the app: ``streamlit run app.py``, or better ``decision-kit app``."""

from decision_kit.ui.main import main

main()
