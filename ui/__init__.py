"""The page. The app imports Gradio nowhere else."""

from ui.stubless import leave_out_stubs

leave_out_stubs()
