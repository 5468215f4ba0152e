"""What stands around Streamlit: what it serves besides, what comes in, and whose work has its turn."""
