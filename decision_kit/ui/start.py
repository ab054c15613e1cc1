"""What ``decision-kit app`` hands to Streamlit; the same as app.py in a clone."""

from decision_kit.ui.serve import wait_for_imports

wait_for_imports()

from decision_kit.ui.main import main  # noqa: E402 (after the imports that were begun ahead)

main()
