import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { WorkingCalendar } from '@par/administration';
import { Problem } from '@par/service-kit';
import { follow } from '../dossier-change.ts';
import { drawProcess } from '../draw-process.ts';
import { isAtWork } from '../expected-steps.ts';
import { Prisma } from '../prisma.ts';
import { type ProcessFacts, processFacts } from '../process-facts.ts';
import { ProcessRegister } from '../process-register.ts';
import { type ProcessVersion } from '../process-version.ts';
import { StepClock } from '../step-clock.ts';
import { type DossierEvent } from '../work-dossier-event.ts';
import { foldWorkDossier } from '../work-dossier.ts';

/** What a page that an operator wrote may do in a browser: be looked at. */
const LOOK_ONLY = "default-src 'none'; style-src 'unsafe-inline'";

/** The processes that there are, in all their versions, as facts, as files and as pictures. */
@Controller('v1/processes')
export class ShowProcessesController {
  constructor(
    private readonly processes: ProcessRegister,
    private readonly prisma: Prisma,
    private readonly calendar: WorkingCalendar,
  ) {}

  @Get()
  async list(): Promise<Omit<ProcessFacts, 'steps'>[]> {
    return (await this.processes.latest()).map((version) => {
      const { steps: _steps, ...facts } = processFacts(version);
      return facts;
    });
  }

  @Get(':id')
  async show(@Param('id') id: string, @Query('version') version?: string): Promise<ProcessFacts> {
    return processFacts(await this.#find(id, version));
  }

  @Get(':id/bpmn')
  @Header('content-type', 'application/xml; charset=utf-8')
  @Header('content-security-policy', LOOK_ONLY)
  @Header('x-content-type-options', 'nosniff')
  async bpmn(@Param('id') id: string, @Query('version') version?: string): Promise<string> {
    return this.processes.bpmnOf(await this.#find(id, version));
  }

  /** With `dossier`, in the version that it follows, with the steps marked that are done or expected. */
  @Get(':id/diagram.svg')
  @Header('content-type', 'image/svg+xml; charset=utf-8')
  @Header('content-security-policy', LOOK_ONLY)
  @Header('x-content-type-options', 'nosniff')
  async diagram(@Param('id') id: string, @Query('version') version?: string, @Query('dossier') dossier?: string): Promise<string> {
    const { process, marks } =
      dossier === undefined ? { process: await this.#find(id, version), marks: undefined } : await this.#marked(id, dossier);
    const picture = await drawProcess(await this.processes.bpmnOf(process), marks);
    if (picture !== undefined) return picture;
    throw new Problem({
      status: 404,
      code: 'process.no-diagram',
      title: { en: 'The file of this process holds no picture', vi: 'Tệp của quy trình này không có hình vẽ' },
    });
  }

  /** The version asked for, else the last. */
  async #find(id: string, asked: string | undefined): Promise<ProcessVersion> {
    const versions = (await this.processes.latest()).filter((version) => version.id === id);
    if (versions.length === 0) throw unknown('process.unknown', 'id', 'No process has this id', 'Không có quy trình nào mang mã này');
    const found = asked === undefined ? versions.at(-1) : versions.find(({ version }) => String(version) === asked);
    if (!found) throw unknown('process.unknown-version', 'version', 'The process has no such version', 'Quy trình không có phiên bản này');
    return found;
  }

  async #marked(id: string, dossier: string): Promise<{ process: ProcessVersion; marks: Map<string, 'done' | 'on'> }> {
    const row = isText(dossier) ? await this.prisma.client.workDossier.findUnique({ where: { id: dossier } }) : null;
    if (row?.process !== id || row.processVersion === null)
      throw unknown(
        'process.not-followed',
        'dossier',
        'This work dossier does not follow the process',
        'Hồ sơ công việc này không theo quy trình đó',
      );
    const process = await this.#find(id, String(row.processVersion));
    const folded = foldWorkDossier(row.events as unknown as DossierEvent[]);
    const { next } = follow(folded, process, new StepClock(this.calendar, folded.stops, folded.lead));
    const done = folded.steps.flatMap(({ step }) => process.net.stepNamed(step)?.id ?? []);
    const expected = isAtWork(folded) ? next.map(({ step }) => step.id) : [];
    return { process, marks: new Map([...done.map((step) => [step, 'done'] as const), ...expected.map((step) => [step, 'on'] as const)]) };
  }
}

/** A parameter that is given twice is a list, and no text of the database has a zero in it. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\0');
}

function unknown(code: string, field: string, en: string, vi: string): Problem {
  return new Problem({ status: 404, code, field, title: { en, vi } });
}
