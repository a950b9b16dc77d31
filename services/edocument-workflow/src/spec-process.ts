import { type ProcessDefinition } from './process-definition.ts';
import { readProcess } from './read-process.ts';

/**
 * A BPMN file of a process told shortly. For specs only. Nodes by their first letter: `s…` start, `e…` end, `x…` exclusive and `p…` parallel gateway, `t…` timer, all
 * others user tasks; `a>b` a flow; attributes of tasks and lanes beside.
 */
export function bpmn(
  flows: string,
  { tasks = {}, lanes = {}, extra = '' }: { tasks?: Record<string, string>; lanes?: Record<string, string[]>; extra?: string } = {},
): string {
  const pairs = flows.split(/\s+/).map((flow) => flow.split('>') as [string, string]);
  const ids = [...new Set(pairs.flat())];
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:par="urn:vn:par:bpmn:1" id="d" targetNamespace="urn:spec">
<bpmn:process id="spec" name="Quy trình mẫu" isExecutable="false">
<bpmn:laneSet id="lanes">${Object.entries(lanes)
    .map(
      ([name, nodes], n) =>
        `<bpmn:lane id="lane${n}" name="${name}">${nodes.map((id) => `<bpmn:flowNodeRef>${id}</bpmn:flowNodeRef>`).join('')}</bpmn:lane>`,
    )
    .join('')}</bpmn:laneSet>
${ids.map((id) => nodeOf(id, tasks[id] ?? '')).join('\n')}
${extra}
${pairs.map(([from, to], n) => `<bpmn:sequenceFlow id="f${n}" sourceRef="${from}" targetRef="${to}"/>`).join('\n')}
</bpmn:process></bpmn:definitions>`;
}

function nodeOf(id: string, attributes: string): string {
  switch (id[0]) {
    case 's':
      return `<bpmn:startEvent id="${id}"/>`;
    case 'e':
      return `<bpmn:endEvent id="${id}"/>`;
    case 'x':
      return `<bpmn:exclusiveGateway id="${id}"/>`;
    case 'p':
      return `<bpmn:parallelGateway id="${id}"/>`;
    case 't':
      return `<bpmn:intermediateCatchEvent id="${id}"><bpmn:timerEventDefinition id="${id}d"/></bpmn:intermediateCatchEvent>`;
    default:
      return `<bpmn:userTask id="${id}" name="${id}" ${attributes}/>`;
  }
}

/** @throws with its mistakes where the process cannot run */
export async function processOf(...told: Parameters<typeof bpmn>): Promise<ProcessDefinition> {
  const reading = await readProcess(bpmn(...told));
  if (!reading.ok) throw new Error(JSON.stringify(reading.mistakes, null, 1));
  return reading.process;
}
