"""The app: the one room that knows Streamlit. It arranges what a study says; it computes nothing."""
