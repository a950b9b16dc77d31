import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VIETNAM_CALENDAR_FILE } from '@par/administration';
import type { AnyEvent, CloudEvent } from '@par/contracts';
import { Clock } from '@par/service-kit';
import { eventually } from '@par/testing';
import { connect, type ChannelModel } from 'amqplib';
import { ProcessRegister } from './process-register.ts';
import type { WorkDossierView } from './show-work-dossier/show-work-dossier.query.ts';
import { posted, SpecOffice } from './spec-office.ts';
import { bpmn } from './spec-process.ts';

/** An hour of Huế, on a day of July 2021; the 2nd is a Friday. Offices work 07:00–11:30 and 13:30–17:00. */
const at = (day: number, hour: number): string => new Date(Date.UTC(2021, 6, day, hour - 7)).toISOString();
const OPENED = at(2, 16);
const PROCESS = bpmn('s>Check Check>Sign Sign>e', { tasks: { Check: 'par:workingHours="2"', Sign: 'par:workingHours="4"' } });

describe('a calendar of the city with a day off on Monday the 5th, which the shipped one does not know', () => {
  const folder = mkdtempSync(join(tmpdir(), 'par-calendar-'));
  let office: SpecOffice;
  let broker: ChannelModel;
  const due: CloudEvent<'vn.par.step.due.v1'>[] = [];

  beforeAll(async () => {
    const file = join(folder, 'city.yaml');
    const storm =
      '  2021:\n    - occasion: other\n      name: { vi: Bão, en: Storm }\n      closed: [2021-07-05]\n      source: spec\n      confirmed: true\n';
    writeFileSync(file, readFileSync(VIETNAM_CALENDAR_FILE, 'utf8').replace('  2021:\n', storm));
    process.env.CALENDAR_FILE = file;
    office = await SpecOffice.open();
    for (const app of office.apps) app.get(Clock).now = () => new Date(at(8, 8));
    broker = await connect(office.amqpUrl);
    const channel = await broker.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'par.tasks', 'step.due.#');
    await channel.consume(queue, (message) => {
      if (!message) return;
      const said = [JSON.parse(message.content.toString()) as AnyEvent | AnyEvent[]].flat();
      due.push(...said.filter((event) => event.type === 'vn.par.step.due.v1'));
      channel.ack(message);
    });
    expect((await office.send('/v1/processes?valid-from=2021-01-01', PROCESS, 'application/xml')).status).toBe(201);
    // Each replica looks for new versions now and then; what comes before it did would begin without one.
    for (const app of office.apps) await app.get(ProcessRegister).latest();
  }, 120_000);

  afterAll(async () => {
    delete process.env.CALENDAR_FILE;
    await broker?.close();
    await office?.close();
    rmSync(folder, { recursive: true });
  });

  const told = (name: string, time: string, data: object): object =>
    posted('', 'W-1', data, { type: `vn.par.work-dossier.${name}.v1`, time });
  const shown = async (): Promise<WorkDossierView> => (await office.get<WorkDossierView>('/v1/work-dossiers/W-1')).body;

  it('moves what step.due says, what is shown of a work dossier, and its reminders', async () => {
    await office.post([told('opened', OPENED, { kind: 'matter', process: 'spec', due: at(6, 16) })]);
    await eventually(async () => expect((await shown()).expected?.steps).toHaveLength(1));
    // One hour on Friday, one on Tuesday. By the shipped calendar it were Monday, 08:00.
    const check = { step: 'Check', since: OPENED, due: at(6, 8) };
    expect((await shown()).expected.steps).toMatchObject([check]);
    await eventually(() => expect(due.map(({ data }) => data.steps)).toMatchObject([[check]]));
    const [reminder] = await office.sql.query<{ at: Date }>(`SELECT remind_at AS at FROM deadline WHERE "of" = 'work-dossier'`);
    // Eight working hours before Tuesday, 16:00.
    expect(reminder?.at.toISOString()).toBe(OPENED);
  });

  it('moves from when on a step is over time', async () => {
    // Monday was worked through by the shipped calendar, so this were late.
    await office.post([told('step-taken', at(5, 16), { step: 'Check', medium: 'network' })]);
    await eventually(async () => expect((await shown()).timeline).toHaveLength(2));
    expect((await shown()).deviations).toEqual([]);
    // Two hours of Tuesday are none too many, the whole of it is.
    await office.post([told('step-taken', at(6, 17), { step: 'Sign', medium: 'network' })]);
    await eventually(async () => expect((await shown()).deviations).toMatchObject([{ kind: 'over-time', step: 'Sign' }]));
  });
});
