// A board's JSON as Grafana's own types have it. Their enumerations are plain words in JSON, and a panel's options
// depend on its type: both are spelled out here, all else is theirs.
import type { Dashboard, Panel, RowPanel, FieldConfig } from '@grafana/schema';
import type * as BarGauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as Gauge from '@grafana/schema/dist/esm/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen';
import type * as Stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as StateTimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as Table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as TimeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

type Plain<T> = T extends string
  ? `${T}`
  : T extends (infer U)[]
    ? Plain<U>[]
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T;

interface Override {
  matcher: { id: 'byName'; options: string };
  properties: Array<{ id: 'displayName' | 'unit' | 'mappings' | 'thresholds' | 'links' | 'color' | 'noValue' | 'custom.cellOptions' | 'custom.hidden'; value: unknown }>;
}

// The InfluxDB data source's own question; its types live in Grafana itself.
interface InfluxTarget {
  refId: string;
  datasource: { type: 'influxdb'; uid: string };
  rawQuery: true;
  query: string;
  resultFormat: 'time_series' | 'table';
  alias?: string;
}

type Common = Plain<Omit<Panel, 'type' | 'options' | 'fieldConfig' | 'targets'>> & { targets: InfluxTarget[] };
type Config<Custom> = {
  defaults: Plain<Omit<FieldConfig, 'custom'>> & { custom: Partial<Plain<Custom>> };
  overrides: Override[];
};
type Kind<Type extends string, Options, Custom> = Common & {
  type: Type;
  options: Partial<Plain<Options>>;
  fieldConfig: Config<Custom>;
};
type Nothing = Record<string, never>;

type BoardPanel =
  | Kind<'stat', Stat.Options, Nothing>
  | Kind<'gauge', Gauge.Options, Nothing>
  | Kind<'bargauge', BarGauge.Options, Nothing>
  | Kind<'timeseries', TimeSeries.Options, TimeSeries.FieldConfig>
  | Kind<'table', Table.Options, Table.FieldConfig>
  | Kind<'state-timeline', StateTimeline.Options, StateTimeline.FieldConfig>
  | (Plain<Omit<RowPanel, 'panels'>> & { panels: [] });

type Variable = NonNullable<NonNullable<Dashboard['templating']>['list']>[number];

export type Board = Plain<Omit<Dashboard, 'panels' | 'templating'>> & {
  panels: BoardPanel[];
  // `definition` is what Grafana shows of a query; it is not in the schema.
  templating: { list: Array<Plain<Omit<Variable, 'current'>> & { definition: string; current: unknown }> };
};
