import { describe, expect, it } from '@jest/globals';
import { NotFoundException } from '@nestjs/common';
import { isDatabaseAway, isTransactionConflict, Problem } from './errors.ts';
import { toProblem } from './problem.filter.ts';

const withCode = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

describe('an error as a problem document', () => {
  it('is the problem itself, in both languages', () => {
    const problem = new Problem({
      status: 422,
      code: 'unit.unknown',
      field: 'unit',
      title: { en: 'Unknown', vi: 'Không rõ' },
      extra: { index: 3 },
    });
    expect(toProblem(problem).toDocument()).toEqual({
      type: 'urn:par:problem:unit.unknown',
      title: 'Unknown',
      titleVi: 'Không rõ',
      status: 422,
      code: 'unit.unknown',
      field: 'unit',
      index: 3,
    });
  });

  it.each([
    ['a database that is away', withCode('57P01'), 503, 'database.away'],
    ['a refused connection', withCode('ECONNREFUSED'), 503, 'database.away'],
    ['an unknown path', new NotFoundException(), 404, 'request.no-such-path'],
    ['a body that Fastify finds too large', Object.assign(new Error('x'), { statusCode: 413 }), 413, 'request.too-large'],
    ['a bug', new TypeError('secret detail'), 500, 'service.bug'],
    ['something thrown that is no error', 'text', 500, 'service.bug'],
  ])('of %s has its status and code, and says nothing of the inside', (_name, error, status, code) => {
    const document = toProblem(error).toDocument();
    expect(document).toMatchObject({ status, code });
    expect(JSON.stringify(document)).not.toContain('secret detail');
  });

  it('asks to come again when the database is away', () => {
    expect(toProblem(withCode('08006')).description.retryAfterSeconds).toBe(2);
  });
});

describe('telling errors of PostgreSQL apart', () => {
  it.each(['08003', '57P03', '53300', 'ECONNRESET'])('%s: away', (code) => expect(isDatabaseAway(withCode(code))).toBe(true));
  it.each(['23505', '40P01', '22P02'])('%s: not away', (code) => expect(isDatabaseAway(withCode(code))).toBe(false));
  it.each(['40P01', '40001', '55P03'])('%s: run the transaction again', (code) => expect(isTransactionConflict(withCode(code))).toBe(true));
  it.each(['Connection terminated unexpectedly', 'Client has encountered a connection error and is not queryable'])(
    'knows a connection that was cut off by its words: %s',
    (words) => expect(isDatabaseAway(new Error(words))).toBe(true),
  );
});
