"""gdviz: see gradient descent. Run me with ``make run`` or ``streamlit run app.py``.

Streamlit reads this file twice: imported, it is the web server with the routes that the charts need; run as a script,
once for each change a visitor makes, it is the page.
"""

import streamlit as st

from gdviz.ui.server import routes as server
from gdviz.ui.server import warming

if __name__ == "__main__":
    from gdviz.ui.page import page

    server.settle()
    page()
else:
    app = st.App(
        __file__,
        routes=server.routes(),
        middleware=server.middleware(),
        lifespan=warming.warming,
        on_script_error=server.on_script_error,
    )
