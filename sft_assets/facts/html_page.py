"""A page for the eye: statements as read beside their pages, sums with differences, conflicts.

Self-contained HTML without a script; a click on a number marks its box on the page.
"""

import html
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sft_assets.facts.build import ReportReading
from sft_assets.facts.footing import foot
from sft_assets.facts.identities import evaluate_identities
from sft_assets.facts.pictures import Picture
from sft_assets.facts.readings import Printed, Reading, SectionReading
from sft_assets.facts.segments import add_up_segments

STYLE = """
body { font: 13px/1.35 sans-serif; margin: 1em 1.5em; color: #222; }
h1 { font-size: 20px; } h2 { font-size: 16px; border-top: 2px solid #888; padding-top: .5em; }
h3 { font-size: 13px; color: #555; margin: .8em 0 .3em; }
.pair { display: flex; gap: 16px; align-items: flex-start; }
.read { flex: 1 1 50%; min-width: 0; overflow-x: auto; } .shown { flex: 1 1 50%; }
.page { position: relative; border: 1px solid #aaa; } .page img { width: 100%; display: block; }
.box { position: absolute; border: 1.5px solid; box-sizing: border-box; }
table { border-collapse: collapse; } td, th { border: 1px solid #ddd; padding: 1px 5px; }
th { background: #f3f3f3; font-weight: normal; text-align: left; }
td.n { text-align: right; white-space: nowrap; } td.n a { color: inherit; text-decoration: none; }
small { color: #777; } td.c { color: #777; font-size: 11px; }
.proved { background: #e2f3e2; } .box.proved { border-color: #2a8a2a; background: #2a8a2a1a; }
.accepted { background: #fff; } .box.accepted { border-color: #3567b5; background: none; }
.quarantined { background: #fbd7d7; color: #a00; }
.box.quarantined { border-color: #d00; background: #d0000026; }
.unknown { color: #999; } .box.unknown { border: 1px dashed #bbb; }
.box:target { outline: 4px solid #f5a400; } .fails { color: #c00; font-weight: bold; }
ul { margin: .2em 0; padding-left: 1.4em; } .legend span { padding: 1px 6px; margin-right: 6px; }
details { margin: .3em 0; }
"""
TITLES = {
    "balance_sheet": "Balance sheet",
    "income_statement": "Income statement",
    "cash_flow": "Cash flow statement",
    "comprehensive_income": "Statement of comprehensive income",
    "key_data": "Key data",
    "quarterly": "Quarters",
    "flow_changes": "Changes of main items",
    "research": "Research and development",
    "employees": "Employees",
    "segments": "Revenue by segment",
}
SCALES = {1: "", 1000: "k", 10**4: "万", 10**6: "m", 10**8: "亿"}
UNITS = {"percent": "%", "percentage_points": "percentage points"}
Key = tuple[int, int, int, int]


def pages_shown(read: ReportReading) -> set[int]:
    """Return the pages that the tables of the report's facts stand on."""
    return {item.key[0] for section in read.chosen for item in section.printed} | {
        r.page_no for r in read.readings if r.place is not None
    }


def build_page(title: str, read: ReportReading, pictures: Mapping[int, Picture]) -> str:
    """Return the page as HTML."""
    state = _states(read)
    counts: dict[str, int] = defaultdict(int)
    for name, _ in state.values():
        counts[name] += 1
    head = " ".join(
        f'<span class="{name}">{name}: {counts[name]}</span>'
        for name in ("proved", "accepted", "quarantined")
    )
    parts = [
        '<!doctype html><html><head><meta charset="utf-8">',
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{html.escape(title)}</h1><p class='legend'>{head} "
        "<span class='unknown'>grey: a row whose label is not in the dictionary; its unit is not "
        "known</span></p>",
        _conflicts(read, state),
    ]
    by_section: dict[int, list[int]] = defaultdict(list)
    for i, r in enumerate(read.readings):
        by_section[r.section].append(i)
    parts += [
        _section(section, read, by_section[section.section.number], state, pictures)
        for section in read.chosen
    ]
    parts.append(_sentences(read, by_section.get(-1, []), state))
    return "\n".join([*parts, "</body></html>"])


def _states(read: ReportReading) -> dict[int, tuple[str, str]]:
    """Return, by index of the readings, the status and what explains it."""
    found = {}
    for i in range(len(read.readings)):
        if i in read.reasons:
            found[i] = ("quarantined", read.reasons[i])
        elif read.proofs[i]:
            found[i] = ("proved", ", ".join(read.proofs[i]))
        else:
            found[i] = ("accepted", "read once, no conflict")
    return found


def _conflicts(read: ReportReading, state: Mapping[int, tuple[str, str]]) -> str:
    rows = [
        f'<li class="fails"><a href="#f{i}">{html.escape(_name(read.readings[i]))}</a>: '
        f"{html.escape(read.readings[i].printed)} ({html.escape(why)})</li>"
        for i, (name, why) in state.items()
        if name == "quarantined"
    ]
    if not rows:
        return "<p>No number is set aside.</p>"
    return _details(f"{len(rows)} numbers set aside", rows, is_open=True)


def _name(r: Reading) -> str:
    return f"p. {r.page_no} {r.label} {r.period.period} {r.scope}"


def _section(
    section: SectionReading,
    read: ReportReading,
    members: Sequence[int],
    state: Mapping[int, tuple[str, str]],
    pictures: Mapping[int, Picture],
) -> str:
    heading = section.section.heading
    scopes = sorted({read.readings[i].scope for i in members})
    title = f"{TITLES.get(heading.statement, heading.statement)} ({', '.join(scopes)})"
    parts = [f"<h2>{html.escape(title)}</h2>"]
    pages = sorted(
        {item.key[0] for item in section.printed} | {read.readings[i].page_no for i in members}
    )
    for page_no in pages:
        here = [i for i in members if read.readings[i].page_no == page_no]
        printed = [item for item in section.printed if item.key[0] == page_no]
        shown = _picture(page_no, here, printed, read, state, pictures.get(page_no))
        parts.append(
            f"<h3>PDF page {page_no}</h3><div class='pair'><div class='read'>"
            f"{_table(here, printed, read, state)}</div><div class='shown'>{shown}</div></div>"
        )
    parts.append(_checks(section, read))
    return "\n".join(parts)


def _table(
    here: Sequence[int],
    printed: Sequence[Printed],
    read: ReportReading,
    state: Mapping[int, tuple[str, str]],
) -> str:
    rows: dict[tuple[int, int, int], dict[int, str]] = defaultdict(dict)
    labels: dict[tuple[int, int, int], tuple[str, str]] = {}
    units = _column_units(here, read)
    heads: dict[int, str] = {}
    for i in here:
        r = read.readings[i]
        table, row, column = r.place or (0, 0, 0)
        key = (r.page_no, table, row)
        labels[key] = (r.label, r.concept.id)
        basis = "" if r.basis == "reported" else f" {r.basis.partition('_')[0]}"
        heads.setdefault(column, f"{r.period.period}{basis} {units[column]}")
        name, why = state[i]
        own = "" if _unit(r) == units[column] else f" <small>{html.escape(_unit(r))}</small>"
        rows[key][column] = (
            f'<td class="n {name}" id="f{i}" title="{html.escape(why)}">'
            f'<a href="#b{i}">{_number(r.value)}{own}</a></td>'
        )
    for item in printed:
        key = item.key[:3]
        if item.key[3] not in rows[key]:
            labels.setdefault(key, (item.label, ""))
            rows[key][item.key[3]] = f'<td class="n unknown">{_number(item.value)}</td>'
    columns = sorted({column for found in rows.values() for column in found})
    head = "".join(f"<th>{html.escape(heads.get(c, ''))}</th>" for c in columns)
    body = "".join(
        f"<tr><td>{html.escape(labels[key][0])}</td><td class='c'>{labels[key][1]}</td>"
        + "".join(rows[key].get(c, "<td></td>") for c in columns)
        + "</tr>"
        for key in sorted(rows)
    )
    return f"<table><tr><th>label</th><th>concept</th>{head}</tr>{body}</table>"


def _column_units(here: Sequence[int], read: ReportReading) -> dict[int, str]:
    """Return the unit of most numbers of each column; the others show their own."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for i in here:
        r = read.readings[i]
        found[(r.place or (0, 0, 0))[2]][_unit(r)] += 1
    return {column: units.most_common(1)[0][0] for column, units in found.items()}


def _unit(r: Reading) -> str:
    """Return the unit of a number in short: ``k CNY``, ``USD a share``, ``%``, ``persons``."""
    if r.unit == "per_share":
        return f"{r.currency or ''} a share".strip()
    unit = r.currency or "" if r.unit == "currency" else UNITS.get(r.unit, r.unit)
    scale = SCALES.get(r.scale, f"x{r.scale}")
    return f"{scale} {unit}".strip()


def _picture(
    page_no: int,
    here: Sequence[int],
    printed: Sequence[Printed],
    read: ReportReading,
    state: Mapping[int, tuple[str, str]],
    picture: Picture | None,
) -> str:
    if picture is None:
        return f"<p>Page {page_no} could not be drawn.</p>"
    boxes = [(f' id="b{i}"', state[i][0], read.readings[i].box) for i in here]
    known = {(read.readings[i].page_no, *(read.readings[i].place or ())) for i in here}
    rest = {item.key for item in printed} - known
    boxes += [("", "unknown", cell.box) for cell in read.cells if cell.key in rest]
    drawn = "".join(
        f'<div class="box {name}"{mark} style="left:{box.x0 / picture.width:.3%};'
        f"top:{box.top / picture.height:.3%};width:{(box.x1 - box.x0) / picture.width:.3%};"
        f'height:{(box.bottom - box.top) / picture.height:.3%}"></div>'
        for mark, name, box in boxes
    )
    return f'<div class="page"><img src="{picture.source}" alt="page {page_no}">{drawn}</div>'


def _checks(section: SectionReading, read: ReportReading) -> str:
    """Return the identities and sums of a section with their differences, failing ones in red."""
    lines = []
    for checks in evaluate_identities(read.readings):
        for check in checks:
            first = read.readings[check.members[0]]
            applies = check.holds or check.identity.is_strict  # others depend on the layout
            if first.section == section.section.number and applies:
                name = f"{check.identity.name} ({first.period.period})"
                parts = [read.readings[i].label for i in check.members[1:]]
                lines.append(
                    _check(name, first.label, parts, _number(check.difference), holds=check.holds)
                )
    for footing in foot([section]):
        total = footing.members[0][0]
        parts = [item.label for item, _ in footing.members[1:]]
        difference = _number(footing.difference)
        name = f"sum of parts ({total.column[0].strip()})"
        lines.append(_check(name, total.label, parts, difference, holds=footing.difference == 0))
    for segment in add_up_segments([section]):
        parts = [item.label for item in segment.parts]
        name = f"{segment.by} ({segment.total.column[0].strip()})"
        holds = segment.difference == 0
        difference = _number(segment.difference)
        lines.append(_check(name, segment.total.label, parts, difference, holds=holds))
    if not lines:
        return ""
    failing = sum("fails" in line for line in lines)
    told = f"{len(lines)} sums and identities, {failing} with a difference"
    return _details(told, lines, is_open=failing > 0)


def _details(summary: str, items: Sequence[str], *, is_open: bool) -> str:
    opened = " open" if is_open else ""
    return f"<details{opened}><summary>{summary}</summary><ul>{''.join(items)}</ul></details>"


def _number(value: Decimal) -> str:
    """Return a number with its thousands separated, without an exponent."""
    return f"{value:,f}"


def _check(name: str, total: str, parts: Iterable[str], difference: str, *, holds: bool) -> str:
    words = html.escape(f"{name}: {total} = {' + '.join(parts)}; difference {difference}")
    return f'<li class="{"holds" if holds else "fails"}">{words}</li>'


def _sentences(
    read: ReportReading, members: Sequence[int], state: Mapping[int, tuple[str, str]]
) -> str:
    if not members:
        return ""
    rows = "".join(
        f'<li class="{state[i][0]}" id="f{i}">{html.escape(_name(read.readings[i]))}: '
        f"{html.escape(read.readings[i].printed)} ({html.escape(state[i][1])})</li>"
        for i in members
    )
    return f"<h2>Sentences</h2><ul>{rows}</ul>"
