import { randomBytes } from 'node:crypto';
import { testEnvironment } from './environment.ts';
import { eventually } from './eventually.ts';

export interface SpecVhost {
  amqpUrl: string;
  name: string;
  /** Base of the management HTTP API, with user and password. */
  managementUrl: string;
  /**
   * Removes the vhost with all that is in it.
   * @throws where the spec has left connections open (they are closed).
   */
  drop(): Promise<void>;
}

/** A virtual host of its own for a spec file on the broker of the test run, or on the broker whose two URLs are given. */
export async function createVhost(broker: { amqpUrl: string; managementUrl: string } = testEnvironment()): Promise<SpecVhost> {
  const name = `spec-${randomBytes(6).toString('hex')}`;
  const { username } = new URL(broker.managementUrl);
  await manage(broker.managementUrl, 'PUT', `/api/vhosts/${name}`);
  await manage(broker.managementUrl, 'PUT', `/api/permissions/${name}/${username}`, { configure: '.*', write: '.*', read: '.*' });
  const url = new URL(broker.amqpUrl);
  url.pathname = `/${name}`;
  return { amqpUrl: url.toString(), name, managementUrl: broker.managementUrl, drop: () => dropVhost(broker.managementUrl, name) };
}

async function dropVhost(managementUrl: string, name: string): Promise<void> {
  const connections = async (): Promise<string[]> => {
    const rows = (await manage(managementUrl, 'GET', `/api/vhosts/${name}/connections`)) as {
      name: string;
      client_properties?: { connection_name?: string };
    }[];
    return rows.map((row) => row.client_properties?.connection_name ?? row.name);
  };
  // The management plugin hears of a closed connection a moment later.
  const left = await eventually(async () => (await connections()).length === 0 && [], { timeoutMs: 5_000, everyMs: 100 }).catch(
    connections,
  );
  await manage(managementUrl, 'DELETE', `/api/vhosts/${name}`);
  if (left.length > 0) throw new Error(`this spec left ${left.length} broker connection(s) open:\n${left.join('\n')}`);
}

/** Calls the management HTTP API of RabbitMQ. @throws with status and text where it does not answer 2xx. */
export async function manage(
  managementUrl: string,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const { username, password, origin } = new URL(managementUrl);
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
