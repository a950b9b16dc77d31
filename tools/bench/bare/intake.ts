// The door of the bare path: JSON Schema check, group commit of event and outbox, 202 after the commit. No domain work.
import { Ajv } from 'ajv';
import { connect } from 'amqplib';
import { fastify } from 'fastify';
import pg from 'pg';
import { Grouped } from './group.ts';
import { type OutboxRow, Sender } from './sender.ts';
import { type BareEvent, declare, EXCHANGE, readSettings } from './stage.ts';

const text = { type: 'string', minLength: 1, maxLength: 200 };
const EVENT = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'unit', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: text,
    source: text,
    type: text,
    subject: text,
    time: text,
    unit: text,
    data: { type: 'object' },
  },
};
const STORE = `
  WITH given AS (SELECT e->>'source' AS source, e->>'id' AS id, e::text AS body FROM json_array_elements($1::json) AS e),
       fresh AS (INSERT INTO event (source, id, body) SELECT source, id, body FROM given ON CONFLICT DO NOTHING RETURNING body)
  INSERT INTO outbox (body) SELECT body FROM fresh RETURNING id, body`;

const { amqpUrl, databaseUrl, pack } = readSettings();
const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
const connection = await connect(amqpUrl, { noDelay: true });
await declare(connection);
const sender = await Sender.open(connection, pool, { exchange: EXCHANGE, routingKey: 'accepted' }, pack);
const valid = new Ajv().compile<BareEvent>(EVENT);

const commits = new Grouped<string[], number>(
  async (calls) => {
    const { rows } = await pool.query<OutboxRow>({ name: 'store', text: STORE, values: [`[${calls.flat().join(',')}]`] });
    sender.send(rows);
    return calls.map((events) => events.length);
  },
  { most: 500, lingerMs: 2 },
);

const app = fastify();
app.addContentTypeParser(
  ['application/cloudevents+json', 'application/cloudevents-batch+json'],
  { parseAs: 'string' },
  (_request, body, done) => done(null, body),
);
app.post('/v1/events', async (request, reply) => {
  const parsed = JSON.parse(request.body as string) as unknown;
  const events = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
  if (!events.every((event) => valid(event))) return reply.code(422).send({ result: 'refused' });
  await commits.submit(events.map((event) => JSON.stringify(event)));
  return reply.code(202).send(Array.isArray(parsed) ? { summary: { accepted: events.length } } : { result: 'accepted' });
});
process.once('SIGTERM', () => process.exit(0));
process.stdout.write(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
