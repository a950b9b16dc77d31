const OUTBOX = 'CREATE TABLE outbox (id bigserial PRIMARY KEY, body text NOT NULL)';
const INBOX = 'CREATE TABLE inbox (source text, id text, PRIMARY KEY (source, id))';

/** Tables of each process of the bare path, in a database of its own. */
export const TABLES = {
  intake: ['CREATE TABLE event (source text, id text, body text NOT NULL, PRIMARY KEY (source, id))', OUTBOX],
  workflow: [INBOX, 'CREATE TABLE work_dossier (id text PRIMARY KEY, events bigint NOT NULL)', OUTBOX],
  scoring: [
    INBOX,
    'CREATE TABLE counter (type text, unit text, month text, count bigint NOT NULL, PRIMARY KEY (type, unit, month))',
    OUTBOX,
  ],
} as const;
