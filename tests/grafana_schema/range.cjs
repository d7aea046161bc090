// The interval that Grafana takes for each length of a range, and the ranges of panels that it does not know.
const navigator = { language: 'en', languages: ['en'] };
Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
const { dateTime, rangeUtil } = require('@grafana/data');

const { lengths, points, own } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const now = dateTime(1795644600000);
const intervals = lengths.map((length) => {
  const range = { from: dateTime(now.valueOf() - length), to: now };
  return rangeUtil.calculateInterval(range, points, '5m').interval;
});
const unknown = own.filter((text) => rangeUtil.describeTextRange(text).invalid);
process.stdout.write(JSON.stringify({ intervals, unknown }));
