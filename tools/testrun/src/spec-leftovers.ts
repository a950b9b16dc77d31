import pg from 'pg';

/** Removes databases and virtual hosts of specs that were killed before they could do so. Only for servers that this run has to itself. */
export async function clearSpecLeftovers(postgresUrl: string, managementUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: postgresUrl });
  await admin.connect();
  try {
    const { rows } = await admin.query<{ datname: string }>(`SELECT datname FROM pg_database WHERE starts_with(datname, 'spec_')`);
    for (const { datname } of rows) await admin.query(`DROP DATABASE ${pg.escapeIdentifier(datname)} WITH (FORCE)`);
  } finally {
    await admin.end();
  }
  const { username, password, origin } = new URL(managementUrl);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const call = async (method: string, path: string): Promise<Response> => {
    const response = await fetch(`${origin}${path}`, { method, headers: { authorization } });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const vhosts = (await (await call('GET', '/api/vhosts?columns=name')).json()) as { name: string }[];
  for (const { name } of vhosts) if (name.startsWith('spec-')) await call('DELETE', `/api/vhosts/${name}`);
}
