import { request } from 'node:http';
import { DOOR_OF, type Door, type ProducerEvent } from '@par/contracts';
import { StartError } from './settings.ts';

const BATCH = 100;

/** Posts producer events as a one-stop system would: to the door of each type, in batches, with a producer key. */
export class FrontDoorClient {
  private readonly urls: Record<Door, string>;
  private readonly key: string;

  constructor(urls: Record<Door, string>, key: string) {
    this.urls = urls;
    this.key = key;
  }

  /**
   * Posts the events in their order, from `localAddress` where given (the network of a message is told from the address it comes from).
   * @throws StartError that names the first event that was refused; a duplicate is none.
   */
  async post(events: readonly ProducerEvent[], localAddress?: string): Promise<void> {
    for (const door of ['dossier-intake', 'edocument-workflow'] as const) {
      const ours = events.filter(({ type }) => DOOR_OF[type] === door);
      for (let i = 0; i < ours.length; i += BATCH) await this.postBatch(door, ours.slice(i, i + BATCH), localAddress);
    }
  }

  private async postBatch(door: Door, events: readonly ProducerEvent[], localAddress: string | undefined): Promise<void> {
    const { status, text } = await this.send(`${this.urls[door]}/v1/events`, JSON.stringify(events), localAddress);
    const { results } =
      status === 202 || status === 422
        ? (JSON.parse(text) as { results?: { index: number; result: string; code?: string; field?: string }[] })
        : {};
    if (!results) throw new StartError(`${door} answered ${status} to a batch of ${events.length} events: ${text.slice(0, 500)}`);
    const refused = results.find(({ result }) => result !== 'accepted' && result !== 'duplicate');
    if (refused) {
      throw new StartError(
        `${door} did not take ${events[refused.index]?.id ?? 'an event'}: ${refused.result} ${refused.code ?? ''} ${refused.field ?? ''}`,
      );
    }
  }

  private send(url: string, body: string, localAddress: string | undefined): Promise<{ status: number; text: string }> {
    return new Promise((done, fail) => {
      const headers = {
        'content-type': 'application/cloudevents-batch+json',
        'content-length': Buffer.byteLength(body),
        authorization: `Bearer ${this.key}`,
      };
      const call = request(url, { method: 'POST', headers, ...(localAddress !== undefined && { localAddress }) }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => done({ status: response.statusCode ?? 0, text }));
      });
      call.on('error', fail);
      call.end(body);
    });
  }
}
