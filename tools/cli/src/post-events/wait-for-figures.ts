import type { ServiceName } from '@par/contracts';
import { Progress } from '../progress.ts';
import { waitUntilSettled } from '../settling.ts';
import type { Terminal } from '../terminal.ts';

/** Waits until what was accepted has reached the figures; false when the time was over before. */
export async function waitForFigures(
  services: Readonly<Partial<Record<ServiceName, string>>>,
  limitSeconds: number,
  terminal: Terminal,
): Promise<boolean> {
  const label = terminal.language === 'vi' ? 'Tính chỉ số' : 'Counting';
  let progress: Progress | undefined;
  let most = 0;
  const { settled } = await waitUntilSettled(services, {
    limitMs: limitSeconds * 1_000,
    withDoors: false,
    onReading: (amount) => {
      if (amount > most) {
        progress?.stop();
        most = amount;
        progress = new Progress(terminal, label, most);
      }
      progress?.at(most - amount, `${amount} ${terminal.language === 'vi' ? 'sự kiện đang xử lý' : 'events on their way'}`);
    },
  });
  if (settled) progress?.at(most, '');
  progress?.stop();
  return settled;
}
