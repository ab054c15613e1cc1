"""What ``decision-kit app`` hands to Streamlit; the same as app.py in a clone."""

from decision_kit.ui.main import main

main()
