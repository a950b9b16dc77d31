import { Injectable } from '@nestjs/common';
import type { AnyEvent, BalanceKey, EventData, EventIdentity } from '@par/contracts';
import { IngressIdentities } from '@par/ingress';
import { IdentitySource, type IdentityQuery } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Database } from '@par/service-kit';
import { isDocumentType } from './document-event.ts';
import { judgementIdentity, publishedJudgement } from './judgement-event.ts';
import { type KeptVerdict, namedByIdentity, signatureEvent, signatureIdentity } from './signature-event.ts';

/** Names the events behind a line of this service's balance sheet. Asked only when two sheets differ. */
@Injectable()
export class EventIdentities extends IdentitySource {
  readonly #accepted: IngressIdentities;

  constructor(
    private readonly database: Database,
    private readonly organisation: OrganisationRegister,
  ) {
    super();
    this.#accepted = new IngressIdentities(database);
  }

  override async identities(query: IdentityQuery): Promise<EventIdentity[]> {
    if (query.direction === 'in') {
      if (query.type.startsWith('vn.par.unit.')) return this.organisation.identities(query);
      return isDocumentType(query.type) ? this.#ofDocuments(query) : this.#takenIn(query);
    }
    if (query.type === 'vn.par.work-dossier.closed.v1') return this.#judged(query);
    return query.type === 'vn.par.work-dossier.signature-verified.v1' ? this.#verified(query) : this.#accepted.identities(query);
  }

  override async sent(line: BalanceKey, identities: readonly EventIdentity[]): Promise<AnyEvent[]> {
    if (line.type === 'vn.par.work-dossier.closed.v1') return this.#judgements(identities);
    return line.type === 'vn.par.work-dossier.signature-verified.v1' ? this.#verdicts(identities) : this.#accepted.sent(line, identities);
  }

  async #judgements(identities: readonly EventIdentity[]): Promise<AnyEvent[]> {
    const ids = identities.map(({ id }) => id);
    const rows = await this.database.query<{
      subject: string;
      unit: string;
      content: EventData['vn.par.work-dossier.closed.v1'];
      received: Date;
      time: Date;
    }>(
      `SELECT subject, unit, content, received_at AS received, coalesce(judged_at, received_at) AS time
         FROM judgement WHERE subject = ANY($1::text[]) AND subject || ':' || revision = ANY($2::text[]) ORDER BY subject, revision`,
      [ids.map((id) => id.slice(0, id.lastIndexOf(':'))), ids],
    );
    return rows.map(({ subject, unit, content, received, time }) =>
      publishedJudgement(subject, unit, time.toISOString(), received.toISOString(), content),
    );
  }

  async #verdicts(identities: readonly EventIdentity[]): Promise<AnyEvent[]> {
    const named = identities.flatMap((identity) => namedByIdentity(identity) ?? []);
    const rows = await this.database.query<KeptVerdict>(
      `SELECT v.work_dossier AS "workDossier", v.file, v.revision, v.unit, v.format, v.verdict, v.reason, v.certificate, v.signed_at AS "signedAt", v.revocation,
              v.received_at AS "receivedAt"
         FROM unnest($1::text[], $2::text[], $3::int[]) AS n(work_dossier, file, revision)
         JOIN signature_verdict AS v USING (work_dossier, file, revision) ORDER BY v.work_dossier, v.file, v.revision`,
      [named.map(({ workDossier }) => workDossier), named.map(({ file }) => file), named.map(({ revision }) => revision)],
    );
    return rows.map(signatureEvent);
  }

  async #takenIn({ type, unit, day }: IdentityQuery): Promise<EventIdentity[]> {
    const wanted = JSON.stringify([{ type, unit, day }]);
    return this.database.query<EventIdentity>(
      `SELECT event ->> 'source' AS source, event ->> 'id' AS id
         FROM work_dossier, jsonb_array_elements(events) AS event
        WHERE events @> $1::jsonb AND event @> ($1::jsonb -> 0)
        ORDER BY 1, 2`,
      [wanted],
    );
  }

  async #ofDocuments({ type, unit, day }: IdentityQuery): Promise<EventIdentity[]> {
    return this.database.query<EventIdentity>(
      `SELECT event ->> 'source' AS source, event ->> 'id' AS id
         FROM document, jsonb_array_elements(events) AS event
        WHERE events @> $1::jsonb AND event @> ($1::jsonb -> 0) AND starts_with(event ->> 'received', $2)
        ORDER BY 1, 2`,
      [JSON.stringify([{ type, unit }]), day],
    );
  }

  async #judged({ unit, day }: IdentityQuery): Promise<EventIdentity[]> {
    const rows = await this.database.query<{ subject: string; revision: number }>(
      `SELECT subject, revision FROM judgement
        WHERE unit = $1 AND received_at >= ($2 || 'T00:00:00Z')::timestamptz AND received_at < ($2 || 'T00:00:00Z')::timestamptz + interval '24 hours'
        ORDER BY subject, revision`,
      [unit, day],
    );
    return rows.map(({ subject, revision }) => judgementIdentity(subject, revision));
  }

  async #verified({ unit, day }: IdentityQuery): Promise<EventIdentity[]> {
    const rows = await this.database.query<Pick<KeptVerdict, 'workDossier' | 'file' | 'revision'>>(
      `SELECT work_dossier AS "workDossier", file, revision FROM signature_verdict
        WHERE unit = $1 AND received_at >= ($2 || 'T00:00:00Z')::timestamptz AND received_at < ($2 || 'T00:00:00Z')::timestamptz + interval '24 hours'
        ORDER BY work_dossier, file, revision`,
      [unit, day],
    );
    return rows.map(signatureIdentity);
  }
}
