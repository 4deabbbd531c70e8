"""The tables that `seinpost evaluate` prints for people. Formats figures that others measured."""

from collections.abc import Iterator, Mapping

from rich.table import Table

Cells = Mapping[str, object]


def figures(report: Cells) -> Table:
    """The promised fields, one figure a row."""
    table = Table("figure", "value", "95 % interval")
    for name, value in report.items():
        if isinstance(value, Mapping) and "low" not in value:
            for part, figure in value.items():
                if not isinstance(figure, Mapping) or "low" in figure:
                    table.add_row(f"{name} {part}", *_split(figure))
        else:
            table.add_row(name, *_split(value))
    return table


def grouped(tables: Cells) -> Iterator[Table]:
    """A table for each grouping: one group a row, one figure a column."""
    for title, groups in tables.items():
        if isinstance(groups, Mapping) and groups:
            yield _grouping(title, groups)
        elif isinstance(groups, list | tuple) and groups and isinstance(groups[0], Mapping):
            yield _grouping(title, {str(at): group for at, group in enumerate(groups, 1)})


def _grouping(title: str, groups: Cells) -> Table:
    first = next(iter(groups.values()))
    columns = list(first) if isinstance(first, Mapping) and "low" not in first else ["value"]
    table = Table(title.removeprefix("by_"), *columns, title=title.replace("_", " "), title_justify="left")
    for name, group in groups.items():
        cells = group if isinstance(group, Mapping) and "low" not in group else {"value": group}
        table.add_row(name, *(cell(cells.get(column)) for column in columns))
    return table


def cell(value: object) -> str:
    """A figure with its interval in brackets, or a list of ids; nothing where it could not be measured."""
    if isinstance(value, Mapping) and "low" in value:
        return f"{value['value']:.3f} ({value['low']:.3f}, {value['high']:.3f})"
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _split(value: object) -> tuple[str, str]:
    if isinstance(value, Mapping):
        return f"{value['value']:.4f}", f"{value['low']:.4f} to {value['high']:.4f}"
    return ("" if value is None else str(value)), ""
