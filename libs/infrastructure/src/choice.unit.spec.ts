import { describe, expect, it } from '@jest/globals';
import { InfrastructureError } from './checkout.ts';
import { chooseFirst, NotAvailable, type Candidate } from './choice.ts';

const open = (choice: Candidate<string>['choice']): Candidate<string> => ({ choice, label: choice, start: () => Promise.resolve(choice) });
const closed = (choice: Candidate<string>['choice'], reason: string): Candidate<string> => ({
  choice,
  label: choice,
  start: () => Promise.resolve(new NotAvailable(reason)),
});
const failing = (choice: Candidate<string>['choice'], error: Error): Candidate<string> => ({
  choice,
  label: choice,
  start: () => Promise.reject(error),
});
const silent = (): void => undefined;

describe('the choice of a server', () => {
  it('is the first that is open, with the reasons why not an earlier one', async () => {
    const said: string[] = [];
    const chosen = await chooseFirst(
      'RabbitMQ',
      [closed('given', 'not set'), closed('docker', 'no engine'), open('machine'), open('fetched')],
      (line) => said.push(line),
    );
    expect(chosen).toEqual({ server: 'machine', choice: 'machine', why: 'machine (given: not set; docker: no engine)' });
    expect(said).toEqual(['RabbitMQ: machine (given: not set; docker: no engine)']);
  });

  it('goes on when one that seemed open fails to start, and says so', async () => {
    const said: string[] = [];
    const chosen = await chooseFirst(
      'PostgreSQL',
      [failing('machine', new InfrastructureError('no space\nlog')), open('embedded')],
      (line) => said.push(line),
    );
    expect(chosen.choice).toBe('embedded');
    expect(said[0]).toBe('PostgreSQL: machine failed, going on to the next choice. no space');
  });

  it('does not pass over a server given by hand that does not answer, nor an error of our own', async () => {
    const error = new InfrastructureError('does not answer');
    await expect(chooseFirst('RabbitMQ', [failing('given', error), open('machine')], silent)).rejects.toBe(error);
    await expect(chooseFirst('RabbitMQ', [failing('machine', new TypeError('bug')), open('fetched')], silent)).rejects.toThrow(TypeError);
  });

  it('names every choice and what to do when none is open', async () => {
    const none = chooseFirst('PostgreSQL', [closed('given', 'not set'), closed('docker', 'no engine')], silent);
    await expect(none).rejects.toThrow(/given: not set[^]*docker: no engine[^]*POSTGRES_URL[^]*Không tìm thấy/);
  });

  it('can be forced', async () => {
    expect((await chooseFirst('RabbitMQ', [open('machine'), open('fetched')], silent, 'fetched')).choice).toBe('fetched');
    await expect(chooseFirst('RabbitMQ', [open('machine'), open('fetched')], silent, 'cloud')).rejects.toThrow(
      'choices are machine, fetched',
    );
  });
});
