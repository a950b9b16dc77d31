import { Organisation, type UnitEvent } from '@par/administration';
import { DOOR_OF, type UnitOpenedV1 } from '@par/contracts';
import { judge, type Circumstances } from '@par/ingress/judgement';
import { isMarkedSecret } from '@par/ingress/secrecy';
import { PostingReport } from '../post-events/posting-report.ts';
import type { LogItem } from './read-log.ts';
import type { OutgoingEvent } from './map-rows.ts';

/** What a front door would refuse of a log, without a door. */
export interface DryRun {
  report: PostingReport;
  /** Whether units and dossier codes could be judged: only where the mapping brings its organisation. */
  unitsChecked: boolean;
}

/**
 * Judges every event of a log by the very judgement of the front doors (envelope, closed schema, units in force, dossier codes), for a key that may say
 * everything. What depends on what a city has taken in before is not known: duplicates, conflicts, and without an organisation in the mapping the units.
 */
export async function dryRun(
  items: AsyncIterable<LogItem>,
  { now, hasOrganisation }: { now: Date; hasOrganisation: boolean },
): Promise<DryRun> {
  const report = new PostingReport();
  const bench = new Bench(now);
  for await (const { line, events, faults } of items) {
    for (const { code, column, text } of faults) report.refuse(code, { line, field: column, text });
    for (const event of events) {
      const refusal = bench.judge(event);
      if (!refusal || (!hasOrganisation && refusal.code.startsWith('unit.'))) continue;
      report.refuse(refusal.code, {
        ...(line > 0 && { line }),
        ...(refusal.code !== 'secrecy.marked' && { id: event.id }),
        ...(refusal.field !== undefined && { field: refusal.field }),
        ...(refusal.text && { text: refusal.text }),
      });
    }
    if (line === 0) bench.settle();
  }
  return { report, unitsChecked: hasOrganisation };
}

/** The judge's bench: the organisation as the mapping tells it. */
class Bench {
  #organisation = Organisation.fold([]);
  readonly #unitEvents: UnitEvent[] = [];
  readonly #opened = new Map<string, UnitOpenedV1>();

  constructor(private readonly now: Date) {}

  judge(event: OutgoingEvent): { code: string; field?: string; text?: { en: string; vi: string } } | undefined {
    if (isMarkedSecret(event)) return { code: 'secrecy.marked' };
    const circumstances: Circumstances = {
      door: DOOR_OF[event.type]!,
      producer: { name: 'dry run', sources: ['*'], units: ['*'], declares: true },
      organisation: this.#organisation,
      now: this.now,
      network: 'internet',
      opened: this.#opened,
    };
    const judgement = judge(event, circumstances);
    if (judgement.kind === 'refused') return judgement.refusal;
    if (judgement.event.type.startsWith('vn.par.unit.')) this.#unitEvents.push(judgement.event as UnitEvent);
    return undefined;
  }

  /** The organisation is known from here on. */
  settle(): void {
    this.#organisation = Organisation.fold(this.#unitEvents);
    this.#opened.clear();
  }
}
