"""gdviz: see gradient descent. Run me with ``make run`` or ``streamlit run app.py``.

Streamlit reads this file twice: imported, it is the web server with the routes that the charts need; run as a script,
once for each change a visitor makes, it is the page.
"""

import streamlit as st

from gdviz.ui.server import routes
from gdviz.ui.server.warming import warming

if __name__ == "__main__":
    from gdviz.ui.page import page

    routes.settle()
    page()
else:
    app = st.App(
        __file__,
        routes=routes.routes(),
        middleware=routes.middleware(),
        lifespan=warming,
        on_script_error=routes.on_script_error,
    )
