// npm start [-- --fresh]: finds or starts PostgreSQL and RabbitMQ, and runs the four services until Ctrl-C.
import { isNewEnough, OLDEST_NODE } from './node-version.ts';

if (!isNewEnough(process.versions.node)) {
  process.stderr.write(`PAR Ledger needs Node.js ${OLDEST_NODE} or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}
// Loaded only now: on an older Node some of it would fail with an error that says nothing about the version.
const { start } = await import('./start.ts');
await start(process.argv.slice(2));
