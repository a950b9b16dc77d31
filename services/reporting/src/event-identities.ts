import { Injectable } from '@nestjs/common';
import type { EventIdentity } from '@par/contracts';
import { type IdentityQuery, IdentitySource } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Database } from '@par/service-kit';

/** Names the events that this service took in: of figures the revisions seen, of units the events themselves. It sends none. */
@Injectable()
export class EventIdentities extends IdentitySource {
  constructor(
    private readonly database: Database,
    private readonly register: OrganisationRegister,
  ) {
    super();
  }

  override async identities({ direction, type, unit, day }: IdentityQuery): Promise<EventIdentity[]> {
    if (direction === 'out') return [];
    if (type.startsWith('vn.par.unit.')) return this.register.identities({ type, unit, day });
    if (type !== 'vn.par.figure.changed.v1') return [];
    return this.database.query<EventIdentity>(
      `SELECT source, subject || ':' || revision AS id
       FROM figure_seen, unnest(seen) AS stretch, generate_series(lower(stretch), upper(stretch) - 1) AS revision
       WHERE unit = $1 AND day = $2::date ORDER BY source, id`,
      [unit, day],
    );
  }
}
