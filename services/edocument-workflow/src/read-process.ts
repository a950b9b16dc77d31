import { BpmnModdle, type ModdleElement } from 'bpmn-moddle';
import {
  type ProcessDefinition,
  type ProcessMistake,
  type ProcessNode,
  type ProcessReading,
  type ProcessStep,
} from './process-definition.ts';
import { unsoundness } from './process-soundness.ts';

/** Largest file in characters; a process of a hundred steps with its picture has a tenth of it. */
const LONGEST_FILE = 1_000_000;
const MOST_NODES = 500;
/** As labels of steps are in `work-dossier.step-taken`. */
const STEP_NAME = /^[\p{L}\p{N}][\p{L}\p{N} .,:;()/_-]{0,119}$/u;

/** What PAR Ledger adds to a user task, as attributes of the namespace `urn:vn:par:bpmn:1`; any BPMN modeller keeps them. */
const PAR_EXTENSION = {
  name: 'PAR',
  uri: 'urn:vn:par:bpmn:1',
  prefix: 'par',
  xml: { tagAlias: 'lowerCase' },
  types: [
    {
      name: 'StepRules',
      extends: ['bpmn:UserTask'],
      properties: ['workingHours', 'signature', 'paper'].map((name) => ({ name, isAttr: true, type: 'String' })),
    },
  ],
};

const KINDS: Readonly<Record<string, ProcessNode['kind']>> = {
  'bpmn:StartEvent': 'start',
  'bpmn:EndEvent': 'end',
  'bpmn:UserTask': 'step',
  'bpmn:ExclusiveGateway': 'exclusive',
  'bpmn:ParallelGateway': 'parallel',
  'bpmn:IntermediateCatchEvent': 'timer',
  'bpmn:BoundaryEvent': 'timer',
};
/** Elements that say nothing of the order of steps. */
const BESIDE: ReadonlySet<string> = new Set(['bpmn:SequenceFlow', 'bpmn:TextAnnotation', 'bpmn:DataObject', 'bpmn:DataObjectReference']);

/**
 * Reads a process definition from a BPMN 2.0 file: user tasks, exclusive and parallel gateways, timers, lanes as roles. What cannot run is refused: every mistake with the
 * id of its element.
 */
export async function readProcess(xml: string): Promise<ProcessReading> {
  if (xml.length > LONGEST_FILE) return refused('process.too-large', '', 'Tệp quá lớn', 'The file is too large');
  let definitions: ModdleElement;
  try {
    const { rootElement, warnings } = await new BpmnModdle({ par: PAR_EXTENSION }).fromXML(xml);
    const [warning] = warnings;
    if (warning) return unreadable(warning.message);
    definitions = rootElement;
  } catch (error) {
    return unreadable((error as Error).message);
  }
  const processes = listOf(definitions, 'rootElements').filter(({ $type }) => $type === 'bpmn:Process');
  const [process] = processes;
  if (!process || processes.length > 1)
    return refused('process.not-one', '', 'Tệp phải có đúng một quy trình', 'A file holds exactly one process');
  return new ProcessReader(process).read();
}

function unreadable(message: string): ProcessReading {
  const reason = message.split('\n').at(-1)!.trim();
  return refused(
    'process.not-bpmn',
    '',
    `Không phải tệp BPMN 2.0 đọc được (${reason})`,
    `This is no BPMN 2.0 file that can be read (${reason})`,
  );
}

function refused(code: string, element: string, vi: string, en: string): ProcessReading {
  return { ok: false, mistakes: [{ code, element, vi, en }] };
}

/** Reads one process element and notes what is wrong with it. */
class ProcessReader {
  readonly #mistakes: ProcessMistake[] = [];
  readonly #nodes = new Map<string, ProcessNode>();
  readonly #steps = new Map<string, ProcessStep>();

  constructor(private readonly element: ModdleElement) {}

  read(): ProcessReading {
    const elements = listOf(this.element, 'flowElements');
    if (elements.length > MOST_NODES * 3)
      this.#note('process.too-large', this.#id(this.element), 'Quy trình quá lớn', 'The process is too large');
    else {
      for (const each of elements) this.#readNode(each);
      for (const each of elements) this.#readFlow(each);
      this.#readLanes();
      this.#checkNodes();
    }
    const process: ProcessDefinition = {
      id: this.#id(this.element),
      name: this.element.name ?? this.#id(this.element),
      steps: this.#steps,
      nodes: this.#nodes,
    };
    // Only of a process that hangs together can be said whether it comes to an end.
    if (this.#mistakes.length === 0) this.#mistakes.push(...unsoundness(process));
    return this.#mistakes.length > 0 ? { ok: false, mistakes: this.#mistakes } : { ok: true, process };
  }

  #readNode(element: ModdleElement): void {
    const { $type } = element;
    if (BESIDE.has($type)) return;
    const id = this.#id(element);
    const kind = KINDS[$type];
    if (!kind) {
      this.#note('process.unknown-element', id, `Không hỗ trợ phần tử ${$type}`, `Elements of the kind ${$type} are not supported`);
      return;
    }
    const events = listOf(element, 'eventDefinitions').map((definition) => definition.$type);
    const isTimer = events.length === 1 && events[0] === 'bpmn:TimerEventDefinition';
    if (kind === 'timer' ? !isTimer : events.length > 0) {
      this.#note(
        'process.unknown-event',
        id,
        'Chỉ hỗ trợ sự kiện bắt đầu, kết thúc và hẹn giờ',
        'Only plain starts and ends, and timers, are supported',
      );
    }
    const edgeOf = $type === 'bpmn:BoundaryEvent' ? (element.get('attachedToRef') as ModdleElement | undefined) : undefined;
    if (edgeOf && element.get('cancelActivity') === false) {
      this.#note(
        'process.timer-beside',
        id,
        'Hẹn giờ không ngắt bước không được hỗ trợ: nhắc việc và báo quá hạn do phần mềm tự làm',
        'A timer that lets its step go on is not supported: reminders and escalations come by themselves',
      );
    }
    this.#nodes.set(id, { id, kind, incoming: [], outgoing: [], ...(edgeOf ? { edgeOf: this.#id(edgeOf) } : {}) });
    if (kind === 'step') this.#steps.set(id, this.#stepOf(element, id));
  }

  #stepOf(element: ModdleElement, id: string): ProcessStep {
    const name = (element.name ?? '').replace(/\s+/g, ' ').trim();
    if (!STEP_NAME.test(name)) {
      this.#note(
        'process.bad-step-name',
        id,
        'Tên bước bắt đầu bằng chữ hoặc số, dài tối đa 120 ký tự, không có ký tự lạ',
        'The name of a step begins with a letter or digit and has at most 120 plain characters',
      );
    }
    const hours = attribute(element, 'workingHours');
    const workingHours = hours === undefined ? undefined : Number(hours);
    if (workingHours !== undefined && !(workingHours > 0 && workingHours <= 10_000)) {
      this.#note(
        'process.bad-hours',
        id,
        'Thời gian cho phép tính bằng giờ làm việc, lớn hơn 0',
        'The allowed time is in working hours, above 0',
      );
    }
    return {
      id,
      name,
      ...(workingHours === undefined ? {} : { workingHours }),
      signature: this.#choice(element, id, 'signature', 'required'),
      paper: this.#choice(element, id, 'paper', 'allowed'),
    };
  }

  #choice(element: ModdleElement, id: string, name: string, yes: string): boolean {
    const value = attribute(element, name);
    if (value !== undefined && value !== yes) {
      this.#note('process.bad-attribute', id, `par:${name} chỉ nhận giá trị "${yes}"`, `par:${name} takes the value "${yes}" only`);
    }
    return value === yes;
  }

  #readFlow(element: ModdleElement): void {
    if (element.$type !== 'bpmn:SequenceFlow') return;
    const id = this.#id(element);
    const [from, to] = ['sourceRef', 'targetRef'].map((end) => this.#nodes.get((element.get(end) as ModdleElement | undefined)?.id ?? ''));
    if (!from || !to) {
      this.#note(
        'process.loose-flow',
        id,
        'Luồng không nối hai phần tử của quy trình',
        'The flow does not join two elements of the process',
      );
      return;
    }
    from.outgoing.push(id);
    to.incoming.push(id);
  }

  #readLanes(): void {
    for (const lane of listOf(this.element, 'laneSets').flatMap((set) => listOf(set, 'lanes'))) {
      for (const node of listOf(lane, 'flowNodeRef')) {
        const step = this.#steps.get(node.id ?? '');
        if (step && lane.name !== undefined) this.#steps.set(step.id, { ...step, role: lane.name });
      }
    }
  }

  #checkNodes(): void {
    const starts = [...this.#nodes.values()].filter(({ kind }) => kind === 'start');
    if (starts.length !== 1)
      this.#note('process.not-one-start', this.#id(this.element), 'Quy trình có đúng một điểm bắt đầu', 'A process has exactly one start');
    const names = new Map<string, string>();
    for (const { id, name } of this.#steps.values()) {
      const other = names.get(name);
      if (other !== undefined) this.#note('process.same-name', id, `Trùng tên với bước ${other}`, `It has the name of the step ${other}`);
      names.set(name, id);
    }
    for (const { id, kind, incoming, outgoing, edgeOf } of this.#nodes.values()) {
      if (kind !== 'start' && edgeOf === undefined && incoming.length === 0)
        this.#note('process.no-way-in', id, 'Không có luồng đi vào', 'No flow leads to it');
      if (kind !== 'end' && outgoing.length === 0) this.#note('process.no-way-out', id, 'Không có luồng đi ra', 'No flow leads on from it');
      if ((kind === 'start' && incoming.length > 0) || (kind === 'end' && outgoing.length > 0))
        this.#note('process.flow-through-end', id, 'Luồng đi qua điểm bắt đầu hoặc kết thúc', 'A flow goes through a start or an end');
      if (edgeOf !== undefined && !this.#steps.has(edgeOf))
        this.#note('process.timer-at-no-step', id, 'Hẹn giờ không gắn với một bước', 'The timer stands at no step');
    }
  }

  #id(element: ModdleElement): string {
    return element.id ?? '';
  }

  #note(code: string, element: string, vi: string, en: string): void {
    this.#mistakes.push({ code, element, vi, en });
  }
}

function listOf(element: ModdleElement, property: string): ModdleElement[] {
  return (element.get(property) as ModdleElement[] | undefined) ?? [];
}

function attribute(element: ModdleElement, name: string): string | undefined {
  return element.get(`par:${name}`) as string | undefined;
}
