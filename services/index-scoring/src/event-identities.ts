import { Injectable } from '@nestjs/common';
import { type EventIdentity } from '@par/contracts';
import { type IdentityQuery, IdentitySource } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Database } from '@par/service-kit';

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
    return this.database.query<EventIdentity>(
      `SELECT e ->> 'source' AS source, e ->> 'id' AS id FROM subject, json_array_elements(events) AS e
       WHERE e ->> 'type' = $1 AND e ->> 'unit' = $2 AND left(e ->> 'received', 10) = $3 ORDER BY 1, 2`,
      [query.type, query.unit, query.day],
    );
  }

  override async recounting(): Promise<number> {
    const [row] = await this.database.query<{ subjects: number }>('SELECT count(*)::int AS subjects FROM recount');
    return row?.subjects ?? 0;
  }

  async #sent({ type, unit, day }: IdentityQuery): Promise<EventIdentity[]> {
    if (type !== 'vn.par.figure.changed.v1') return [];
    return this.database.query<EventIdentity>(
      `SELECT 'urn:par:index-scoring' AS source, concat_ws('.', indicator, rule, unit, month) || ':' || revision AS id
       FROM ledger WHERE unit = $1 AND (counted_at AT TIME ZONE 'UTC')::date = $2::date ORDER BY 2`,
      [unit, day],
    );
  }
}
