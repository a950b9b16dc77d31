import { describe, expect, it } from '@jest/globals';
import { DOOR_OF, validateData } from '@par/contracts';
import { backlogOf, ofOtherDossiers } from './backlog.ts';
import { nestMessages, ourMessages, singleMessages } from './fill-queue.ts';

const { standing, events } = backlogOf(3_000, 1);
const identities = (list: typeof events): Set<string> =>
  new Set(list.map(({ event: e }) => `${DOOR_OF[e.type] ?? ''} ${e.source} ${e.id}`));

describe('a backlog', () => {
  it('has as many events as are wanted, each once, each as a service of ours publishes it', () => {
    expect(events).toHaveLength(3_000);
    expect(identities([...standing, ...events]).size).toBe(standing.length + events.length);
    for (const { event, body } of [...standing, ...events]) {
      expect(validateData(event.type, event.data)).toEqual([]);
      expect(event.time).toBe(new Date(event.time).toISOString());
      expect(JSON.parse(body)).toEqual(event);
    }
  });

  it('knows the units and the catalogue before the first dossier', () => {
    const opened = new Set(standing.flatMap(({ event }) => (event.type === 'vn.par.unit.opened.v1' ? [event.subject] : [])));
    expect(events.every(({ event }) => opened.has(event.unit))).toBe(true);
    expect(standing.some(({ event }) => event.type === 'vn.par.procedure.published.v1')).toBe(true);
  });

  it("has the workflow's judgements among it, after what they judge", () => {
    const completed = new Set<string>();
    let judged = 0;
    for (const { event, origin } of events) {
      if (event.type === 'vn.par.work-dossier.completed.v1') completed.add(event.subject);
      if (event.type !== 'vn.par.work-dossier.closed.v1') continue;
      judged += 1;
      expect(completed.has(event.subject)).toBe(true);
      expect(origin).toBe('edocument-workflow');
    }
    expect(judged).toBeGreaterThan(100);
  });

  it('of other dossiers has no identity of the first', () => {
    const others = ofOtherDossiers(events, 'N.');
    const known = identities(events);
    expect([...identities(others)].filter((identity) => known.has(identity))).toEqual([]);
    expect(others.every(({ event, body }) => event.subject.startsWith('N.') && body.includes(event.subject))).toBe(true);
  });
});

describe('messages', () => {
  it('of our outboxes hold every event once, those of one sender in their order', () => {
    const bodies = new Map<string, string[]>();
    for (const { body, options } of ourMessages(events)) {
      const list = body.startsWith('[') ? (JSON.parse(body) as unknown[]) : [JSON.parse(body) as unknown];
      const origin = String(options.appId);
      bodies.set(origin, [...(bodies.get(origin) ?? []), ...list.map((event) => JSON.stringify(event))]);
    }
    expect([...bodies.values()].flat().sort()).toEqual(events.map(({ body }) => body).sort());
    const judgements = events.filter(({ event }) => event.type === 'vn.par.work-dossier.closed.v1').map(({ event }) => event.id);
    const sent = (bodies.get('edocument-workflow') ?? []).map((body) => JSON.parse(body) as { type: string; id: string });
    expect(sent.filter(({ type }) => type === 'vn.par.work-dossier.closed.v1').map(({ id }) => id)).toEqual(judgements);
  });

  it('are fewer than events only where events share them', () => {
    expect([...ourMessages(events)].length).toBeLessThan(events.length / 5);
    expect([...singleMessages(events)].length).toBe(events.length);
  });

  it('for NestJS name the pattern beside the event', () => {
    const [first] = nestMessages(events, 'a.b');
    expect(JSON.parse(first!.body)).toEqual({ pattern: 'a.b', data: events[0]!.event });
  });
});
