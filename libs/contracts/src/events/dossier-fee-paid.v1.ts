import { IsIn } from 'class-validator';
import { CHANNELS, type Channel } from './dossier-received.v1.ts';

/** The financial obligation is met: the clock goes on. */
export class DossierFeePaidV1 {
  /** How it was paid; `online` is what Decision 766 counts (3.6). */
  @IsIn(CHANNELS)
  channel: Channel;
}
