import { Injectable } from '@nestjs/common';
import { parseFigureId } from '@par/administration';
import { Environment, Problem } from '@par/service-kit';

/** The dossiers behind one side of a figure, a page of them. `rest` is what the denominator has beyond the numerator. */
export interface Explanation {
  figure: unknown;
  part: string;
  items: { subject: string; unit: string; month: string; reasons: string[] }[];
  next: string | null;
}

export interface ExplanationPage {
  part: 'numerator' | 'rest';
  after?: string;
  limit?: string;
}

const PATIENCE_MS = 5_000;

/** Asks the public feed of index-scoring why a figure is what it is: reporting keeps counters and no dossiers. */
@Injectable()
export class ExplainFigureQuery {
  readonly #scoringUrl: string;

  constructor(environment: Environment) {
    this.#scoringUrl = environment.text('SCORING_URL', '').replace(/\/+$/, '');
  }

  async explain(id: string, page: ExplanationPage): Promise<Explanation> {
    const key = parseFigureId(id);
    if (!key || this.#scoringUrl === '') throw noSuchFigure();
    // What holds now has the name of its year there; all other names are the same.
    const theirs = key.period === 'now' ? await this.#idNow(key) : id;
    if (theirs === undefined) throw noSuchFigure();
    const asked = new URLSearchParams({ ...page });
    return (await this.#ask(`/v1/figures/${encodeURIComponent(theirs)}/why?${asked.toString()}`)) as Explanation;
  }

  async #idNow({ indicator, rule, unit }: NonNullable<ReturnType<typeof parseFigureId>>): Promise<string | undefined> {
    const asked = new URLSearchParams({ indicator, unit });
    const rows = (await this.#ask(`/v1/figures?${asked.toString()}`)) as { id: string; rule: string; unit: string }[];
    return rows.find((row) => row.rule === rule && row.unit === unit)?.id;
  }

  async #ask(path: string): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(`${this.#scoringUrl}${path}`, {
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: { accept: 'application/json' },
      });
    } catch (cause) {
      throw unreachable(cause);
    }
    if (response.status === 404) throw noSuchFigure();
    if (!response.ok) throw unreachable(new Error(`status ${response.status}`));
    return response.json();
  }
}

function noSuchFigure(): Problem {
  return new Problem({
    status: 404,
    code: 'figure.unknown',
    field: 'id',
    title: { en: 'This figure cannot be explained here', vi: 'Không giải thích được con số này tại đây' },
  });
}

function unreachable(cause: unknown): Problem {
  const problem = new Problem({
    status: 503,
    code: 'scoring.away',
    title: { en: 'The scoring service does not answer; try again', vi: 'Dịch vụ chấm điểm chưa trả lời; xin thử lại' },
    retryAfterSeconds: 5,
  });
  problem.cause = cause;
  return problem;
}
