"""Fuzzers that anyone can run: `python -m scripts.fuzz --minutes 10`, or `--only zip image` for some of them.

Each target is hunted in a process of its own. A finding is an error that the code does not promise, a crash, a
case over its time limit, memory over the limit, an answer of 500, a dead server, or a file that is touched outside
the app's folders. `hunt.py` has the loop, the other files the targets.
"""
