import { type Network } from '@par/contracts';
import ipaddr from 'ipaddr.js';

type Range = ReturnType<typeof ipaddr.parseCIDR>;

const MOST_REMEMBERED = 10_000;

/**
 * Tells which network a call came over, from the connection alone. `tslcd` (Mạng truyền số liệu chuyên dùng) where the remote address lies
 * in one of the trusted ranges, or where the broker vouches for the user; `internet` otherwise.
 */
export class NetworkStamp {
  readonly #ranges: Range[];
  readonly #brokerUsers: ReadonlySet<string>;
  readonly #remembered = new Map<string, Network>();

  /** `ranges` are CIDRs or single addresses. Throws one that is neither, by name. */
  constructor(ranges: readonly string[], brokerUsers: readonly string[]) {
    this.#ranges = ranges.map(readRange);
    this.#brokerUsers = new Set(brokerUsers);
  }

  ofAddress(address: string | undefined): Network {
    if (address === undefined || this.#ranges.length === 0) return 'internet';
    let network = this.#remembered.get(address);
    if (network === undefined) {
      network = this.#contains(address) ? 'tslcd' : 'internet';
      if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(address, network);
    }
    return network;
  }

  /** `userId` is the AMQP property that the broker has checked against the connection. */
  ofBrokerUser(userId: string | undefined): Network {
    return userId !== undefined && this.#brokerUsers.has(userId) ? 'tslcd' : 'internet';
  }

  #contains(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    // An IPv4 caller of a dual-stack socket shows as ::ffff:10.0.0.1.
    const read = ipaddr.process(address);
    return this.#ranges.some(([range, bits]) => {
      if (read instanceof ipaddr.IPv4) return range instanceof ipaddr.IPv4 && read.match(range, bits);
      return range instanceof ipaddr.IPv6 && read.match(range, bits);
    });
  }
}

function readRange(text: string): Range {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) throw new Error(`TSLCD_RANGES: "${text}" is neither an address nor a CIDR range`);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
