import { Injectable } from '@nestjs/common';
import { PROCESS_ID } from '@par/contracts';
import { AcceptEvents, isMarkedText } from '@par/ingress';
import { Database, Problem, type Transaction } from '@par/service-kit';
import { type ProcessDefinition, type ProcessMistake } from '../process-definition.ts';
import { contentHashOf, ProcessRegister } from '../process-register.ts';
import { type Assignment, type ProcessVersion } from '../process-version.ts';
import { readProcess } from '../read-process.ts';

/** All replicas keep all versions in memory, ready to be followed. */
const MOST_VERSIONS = 1_000;

@Injectable()
export class RegisterProcessHandler {
  constructor(
    private readonly database: Database,
    private readonly processes: ProcessRegister,
    private readonly events: AcceptEvents,
  ) {}

  /**
   * Stores a version of a process. The same file for the same purpose again is the version that it was.
   * @throws Problem 422 `process.cannot-run` with every mistake, `secrecy.marked`, `process.too-many`
   */
  async register(bpmn: string, assignment: Assignment): Promise<{ version: ProcessVersion; isNew: boolean }> {
    if (isMarkedText(bpmn)) throw await this.events.refuseSecret();
    const definition = await this.#readable(bpmn);
    const contentHash = contentHashOf(bpmn, assignment);
    await this.processes.refresh();
    const shipped = this.processes.current().filter(({ id, isShipped }) => id === definition.id && isShipped);
    const sameShipped = shipped.find((version) => version.contentHash === contentHash);
    if (sameShipped) return { version: sameShipped, isNew: false };
    const from = Math.max(0, ...shipped.map(({ version }) => version));
    const { version, isNew } = await this.database.transaction((tx) => store(tx, definition.id, from, bpmn, contentHash, assignment));
    await this.processes.refresh();
    return { version: this.processes.version(definition.id, version), isNew };
  }

  async #readable(bpmn: string): Promise<ProcessDefinition> {
    const reading = await readProcess(bpmn);
    const mistakes = reading.ok ? mistakesOfNames(reading.process) : reading.mistakes;
    if (reading.ok && mistakes.length === 0) return reading.process;
    throw new Problem({
      status: 422,
      code: 'process.cannot-run',
      title: { en: 'This process cannot run', vi: 'Quy trình này không chạy được' },
      extra: { mistakes },
    });
  }
}

/** What events and lists name it by has to fit there. */
function mistakesOfNames({ id, name, steps }: ProcessDefinition): ProcessMistake[] {
  const mistakes: ProcessMistake[] = [];
  if (!PROCESS_ID.test(id)) {
    const [vi, en] = ['Mã quy trình gồm tối đa 64 chữ, số, dấu _ . -', 'The id of a process has at most 64 letters, digits and _ . -'];
    mistakes.push({ code: 'process.bad-id', element: id, vi, en });
  }
  if (name.length > 200) {
    mistakes.push({
      code: 'process.bad-name',
      element: id,
      vi: 'Tên quy trình dài tối đa 200 ký tự',
      en: 'The name of a process has at most 200 characters',
    });
  }
  for (const step of steps.values()) {
    if (step.id.length > 200)
      mistakes.push({
        code: 'process.bad-id',
        element: step.id.slice(0, 200),
        vi: 'Mã bước dài tối đa 200 ký tự',
        en: 'The id of a step has at most 200 characters',
      });
    if (step.role !== undefined && (step.role.length === 0 || step.role.length > 80))
      mistakes.push({
        code: 'process.bad-role',
        element: step.id,
        vi: 'Tên làn có từ 1 đến 80 ký tự',
        en: 'The name of a lane has 1 to 80 characters',
      });
  }
  return mistakes;
}

/** Versions are numbered one after the other, whoever stores at the same time. */
async function store(
  tx: Transaction,
  id: string,
  from: number,
  bpmn: string,
  contentHash: string,
  { validFrom, procedures, units, kinds }: Assignment,
): Promise<{ version: number; isNew: boolean }> {
  tx.send('LOCK TABLE process_version IN SHARE ROW EXCLUSIVE MODE');
  const stored = await tx.query<{ id: string; version: number; hash: string }>(
    'SELECT id, version, content_hash AS hash FROM process_version',
  );
  const ofProcess = stored.filter((row) => row.id === id);
  const same = ofProcess.find(({ hash }) => hash === contentHash);
  if (same) return { version: same.version, isNew: false };
  if (stored.length >= MOST_VERSIONS) throw tooMany();
  const version = Math.max(from, ...ofProcess.map((row) => row.version)) + 1;
  await tx.query(
    `INSERT INTO process_version (id, version, valid_from, procedures, units, kinds, bpmn, content_hash)
     VALUES ($1, $2, $3, $4::text[], $5::text[], $6::text[], $7, $8)`,
    [id, version, validFrom, procedures, units, kinds, bpmn, contentHash],
  );
  return { version, isNew: true };
}

function tooMany(): Problem {
  return new Problem({
    status: 422,
    code: 'process.too-many',
    title: { en: `There are ${MOST_VERSIONS} versions already`, vi: `Đã có ${MOST_VERSIONS} phiên bản` },
  });
}
