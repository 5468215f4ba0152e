"""The page in the browser: Streamlit, with parts of its own where that is too slow or has none."""
