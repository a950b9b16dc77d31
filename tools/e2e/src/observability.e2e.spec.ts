import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routingKeyOf, SERVICES, type ServiceName } from '@par/contracts';
import { CHECKOUT } from '@par/infrastructure';
import { eventually } from '@par/testing';
import { connect } from 'amqplib';
import { parse } from 'yaml';
import { makeCases } from './made-cases.ts';
import { SpecCity } from './spec-city.ts';
import { promtool, SpecPrometheus } from './spec-prometheus.ts';

const FOLDER = join(CHECKOUT, 'deploy/observability');
const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  annotations?: { summary?: string; summary_vi?: string };
}
interface RuleFile {
  groups: { rules: Rule[] }[];
}
interface ScrapeFile {
  global: object;
  rule_files: string[];
  scrape_configs: { job_name: string; static_configs: { targets: string[]; labels: { service: ServiceName } }[] }[];
}
interface Panel {
  title: string;
  type: string;
  targets?: { expr: string }[];
}

const rulesOf = (file: string): Rule[] => (parse(read(file)) as RuleFile).groups.flatMap(({ rules }) => rules);
const recordings = rulesOf('recording-rules.yml');
const alerts = rulesOf('alert-rules.yml');
const { panels } = JSON.parse(read('grafana/par-ledger.json')) as { panels: Panel[] };
/** A panel's query as Grafana sends it, all services chosen. */
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr: expr.replaceAll('$service', '.*').replaceAll('$__rate_interval', '1m') })),
);
/** Every metric that an expression reads. */
const metricsIn = (expr: string): string[] => [
  ...new Set(expr.replaceAll(/\{[^}]*\}/g, '').match(/\b(?:par|process|nodejs|up)(?:[_:][a-z0-9_:]+|\b)/g) ?? []),
];

/** The shipped rules and dashboard against the real /metrics: a query that reads a metric nobody has would show an empty panel, or never alarm. */
describe('deploy/observability over a running city', () => {
  let city: SpecCity;
  let prometheus: SpecPrometheus;

  beforeAll(async () => {
    city = await SpecCity.start();
    await someOfEverything(city);
    prometheus = await SpecPrometheus.start(configurationFor(city));
    // Rates need a second look at what has moved meanwhile.
    await someOfEverything(city);
  }, 240_000);

  afterAll(async () => {
    await prometheus?.stop();
    await city?.stop();
  }, 60_000);

  it('is taken by promtool as it stands', async () => {
    const config = await promtool('check', 'config', join(FOLDER, 'prometheus.yml'));
    expect(config).toMatchObject({ code: 0 });
    expect(config.output).toContain(`SUCCESS: ${recordings.length} rules found`);
    expect(config.output).toContain(`SUCCESS: ${alerts.length} rules found`);
  });

  it('scrapes every service', async () => {
    await eventually(async () => (await prometheus.query('up{job="par"} == 1')).length === SERVICES.length);
    const up = await prometheus.query('up{job="par"} == 1');
    expect(up.map(({ metric }) => metric.service).sort()).toEqual([...SERVICES].sort());
  });

  it.each(queries)('has something to show in "$title": $expr', async ({ expr }) => {
    await eventually(async () => (await prometheus.query(expr)).length > 0, { timeoutMs: 30_000, everyMs: 250 });
  });

  it.each(recordings)('records $record', async ({ record, expr }) => {
    await eventually(async () => (await prometheus.query(expr)).length > 0, { timeoutMs: 30_000, everyMs: 250 });
    await eventually(async () => (await prometheus.query(record!)).length > 0, { timeoutMs: 30_000, everyMs: 250 });
  });

  it.each(alerts)('can alarm by $alert', async ({ expr, annotations }) => {
    // Prometheus understands the whole; and each metric in it exists, so that its silence means that all is well.
    await prometheus.query(expr);
    for (const metric of metricsIn(expr)) {
      await eventually(async () => (await prometheus.query(metric)).length > 0, { timeoutMs: 30_000, everyMs: 250 });
    }
    expect(metricsIn(expr).length).toBeGreaterThan(0);
    expect(annotations?.summary).toBeTruthy();
    expect(annotations?.summary_vi).toBeTruthy();
  });

  it('evaluates every rule without an error', async () => {
    await eventually(async () => (await prometheus.rules()).every(({ health }) => health === 'ok'));
    expect(await prometheus.rules()).toHaveLength(recordings.length + alerts.length);
  });

  it('tells the true numbers', async () => {
    const number = async (expr: string): Promise<number> => Number((await prometheus.query(expr))[0]?.value[1]);
    await eventually(
      async () => (await number('max(par_dead_letter_messages{queue="index-scoring.count-events",cause="event.unknown-type"})')) === 2,
    );
    await eventually(
      async () => (await number('max(par_retry_messages{queue="index-scoring.count-events",cause="unit.not-known-yet"})')) === 2,
    );
    const counted = await city.sql<{ n: number }>('dossier-intake', 'SELECT count(*)::int AS n FROM ingress.accepted_event');
    await eventually(
      async () => (await number('sum(par_door_events_total{service="dossier-intake",outcome="accepted"})')) === counted[0]!.n,
    );
    await eventually(async () => (await number('sum(par_door_events_total{outcome="conflict"})')) === 2);
    await eventually(async () => (await number('sum(par_http_problems_total{code="producer.unknown-key"})')) === 2);
    const figures = await city.sql<{ n: number }>('index-scoring', 'SELECT count(DISTINCT indicator)::int AS n FROM counter');
    await eventually(async () => (await prometheus.query('par_figure_last_change_timestamp_seconds')).length === figures[0]!.n);
    expect(await number('max(par:figure_age_seconds)')).toBeLessThan(600);
  });

  it('keeps the number of series small, whatever the number of units', async () => {
    const series = await prometheus.query('count by (__name__) ({job="par",__name__=~"par_.*"})');
    for (const { metric, value } of series) expect([metric.__name__, Number(value[1]) < 500]).toEqual([metric.__name__, true]);
    expect(await prometheus.query('{job="par",unit!=""}')).toEqual([]);
  });
});

/** The shipped scrape configuration with the addresses of this city, looking every second. */
function configurationFor(city: SpecCity): object {
  const shipped = parse(read('prometheus.yml')) as ScrapeFile;
  return {
    ...shipped,
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: shipped.rule_files.map((file) => join(FOLDER, file)),
    scrape_configs: shipped.scrape_configs.map((job) => ({
      ...job,
      static_configs: job.static_configs.map((target) => ({
        ...target,
        targets: city.running(target.labels.service).map(({ url }) => new URL(url).host),
      })),
    })),
  };
}

/** New dossiers, known ones, changed ones, nonsense, no key, a message that nobody can read, and one that comes too early. */
async function someOfEverything(city: SpecCity): Promise<void> {
  const cases = makeCases(20);
  const dossier = cases.flatMap((each) => each.dossier);
  await city.postSurely('dossier-intake', dossier);
  await city.postSurely(
    'edocument-workflow',
    cases.flatMap((each) => each.work),
  );
  const [first] = dossier;
  await city.post('dossier-intake', [
    first!,
    { ...first!, data: { channel: 'post' } },
    { ...first!, id: `${first!.id}-x`, unit: 'nobody' },
  ]);
  const refused = await fetch(`${city.running('dossier-intake')[0]!.url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json', authorization: 'Bearer no-such-key' },
    body: JSON.stringify(first),
  });
  expect(refused.status).toBe(401);
  const stamped = {
    ...first!,
    unit: 'hue-not-opened-yet',
    received: new Date().toISOString(),
    datacontenttype: 'application/json' as const,
  };
  const connection = await connect(city.amqpUrl);
  const channel = await connection.createConfirmChannel();
  for (const event of [
    { ...stamped, id: `${first!.id}-early` },
    { ...stamped, id: `${first!.id}-odd`, type: 'vn.par.dossier.invented.v9' },
  ]) {
    const key = routingKeyOf(event as never).replace('dossier.received', 'dossier.spec');
    channel.publish('par.events', key, Buffer.from(JSON.stringify(event)), { persistent: true, appId: 'dossier-intake' });
  }
  await channel.waitForConfirms();
  await connection.close();
}
