import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hueOrganisation } from '@par/administration';
import { type AnyEvent } from '@par/contracts';
import { Database, Environment } from '@par/service-kit';
import { createDatabase, eventually, type SpecDatabase } from '@par/testing';
import { OrganisationRegister } from './organisation-register.ts';

describe('a service’s copy of the organisation', () => {
  let scratch: SpecDatabase;
  let database: Database;
  const events = hueOrganisation().map(
    (event) => ({ ...event, datacontenttype: 'application/json', received: '2021-01-01T00:00:00.000Z' }) as AnyEvent,
  );

  beforeAll(async () => {
    scratch = await createDatabase({ schemas: ['organisation'] });
    database = new Database(new Environment({ DATABASE_URL: scratch.url }));
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    await scratch.drop();
  });

  const apply = (register: OrganisationRegister, list: AnyEvent[]): Promise<AnyEvent[]> =>
    database.transaction((tx) => register.apply(tx, list));

  it('takes each unit event once, in any order and however often it comes', async () => {
    const register = new OrganisationRegister(database);
    const other = { ...events[0]!, type: 'vn.par.dossier.result-ready.v1', id: 'not-a-unit' } as AnyEvent;
    const half = events.slice(0, 30);
    expect(await apply(register, [...half, ...half, other])).toHaveLength(30);
    const rest = await Promise.all([apply(register, [...events].reverse()), apply(register, events)]);
    expect(rest.flat()).toHaveLength(events.length - 30);
    expect((await register.latest()).inForce('2021-06-30').filter(({ kind }) => kind === 'ward')).toHaveLength(27);
  });

  it('is seen by another process a moment later, without being told', async () => {
    const replica = new OrganisationRegister(database);
    await replica.onModuleInit();
    const opened = events.find(({ type }) => type === 'vn.par.unit.opened.v1')!;
    const added = {
      ...opened,
      id: 'added',
      subject: 'hue-phong-them',
      unit: 'hue-phong-them',
      data: { name: 'Phòng Thêm', kind: 'department', parent: 'hue', agency: true, validFrom: '2021-01-01' },
    } as AnyEvent;
    await apply(new OrganisationRegister(database), [added]);
    await eventually(() => replica.current().unit('hue-phong-them') !== undefined);
  });

  it('leaves nothing of a transaction that was rolled back', async () => {
    const register = new OrganisationRegister(database);
    await expect(
      database.transaction(async (tx) => {
        await register.apply(tx, [{ ...events[0]!, id: 'rolled-back' }]);
        throw new Error('cut off');
      }),
    ).rejects.toThrow('cut off');
    expect(await apply(register, [{ ...events[0]!, id: 'rolled-back' }])).toHaveLength(1);
  });

  it('names the events of a line of the balance sheet', async () => {
    const register = new OrganisationRegister(database);
    const [first] = events;
    expect(await register.identities({ type: first!.type, unit: first!.unit, day: '2021-01-01' })).toContainEqual({
      source: first!.source,
      id: first!.id,
    });
    expect(await register.identities({ type: first!.type, unit: first!.unit, day: '2021-01-02' })).toEqual([]);
  });
});
