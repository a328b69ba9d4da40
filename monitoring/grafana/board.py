"""A dashboard in the house style: every panel has a unit, a description and the chosen data source."""

import json
from collections.abc import Sequence

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.cog import builder, encoder
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models import prometheus as prometheus_models

DATASOURCE = models.DataSourceRef(type_val="prometheus", uid="${DS_PROMETHEUS}")
Query = tuple[str, str]  # PromQL, and the legend of its series
Steps = Sequence[tuple[float | None, str]]  # from which value on, in which colour


class Board:
    """One dashboard under construction."""

    def __init__(self, *, uid: str, title: str, description: str) -> None:
        self._panels = 0
        self._board = (
            dashboard.Dashboard(title)
            .uid(uid)
            .description(description)
            .tags(["shule"])
            .editable()
            .time("now-3h", "now")
            .refresh("30s")
            .timezone("browser")
            .tooltip(models.DashboardCursorSync.CROSSHAIR)
            .version(1)
            .annotations([])
            .links([])
            .with_variable(
                dashboard.DatasourceVariable("DS_PROMETHEUS")
                .label("Data source")
                .type("prometheus")
                .regex("")
                .hide(models.VariableHide.DONT_HIDE)
                .include_all(False)
                .multi(False)
            )
        )

    def choice(self, *, name: str, label: str, metric: str) -> None:
        """Let the reader narrow the board to some values of a label."""
        self._board.with_variable(
            dashboard.QueryVariable(name)
            .label(label)
            .datasource(DATASOURCE)
            .query({"query": f"label_values({metric}, {name})", "refId": name})
            .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
            .sort(models.VariableSort.ALPHABETICAL_ASC)
            .multi(True)
            .include_all(True)
            .all_value(".*")
            .current(models.VariableOption(selected=True, text=["All"], value=["$__all"]))
        )

    def row(self, title: str) -> None:
        """Begin a new row under a heading."""
        row = dashboard.Row(title).collapsed(False).id(self._next())
        self._board.with_row(row)

    def figure(
        self,
        *,
        title: str,
        description: str,
        unit: str,
        expr: str,
        steps: Steps = ((None, "green"),),
        decimals: int | None = None,
    ) -> None:
        """One number now, with its course behind it: six of them fill a line."""
        panel = (
            stat.Panel()
            .id(self._next())
            .title(title)
            .description(description)
            .datasource(DATASOURCE)
            .unit(unit)
            .span(4)
            .height(4)
            .thresholds(_thresholds(steps))
            .color_mode(common_models.BigValueColorMode.VALUE)
            .graph_mode(common_models.BigValueGraphMode.AREA)
            .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).values(False))
            .no_value("–")
            .with_target(_query(expr, title, "A"))
        )
        if decimals is not None:
            panel.decimals(decimals)
        self._board.with_panel(panel)

    def graph(
        self,
        *,
        title: str,
        description: str,
        unit: str,
        queries: Sequence[Query],
        span: int = 8,
        stacked: bool = False,
        most: float | None = None,
        steps: Steps | None = None,
    ) -> None:
        """Lines over time, from 0; stacked where the sum means something."""
        panel = (
            timeseries.Panel()
            .id(self._next())
            .title(title)
            .description(description)
            .datasource(DATASOURCE)
            .unit(unit)
            .min(0)
            .span(span)
            .height(8)
            .line_width(1)
            .fill_opacity(30 if stacked else 8)
            .show_points(common_models.VisibilityMode.NEVER)
            .tooltip(
                common.VizTooltipOptions()
                .mode(common_models.TooltipDisplayMode.MULTI)
                .sort(common_models.SortOrder.DESCENDING)
            )
            .legend(
                common.VizLegendOptions()
                .show_legend(True)
                .display_mode(common_models.LegendDisplayMode.LIST)
                .placement(common_models.LegendPlacement.BOTTOM)
                .calcs([])
            )
        )
        if stacked:
            panel.stacking(common.StackingConfig().mode(common_models.StackingMode.NORMAL).group("A"))
        if most is not None:
            panel.max(most)
        if steps:
            panel.thresholds(_thresholds(steps))
            panel.thresholds_style(
                common.GraphThresholdsStyleConfig().mode(common_models.GraphThresholdsStyleMode.DASHED)
            )
        for place, (expr, legend) in enumerate(queries):
            panel.with_target(_query(expr, legend, chr(ord("A") + place)))
        self._board.with_panel(panel)

    def table(
        self, *, title: str, description: str, unit: str, key: str, columns: Sequence[Query], span: int = 12
    ) -> None:
        """Values of now, one row per value of the key label, one column per query; the last column sorts."""
        # Grafana numbers the value columns by query, and calls a lone one just "Value".
        values = [f"Value #{chr(ord('A') + place)}" for place in range(len(columns))] if len(columns) > 1 else ["Value"]
        names = {value: name for value, (_, name) in zip(values, columns, strict=True)}
        panel = (
            table.Panel()
            .id(self._next())
            .title(title)
            .description(description)
            .datasource(DATASOURCE)
            .unit(unit)
            .span(span)
            .height(8)
            .show_header(True)
            .cell_height(common_models.TableCellHeight.SM)
            .with_transformation(models.DataTransformerConfig(id_val="merge", options={}))
            .with_transformation(
                models.DataTransformerConfig(
                    id_val="organize", options={"excludeByName": {"Time": True}, "renameByName": names}
                )
            )
            .sort_by([common.TableSortByFieldState().display_name(columns[-1][1]).desc(True)])
        )
        for place, (expr, name) in enumerate(columns):
            query = _query(expr, f"{name} {{{{{key}}}}}", chr(ord("A") + place))
            panel.with_target(query.instant().format(prometheus_models.PromQueryFormat.TABLE))
        self._board.with_panel(panel)

    def as_json(self) -> str:
        """The file's text, the same for the same board."""
        return (
            json.dumps(self._board.build(), cls=encoder.JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False)
            + "\n"
        )

    def _next(self) -> int:
        """The next panel's id."""
        self._panels += 1
        return self._panels


def _query(expr: str, legend: str, ref: str) -> prometheus.Dataquery:
    """One PromQL query of a panel."""
    return prometheus.Dataquery().datasource(DATASOURCE).expr(expr).legend_format(legend).ref_id(ref).range()


def _thresholds(steps: Steps) -> builder.Builder[models.ThresholdsConfig]:
    """Colours from values on."""
    return (
        dashboard.ThresholdsConfig()
        .mode(models.ThresholdsMode.ABSOLUTE)
        .steps([models.Threshold(value=value, color=color) for value, color in steps])
    )
