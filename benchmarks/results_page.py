"""RESULTS.md: the machine, what was promised and what was reached, then every section with its command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.claims import judge_section
from benchmarks.sections import SECTIONS, Section, counts
from benchmarks.table import MADE_UP, format_table

Found = Mapping[str, Any]

HEAD = """# Figures

Written by `python -m benchmarks all`; `--only a,b` measures those sections anew and leaves the others. Peers run
beside Inkframe in the same run, in turns where both are timed. Sizes are in px, Mpx are millions of pixels, MB are
10^6 bytes; a + after a commit means that files differed from it. A target is what the project has set itself.
"""
QUICK = "A quick run with few pictures and turns, to see that it works: not for quoting, not held against targets."
UNSAID = "not measured yet"


def render_page(sections: Mapping[str, Found]) -> str:
    """The whole page; sections that were never run say so."""
    newest: Found = max(sections.values(), key=lambda found: str(found["date"]), default={})
    machine: Found = newest.get("machine", {})
    parts = [HEAD, format_table(["machine", ""], list(machine.items())), "## Promised and reached"]
    parts.append(
        format_table(["section", "what", "measured", "target", "reached"], list(list_claims(sections)))
    )
    parts += [
        render_section(name, section, sections.get(name), machine) for name, section in SECTIONS.items()
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def list_claims(sections: Mapping[str, Found]) -> Iterator[list[str]]:
    """One row a promise; a section without figures has its promises unmeasured."""
    for name in SECTIONS:
        found = sections.get(name, {})
        figures = found.get("figures", {}) if counts(found) else {}
        for row in judge_section(name, figures):
            yield [f"[{name}](#{name})", *row]


def render_section(name: str, section: Section, found: Found | None, machine: Found) -> str:
    """Title, command, when and of what commit, tables, notes."""
    lines = [f'<a id="{name}"></a>\n\n## {section.title}']
    if found is None:
        command = f"python -m benchmarks {section.words}"
        return "\n\n".join([*lines, f"`{command}` (about {section.minutes:g} minutes): {UNSAID}."])
    made = f"`{found['command']}` took {found['seconds']:.0f} s on {found['date']}"
    lines.append(made + (f", commit {found['commit']}." if found["commit"] else "."))
    if found["quick"]:
        lines.append(QUICK)
    if found["made_up"] and MADE_UP not in found["text"]:
        lines.append(MADE_UP)
    if found["machine"] != machine:
        lines.append(f"On another machine: {', '.join(found['machine'].values())}.")
    lines.append(found["problem"] or found["text"].strip())
    if section.note:
        lines.append(section.note)
    return "\n\n".join(lines)
