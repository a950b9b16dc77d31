import { BpmnModdle, type ModdleElement } from 'bpmn-moddle';

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Point {
  x: number;
  y: number;
}

const LETTER_WIDTH = 6;
const LINE_HEIGHT = 13;
const MARGIN = 20;
const STYLE = `text{font:11px system-ui,sans-serif;fill:#1b2733}.box{fill:#fff;stroke:#1b2733;stroke-width:1.3}.lane{fill:none;stroke:#8a97a6}
.end{stroke-width:3}.edge{fill:none;stroke:#44515f;stroke-width:1.3;marker-end:url(#arrow)}.on{fill:#dbeafe;stroke:#1d4ed8;stroke-width:2}.done{fill:#e7f6e7}`;

/**
 * Draws the picture that a BPMN file has of its process, as SVG: text alone, without scripts, links or fonts from elsewhere.
 * @param marks ids of steps to mark, with `done` or `on` (where the dossier is now)
 * @returns undefined where the file has no picture
 */
export async function drawProcess(xml: string, marks: ReadonlyMap<string, 'done' | 'on'> = new Map()): Promise<string | undefined> {
  const { rootElement } = await new BpmnModdle().fromXML(xml);
  const plane = list(rootElement, 'diagrams')[0]?.get('plane') as ModdleElement | undefined;
  const parts = plane ? list(plane, 'planeElement') : [];
  const shapes = parts.filter(({ $type }) => $type === 'bpmndi:BPMNShape');
  const edges = parts.filter(({ $type }) => $type === 'bpmndi:BPMNEdge');
  if (shapes.length === 0) return undefined;
  const boxes = shapes.map((shape) => shape.get('bounds') as Box);
  const points = edges.flatMap((edge) => list(edge, 'waypoint') as unknown as Point[]);
  const left = Math.min(...boxes.map(({ x }) => x), ...points.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y), ...points.map(({ y }) => y)) - MARGIN;
  const right = Math.max(...boxes.map(({ x, width }) => x + width), ...points.map(({ x }) => x)) + MARGIN;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height), ...points.map(({ y }) => y)) + MARGIN;
  const drawn = [
    ...shapes.map((shape, index) => drawShape(shape.get('bpmnElement') as ModdleElement | undefined, boxes[index]!, marks)),
    ...edges.map((edge) => drawEdge(edge.get('bpmnElement') as ModdleElement | undefined, list(edge, 'waypoint') as unknown as Point[])),
  ];
  const size = `viewBox="${left} ${top} ${right - left} ${bottom - top}" width="${right - left}" height="${bottom - top}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img"><style>${STYLE}</style>
<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z" fill="#44515f"/></marker></defs>
${drawn.join('\n')}
</svg>
`;
}

function drawShape(element: ModdleElement | undefined, box: Box, marks: ReadonlyMap<string, 'done' | 'on'>): string {
  const { x, y, width, height } = box;
  const [cx, cy] = [x + width / 2, y + height / 2];
  const name = element?.name ?? '';
  const mark = marks.get(element?.id ?? '');
  const look = mark === undefined ? 'box' : `box ${mark}`;
  switch (element?.$type) {
    case 'bpmn:Participant':
    case 'bpmn:Lane':
      return `<rect class="lane" x="${x}" y="${y}" width="${width}" height="${height}"/><text transform="translate(${x + 18} ${cy}) rotate(-90)" text-anchor="middle">${escaped(name)}</text>`;
    case 'bpmn:UserTask':
      return `<g><title>${escaped(name)}</title><rect class="${look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>${lines(name, cx, cy, width - 10)}</g>`;
    case 'bpmn:ExclusiveGateway':
    case 'bpmn:ParallelGateway': {
      const sign = element.$type === 'bpmn:ParallelGateway' ? '+' : '×';
      const label = name === '' ? '' : `<text x="${cx}" y="${y - 6}" text-anchor="middle">${escaped(name)}</text>`;
      return `<path class="${look}" d="M${cx} ${y} ${x + width} ${cy} ${cx} ${y + height} ${x} ${cy}z"/><text x="${cx}" y="${cy + 8}" text-anchor="middle" style="font-size:24px">${sign}</text>${label}`;
    }
    case 'bpmn:StartEvent':
      return `<circle class="${look}" cx="${cx}" cy="${cy}" r="${width / 2}"/>`;
    case 'bpmn:EndEvent':
      return `<circle class="${look} end" cx="${cx}" cy="${cy}" r="${width / 2}"/>`;
    case 'bpmn:IntermediateCatchEvent':
    case 'bpmn:BoundaryEvent':
      return `<circle class="${look}" cx="${cx}" cy="${cy}" r="${width / 2}"/><circle class="${look}" cx="${cx}" cy="${cy}" r="${width / 2 - 3}"/><path class="edge" style="marker-end:none" d="M${cx} ${cy - 9}V${cy}H${cx + 7}"/>${lines(name, cx, y + height + 16, 120)}`;
    default:
      return '';
  }
}

function drawEdge(element: ModdleElement | undefined, points: readonly Point[]): string {
  const last = points.at(-1);
  if (!last || points.length < 2) return '';
  const way = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  const name = element?.name ?? '';
  // Ways that part have their beginning in common, so each is named where it ends.
  const label = name === '' ? '' : `<text x="${last.x - 24}" y="${last.y - 5}" text-anchor="end">${escaped(name)}</text>`;
  return `<path class="edge" d="${way}"/>${label}`;
}

/** A text in the middle of a place, in as many lines as it needs. */
function lines(text: string, cx: number, cy: number, width: number): string {
  const most = Math.max(1, Math.floor(width / LETTER_WIDTH));
  const told: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const last = told.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) told[told.length - 1] = `${last} ${word}`;
    else told.push(word);
  }
  const top = cy - ((told.length - 1) * LINE_HEIGHT) / 2 + 4;
  return told
    .map((line, index) => `<text x="${cx}" y="${top + index * LINE_HEIGHT}" text-anchor="middle">${escaped(line)}</text>`)
    .join('');
}

function list(element: ModdleElement, property: string): ModdleElement[] {
  return (element.get(property) as ModdleElement[] | undefined) ?? [];
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
