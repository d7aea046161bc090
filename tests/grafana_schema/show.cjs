// Shows panels as Grafana's own code does: transformations, and each cell's text and colour. Reads cases as JSON from
// standard input: [{panel, fields: [{name, type, values}]}]; writes for each its fields with their cells.
// Grafana's package expects a browser: of it only these two things, the second once everything is loaded.
const navigator = { language: 'en', languages: ['en'] };
Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
const { firstValueFrom } = require('rxjs');
const grafana = require('@grafana/data');
globalThis.window = {};

const transformers = new Map(Object.values(grafana.standardTransformers).map((one) => [one.id, one]));
grafana.standardTransformersRegistry.setInit(() =>
  [...transformers.values()].map((one) => ({ id: one.id, name: one.name, transformation: async () => one, editor: () => null }))
);
const theme = grafana.createTheme();

function configOf(panel, name) {
  const config = structuredClone(panel.fieldConfig.defaults);
  config.thresholds.steps.forEach((step) => (step.value ??= -Infinity));
  for (const override of panel.fieldConfig.overrides.filter((one) => one.matcher.options === name)) {
    for (const { id, value } of override.properties) config[id] = value;
  }
  return config;
}

async function shown({ panel, fields }) {
  const [frame] = await firstValueFrom(
    grafana.transformDataFrame(panel.transformations ?? [], [grafana.toDataFrame({ fields })])
  );
  return frame.fields.map((field) => {
    const config = configOf(panel, field.name);
    const display = grafana.getDisplayProcessor({ field: { ...field, config }, theme });
    const cells = [...field.values].map((value) => {
      const cell = display(value);
      return [`${cell.prefix ?? ''}${cell.text}${cell.suffix ?? ''}`, cell.color];
    });
    return { name: field.name, title: config.displayName ?? field.name, cells };
  });
}

const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
Promise.all(cases.map(shown)).then((told) => process.stdout.write(JSON.stringify(told)));
