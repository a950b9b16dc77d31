import { parseOrganCode } from '@par/edxml';

/** Said where `EdxmlDestinations.isOn` is not. */
export const NOT_SENDING = {
  en: 'Nothing is sent from here: EDXML_DESTINATIONS is not set',
  vi: 'Hệ thống chưa được cấu hình để gửi văn bản: chưa đặt EDXML_DESTINATIONS',
};

/** Where messages for an organisation are posted. */
export interface Destination {
  url: URL;
  /** Shown as `authorization: Bearer …`. */
  token?: string;
}

/** Stands for every organisation that has no entry of its own: the gateway of the national axis. */
const ANY = '*';
/** Replaced in an address by the identifier of the organisation that a message goes to. */
const PLACE = '{organ}';

/**
 * Where each organisation's messages go. `EDXML_DESTINATIONS` is a comma list `H57.901=https://…,*=https://…`, or JSON `{"H57.901": {"url": "https://…", "token": "…"}, "*": "https://…"}`;
 * `{organ}` in an address stands for the receiver's identifier. `EDXML_TOKEN` is shown where an entry has no token of its own.
 */
export class EdxmlDestinations {
  private constructor(private readonly entries: ReadonlyMap<string, { url: string; token?: string }>) {}

  /** @throws Error that names what is wrong; never repeats a token */
  static read(text: string, token = ''): EdxmlDestinations {
    const entries = new Map<string, { url: string; token?: string }>();
    for (const [name, given] of text.trim().startsWith('{') ? fromJson(text) : fromList(text)) {
      const organ = name === ANY ? ANY : parseOrganCode(name)?.canonical;
      if (organ === undefined) throw new Error(`EDXML_DESTINATIONS: "${name}" is neither an agency identifier nor *`);
      if (entries.has(organ)) throw new Error(`EDXML_DESTINATIONS: ${organ} has two addresses`);
      const entry = typeof given === 'string' ? { url: given } : given;
      if (!isAddress(entry.url)) throw new Error(`EDXML_DESTINATIONS: the address of ${organ} is no http or https address`);
      const shown = entry.token ?? token;
      entries.set(organ, { url: entry.url, ...(shown === '' ? {} : { token: shown }) });
    }
    return new EdxmlDestinations(entries);
  }

  /** Whether messages are sent at all. */
  get isOn(): boolean {
    return this.entries.size > 0;
  }

  /** @param organ canonical identifier, as `H57.901` */
  of(organ: string): Destination | undefined {
    const entry = this.entries.get(organ) ?? this.entries.get(ANY);
    if (!entry) return undefined;
    const url = new URL(entry.url.replaceAll(PLACE, encodeURIComponent(organ)));
    return { url, ...(entry.token === undefined ? {} : { token: entry.token }) };
  }
}

type Given = string | { url: string; token?: string };

function fromList(text: string): [string, Given][] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      if (at < 1) throw new Error(`EDXML_DESTINATIONS: an entry is written identifier=address; one is not`);
      return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    });
}

function fromJson(text: string): [string, Given][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own words quote the text, which may hold tokens.
    throw new Error('EDXML_DESTINATIONS begins like JSON and is none');
  }
  return Object.entries(parsed as Record<string, unknown>).map(([name, given]) => {
    if (typeof given === 'string') return [name, given];
    const { url, token } = (given ?? {}) as Record<string, unknown>;
    if (typeof url !== 'string' || (token !== undefined && typeof token !== 'string'))
      throw new Error(`EDXML_DESTINATIONS: ${name} needs an address, or "url" and perhaps "token"`);
    return [name, { url, ...(token === undefined ? {} : { token }) }];
  });
}

function isAddress(url: string): boolean {
  const filled = url.replaceAll(PLACE, 'H57');
  return URL.canParse(filled) && /^https?:$/.test(new URL(filled).protocol);
}
