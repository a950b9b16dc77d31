import { Injectable } from '@nestjs/common';
import { type AnyEvent, type BalanceKey, type EventIdentity } from '@par/contracts';
import { type IdentityQuery, IdentitySource } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Database } from '@par/service-kit';
import { figureChanged } from './figure-mover.ts';
import { type ChangedCounter } from './figure-store.ts';

/** Changes of counters and of state figures published in one unit ($1) on one UTC day ($2). */
const CHANGES_OF_DAY = `
  SELECT indicator, rule, unit, month, revision, concat_ws('.', indicator, rule, unit, month) || ':' || revision AS id FROM ledger
  WHERE unit = $1 AND counted_at >= ($2 || 'T00:00:00Z')::timestamptz AND counted_at < ($2 || 'T00:00:00Z')::timestamptz + interval '24 hours'
  UNION ALL
  SELECT indicator, rule, unit, period, revision, concat_ws('.', indicator, rule, unit, period) || ':' || revision FROM state_ledger
  WHERE unit = $1 AND published_at >= ($2 || 'T00:00:00Z')::timestamptz AND published_at < ($2 || 'T00:00:00Z')::timestamptz + interval '24 hours'`;

/** Names the events behind a line of the balance sheet: those taken in stand in the subjects' rows, those sent out are revisions. */
@Injectable()
export class EventIdentities extends IdentitySource {
  constructor(
    private readonly database: Database,
    private readonly register: OrganisationRegister,
  ) {
    super();
  }

  override async identities(query: IdentityQuery): Promise<EventIdentity[]> {
    if (query.direction === 'out') return this.#sent(query);
    if (query.type.startsWith('vn.par.unit.')) return this.register.identities(query);
    const [found = []] = await this.takenIn([query]);
    return found;
  }

  /**
   * One search through all sets serves all lines. Looking for days, types and units as text leaves most of them unread, and the few are then read exactly: with a million
   * dossiers that is seconds and not most of a minute.
   */
  override async takenIn(lines: readonly BalanceKey[]): Promise<EventIdentity[][]> {
    const rows = await this.database.query<EventIdentity & { line: number }>(
      `SELECT l.line::int AS line, e ->> 'source' AS source, e ->> 'id' AS id
       FROM (SELECT events FROM subject
             WHERE events::text LIKE ANY ($4::text[]) AND events::text LIKE ANY ($5::text[]) AND events::text LIKE ANY ($6::text[]) OFFSET 0) AS likely,
            json_array_elements(events) AS e
       JOIN unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS l(type, unit, day, line)
         ON e ->> 'type' = l.type AND e ->> 'unit' = l.unit AND left(e ->> 'received', 10) = l.day
       ORDER BY source, id`,
      [
        lines.map(({ type }) => type),
        lines.map(({ unit }) => unit),
        lines.map(({ day }) => day),
        containing(lines.map(({ day }) => day)),
        containing(lines.map(({ type }) => type)),
        containing(lines.map(({ unit }) => unit)),
      ],
    );
    const found = lines.map((): EventIdentity[] => []);
    for (const { line, source, id } of rows) found[line - 1]!.push({ source, id });
    for (const [index, line] of lines.entries()) {
      if (line.type.startsWith('vn.par.unit.')) found[index] = await this.register.identities(line);
    }
    return found;
  }

  override async recounting(): Promise<number> {
    const [row] = await this.database.query<{ subjects: number }>('SELECT count(*)::int AS subjects FROM recount');
    return row?.subjects ?? 0;
  }

  async #sent({ type, unit, day }: IdentityQuery): Promise<EventIdentity[]> {
    if (type !== 'vn.par.figure.changed.v1') return [];
    return this.database.query<EventIdentity>(
      `SELECT 'urn:par:index-scoring' AS source, id FROM (${CHANGES_OF_DAY}) AS change ORDER BY id`,
      [unit, day],
    );
  }

  /**
   * Counters at their revisions, from the ledger: Σ of what came up to each. The last event counted is known of the newest revision only, and is
   * left out of an older one; readers keep the newest, so they end the same, and an identity does not depend on it.
   */
  override async sent({ type, unit, day }: BalanceKey, identities: readonly EventIdentity[]): Promise<AnyEvent[]> {
    if (type !== 'vn.par.figure.changed.v1') return [];
    const rows = await this.database.query<ChangedCounter & { at: Date }>(
      `WITH wanted AS (SELECT DISTINCT indicator, rule, unit, month, revision FROM (${CHANGES_OF_DAY}) AS change WHERE id = ANY($3::text[]))
       SELECT l.indicator, l.rule, l.rule_version AS "ruleVersion", l.unit, l.month, l.revision, l.counted_at AS at,
              (SELECT sum(numerator_delta)::bigint FROM ledger AS p WHERE (p.indicator, p.rule, p.unit, p.month) = (l.indicator, l.rule, l.unit, l.month) AND p.revision <= l.revision) AS numerator,
              (SELECT sum(denominator_delta)::bigint FROM ledger AS p WHERE (p.indicator, p.rule, p.unit, p.month) = (l.indicator, l.rule, l.unit, l.month) AND p.revision <= l.revision) AS denominator,
              coalesce(c.last_source, '') AS "lastSource", coalesce(c.last_id, '') AS "lastId", c.last_time AS "lastTime"
       FROM ledger AS l JOIN wanted USING (indicator, rule, unit, month, revision) LEFT JOIN counter AS c USING (indicator, rule, unit, month, revision)
       UNION ALL
       SELECT s.indicator, s.rule, s.rule_version, s.unit, s.period, s.revision, s.published_at, s.numerator, s.denominator, '', '', NULL
       FROM state_ledger AS s JOIN wanted AS w ON (w.indicator, w.rule, w.unit, w.month, w.revision) = (s.indicator, s.rule, s.unit, s.period, s.revision)`,
      [unit, day, identities.map(({ id }) => id)],
    );
    return rows.map(({ at, ...counter }) => figureChanged(counter, at));
  }
}

/** Patterns of LIKE for the texts that have one of these in them. */
function containing(texts: readonly string[]): string[] {
  return [...new Set(texts)].map((text) => `%${text.replace(/[%_\\]/g, '\\$&')}%`);
}
