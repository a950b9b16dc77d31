import { describe, expect, it } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import { MetricsText, ScrapedGauges } from './metrics.ts';

describe('what /metrics answers', () => {
  it('leaves out what cannot be looked up, shows the rest, and counts', async () => {
    const registry = new Registry();
    const gauges = new ScrapedGauges(registry);
    let isAway = true;
    gauges.add({ name: 'of_the_database', help: '-', read: () => (isAway ? Promise.reject(new Error('away')) : [{ value: 7 }]) });
    gauges.add({ name: 'of_the_process', help: '-', labelNames: ['state'], read: () => [{ labels: { state: 'idle' }, value: 3 }] });
    const metrics = new MetricsText(registry);
    new Counter({ name: 'made_later', help: '-', registers: [registry] }).inc();

    const without = await metrics.text();
    expect(without).toContain('of_the_process{state="idle"} 3');
    expect(without).toContain('made_later 1');
    expect(without).not.toContain('of_the_database');

    isAway = false;
    const whole = await metrics.text();
    expect(whole).toContain('of_the_database 7');
    expect(whole).toContain('par_scrape_failures_total 1');
    expect(whole.endsWith('\n')).toBe(true);
  });

  it('does not wait for ever', async () => {
    const registry = new Registry();
    new ScrapedGauges(registry).add({ name: 'of_the_silent', help: '-', read: () => new Promise(() => undefined) });
    const metrics = new MetricsText(registry);
    expect(await metrics.text()).not.toContain('of_the_silent');
  });

  it('forgets labels that are no more', async () => {
    const registry = new Registry();
    let causes = ['a', 'b'];
    new ScrapedGauges(registry).add({
      name: 'dead',
      help: '-',
      labelNames: ['cause'],
      read: () => causes.map((cause) => ({ labels: { cause }, value: 1 })),
    });
    const metrics = new MetricsText(registry);
    expect(await metrics.text()).toContain('dead{cause="b"} 1');
    causes = ['a'];
    expect(await metrics.text()).not.toContain('cause="b"');
  });
});
