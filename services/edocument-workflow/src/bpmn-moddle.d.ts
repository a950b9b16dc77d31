/** The package ships types of BPMN's elements and none of its reader; what is used of it. */
declare module 'bpmn-moddle' {
  export interface ModdleElement {
    $type: string;
    id?: string;
    name?: string;
    get(property: string): unknown;
  }
  export class BpmnModdle {
    constructor(packages?: Record<string, unknown>);
    /** @throws an Error with a list `warnings` where the text is no XML */
    fromXML(xml: string): Promise<{ rootElement: ModdleElement; warnings: { message: string }[] }>;
  }
}
