import { InfrastructureError, type Progress } from './checkout.ts';

/** `start`: data are kept from run to run. `test`: throwaway. */
export type Purpose = 'start' | 'test';

/** Where a server comes from. */
export type Choice = 'given' | 'docker' | 'machine' | 'embedded' | 'fetched';

/** A way to get a server that is not open here, and why. */
export class NotAvailable {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Docker came after the first start: a start keeps its data, so it stays with the private instance that has them. */
export function dataAreHere(): NotAvailable {
  return new NotAvailable('the data of earlier starts are in a private instance; npm start -- --fresh moves to Docker');
}

export interface Candidate<T> {
  choice: Choice;
  /** One phrase for people: "the URL in POSTGRES_URL". */
  label: string;
  start: () => Promise<T | NotAvailable>;
}

export interface Chosen<T> {
  server: T;
  choice: Choice;
  /** One sentence: which was chosen and why not an earlier one. */
  why: string;
}

/**
 * Takes the first candidate that starts, in the order given. One that is not available, or that fails to start, is passed over with its reason.
 * `only` (from the environment) leaves one candidate.
 * @throws InfrastructureError that names every choice and why it was not open, and what to do.
 */
export async function chooseFirst<T>(
  what: string,
  candidates: readonly Candidate<T>[],
  progress: Progress,
  only?: string,
): Promise<Chosen<T>> {
  const wanted = only === undefined || only === '' ? candidates : candidates.filter(({ choice }) => choice === only);
  if (wanted.length === 0) {
    throw new InfrastructureError(
      `${what}: there is no choice "${only}"; choices are ${candidates.map(({ choice }) => choice).join(', ')}`,
    );
  }
  const passed: string[] = [];
  for (const { choice, label, start } of wanted) {
    const result = await start().catch((error: unknown) => {
      // A server given by hand must work or be told of; anything else may fail as long as another way is open.
      if (choice === 'given' || !(error instanceof InfrastructureError)) throw error;
      progress(`${what}: ${label} failed, going on to the next choice. ${error.message.split('\n')[0] ?? ''}`);
      return new NotAvailable(error.message);
    });
    if (!(result instanceof NotAvailable)) {
      const why = passed.length === 0 ? label : `${label} (${passed.map((each) => each.split('\n')[0]).join('; ')})`;
      progress(`${what}: ${why}`);
      return { server: result, choice, why };
    }
    passed.push(`${label}: ${result.reason}`);
  }
  throw new InfrastructureError(
    [
      `${what} is not here and could not be started. What was tried:`,
      ...passed.map((each) => `  - ${each.replaceAll('\n', '\n    ')}`),
      whatToDo(what),
      `Không tìm thấy và không khởi động được ${what}; hãy làm theo một trong các cách trên.`,
    ].join('\n'),
  );
}

function whatToDo(what: string): string {
  return what === 'PostgreSQL'
    ? 'Do one of these: set POSTGRES_URL to a server with administration rights; start Docker; install PostgreSQL 15 or newer; run npm ci without --omit=optional.'
    : 'Do one of these: set AMQP_URL (and RABBITMQ_MANAGEMENT_URL); start Docker; install rabbitmq-server; on Debian or Ubuntu let apt-get reach its mirror.';
}
