"""Faults: what is cut off, killed, flooded or left alone, and the page that goes on."""

from __future__ import annotations

import contextlib
import threading
import time

from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.load.measures import processor_seconds, seconds_until_rest
from tests.server.clients import Client, Server, link

HEAVY = link(
    objective="ackley", start="1.3,2.7", optimizer="bfgs", schedule="strong_wolfe", epochs=100_000, tolerance=0
)
LIGHT = link(objective="rosenbrock", epochs=20)


def says(texts: list[str]) -> bool:
    return any("epochs" in text for text in texts)


def test_a_change_ends_the_one_before_it(server: Server, client: Client) -> None:
    """It may have two seconds of the processor, and has no more of them once the visitor has gone back."""
    with Client(server.url) as other:
        other.visit(LIGHT)
    before = processor_seconds([server])
    client.query = f"{HEAVY}&h=0.003"  # that nobody has asked for before
    client.ask()
    while processor_seconds([server]) - before < 0.4:  # in the midst of its run
        time.sleep(0.01)
    back = BackMsg()
    back.rerun_script.query_string, back.rerun_script.is_history_navigation = LIGHT, True
    client.send(back)
    assert seconds_until_rest([server]) < 0.7


def test_everybody_else_goes_on_beside_a_long_run(server: Server, client: Client) -> None:
    """Ten visitors change something while one has sent the longest there is: all are answered."""
    client.visit(HEAVY)
    answered = []

    def visit() -> None:
        with Client(server.url) as other:
            answered.append(says(other.visit(LIGHT)) and says(other.visit(epochs=30)))

    threads = [threading.Thread(target=visit) for _ in range(10)]
    client.ask(learning_rate=0.3)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answered == [True] * 10
    client.drawn()


def test_a_tab_that_is_cut_off_in_a_change_comes_back_with_its_link(server: Server) -> None:
    with Client(server.url) as cut:
        cut.visit(LIGHT)
        cut.ask(epochs=50)
        cut.socket.socket.close()  # as when a laptop is shut
    with Client(server.url) as back:
        assert says(back.visit(cut.address))
        assert "rosenbrock" in back.address


def test_two_tabs_do_not_see_each_other(server: Server) -> None:
    with Client(server.url) as one, Client(server.url) as other:
        one.visit(LIGHT)
        other.visit(link(objective="himmelblau", epochs=7))
        one.visit(epochs=40)
        other.visit()
        assert "epochs=40" in one.address
        assert "epochs=7" in other.address


def test_a_killed_server_comes_back_and_the_link_with_it() -> None:
    with Server() as first:
        with Client(first.url) as client:
            client.visit(LIGHT)
            client.visit(epochs=41)
            address = client.address
        first.kill()
        with Server(first.port) as second, Client(second.url) as again:
            assert says(again.visit(address))
            assert "epochs=41" in again.address


def test_an_idle_session_answers(server: Server, client: Client) -> None:
    client.visit(LIGHT)
    with contextlib.suppress(TimeoutError):
        while True:  # what is still on its way, and then nothing
            client.socket.recv(timeout=2)
    assert says(client.visit(epochs=25))
