"""A visit to the page is kept by what it changed."""

from __future__ import annotations

import gradio as gr
from gradio.state_holder import StateHolder

from ui.visits import lighten_visits


def test_each_visit_has_its_own_values_and_none_a_copy_of_the_page() -> None:
    # given a page with a state and a field
    lighten_visits()
    with gr.Blocks() as blocks:
        kept, field = gr.State([]), gr.Textbox("as built")
    visits = StateHolder()
    visits.set_blocks(blocks)
    # when one of two visits changes both
    visits["ann"][kept._id].append("hers")
    visits["ann"][field._id] = gr.Textbox("changed")
    # then the other one sees neither, and keeps nothing
    assert (visits["ann"][kept._id], visits["ann"][field._id].value) == (["hers"], "changed")
    assert (visits["ben"][kept._id], visits["ben"][field._id].value) == ([], "as built")
    assert visits["ben"].config_values == {}
