import { Controller, Get } from '@nestjs/common';
import { isInForce, type Label, localDate } from '@par/administration';
import { type LinkState } from '@par/contracts';
import { Clock, Database } from '@par/service-kit';
import { BasisRegister } from '../basis-register.ts';
import { NETWORK_VERDICT_LABELS, type NetworkSigns, networkVerdict, type UnitVerdict, VERDICT_REASON_LABELS } from '../network-verdict.ts';
import { workingHoursBefore } from '../working-hours.ts';

const CLOCK_TOLERANCE_MS = 300_000;
const USUAL_HOURS = 8;

interface ShownVerdict extends UnitVerdict {
  unit: string;
  name: string;
  nameEn: string;
  label: Label;
  why: Label;
  grey: boolean;
}

interface SignRow {
  unit: string;
  tslcd: Date | null;
  internet: Date | null;
  software: Date | null;
  heartbeat_at: Date | null;
  link: LinkState | null;
  software_state: LinkState | null;
  clock_offset_ms: number | null;
}

/** How each agency's side of the dedicated network stands now: up, link down, software silent, clock wrong, or not heard: `GET /v1/network`. */
@Controller('v1/network')
export class ShowNetworkController {
  constructor(
    private readonly database: Database,
    private readonly basis: BasisRegister,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(): Promise<ShownVerdict[]> {
    const now = this.clock.now();
    const { plan, calendar, organisation } = await this.basis.latest();
    const hours = plan.indicators.find(({ withinWorkingHours }) => withinWorkingHours !== undefined)?.withinWorkingHours ?? USUAL_HOURS;
    const since = workingHoursBefore(calendar, now, hours);
    const signs = new Map((await this.#signs()).map((row) => [row.unit, signsOf(row)]));
    return organisation
      .units()
      .filter((unit) => unit.agency && isInForce(unit, localDate(now, unit.timeZone)))
      .map((unit) => {
        const verdict = networkVerdict(signs.get(unit.id) ?? {}, {
          now,
          isRecent: (at) => at >= since,
          clockToleranceMs: CLOCK_TOLERANCE_MS,
        });
        const { grey, vi, en } = NETWORK_VERDICT_LABELS[verdict.verdict];
        return {
          unit: unit.id,
          name: organisation.nameOf(unit.id),
          nameEn: organisation.nameEnOf(unit.id),
          ...verdict,
          label: { vi, en },
          why: VERDICT_REASON_LABELS[verdict.reason],
          grey,
        };
      });
  }

  async #signs(): Promise<SignRow[]> {
    return this.database.query<SignRow>(
      `SELECT unit, max(tslcd) AS tslcd, max(internet) AS internet, max(software) AS software, max(heartbeat_at) AS heartbeat_at,
              max(link) AS link, max(software_state) AS software_state, max(clock_offset_ms) AS clock_offset_ms
       FROM (
         SELECT unit, CASE network WHEN 'tslcd' THEN last_at END AS tslcd, CASE network WHEN 'internet' THEN last_at END AS internet,
                NULL::timestamptz AS software, NULL::timestamptz AS heartbeat_at, NULL AS link, NULL AS software_state, NULL::bigint AS clock_offset_ms FROM heard
         UNION ALL SELECT unit, NULL, NULL, last_received_at, NULL, NULL, NULL, NULL FROM traffic
         UNION ALL SELECT unit, NULL, NULL, NULL, at, link, software, clock_offset_ms FROM heartbeat
       ) AS sign GROUP BY unit`,
    );
  }
}

function signsOf(row: SignRow): NetworkSigns {
  return {
    ...(row.tslcd ? { lastHeardTslcd: row.tslcd.toISOString() } : {}),
    ...(row.internet ? { lastHeardInternet: row.internet.toISOString() } : {}),
    ...(row.software ? { lastSoftwareEvent: row.software.toISOString() } : {}),
    ...(row.heartbeat_at && row.link && row.software_state
      ? {
          lastHeartbeat: {
            at: row.heartbeat_at.toISOString(),
            link: row.link,
            software: row.software_state,
            ...(row.clock_offset_ms === null ? {} : { clockOffsetMs: row.clock_offset_ms }),
          },
        }
      : {}),
  };
}
