// Preloaded (`node --import`) into the processes of a chaos run: on SIGUSR2 the clock of the process steps by as many milliseconds as the file named
// in PAR_CHAOS_CLOCK says, counted from the true time. Timers go on as they were, as they do on a machine whose clock is set.
import { readFileSync } from 'node:fs';

const TrueDate = Date;
const trueNow = Date.now;
const file = process.env.PAR_CHAOS_CLOCK;
let shift = 0;

class ShiftedDate extends TrueDate {
  constructor(...parts) {
    if (parts.length === 0) super(trueNow() + shift);
    else super(...parts);
  }

  static now() {
    return trueNow() + shift;
  }
}
// Called as a function, Date gives a text; only a proxy can be both that and a class.
globalThis.Date = new Proxy(ShiftedDate, { apply: () => new ShiftedDate().toString() });

process.on('SIGUSR2', () => {
  const wanted = Number(readFileSync(file, 'utf8'));
  if (Number.isFinite(wanted)) shift = wanted;
});
