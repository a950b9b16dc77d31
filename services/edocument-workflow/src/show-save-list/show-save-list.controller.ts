import { Controller, Get, Query } from '@nestjs/common';
import { OrganisationRegister } from '@par/organisation';
import { type Bilingual, Clock, Problem } from '@par/service-kit';
import { type Judged, type SaveList } from '../save-list.ts';
import { cursorOf, readCursor } from './save-list-cursor.ts';
import { dossierText, listText, unknownText } from './save-list-text.ts';
import { type FoundSaveList, ShowSaveListQuery } from './show-save-list.query.ts';

const MOST_AT_ONCE = 500;
const USUAL_AT_ONCE = 100;

interface ShownDossier extends Judged {
  text: Bilingual;
}

type ShownUnknown = SaveList['unknown'][number] & { text: Bilingual };

interface ShownSaveList extends Pick<FoundSaveList, 'inTime' | 'overdue' | 'undated' | 'history' | 'usualPercent' | 'timeZone' | 'cutOff'> {
  unit: string;
  /** The moment from which it is counted. */
  asOf: string;
  text: Bilingual;
  /** How many are named in all. */
  named: number;
  items: ShownDossier[];
  /** How many have no verdict, and the first of them. */
  unknown: number;
  unknownItems: ShownUnknown[];
  /** What to give as `after` for the page that follows; null on the last. */
  next: string | null;
}

/** Which open work dossiers of a unit miss their due date unless they move today: `GET /v1/save-list?unit=&as-of=&limit=&after=`. */
@Controller('v1/save-list')
export class ShowSaveListController {
  constructor(
    private readonly query: ShowSaveListQuery,
    private readonly organisation: OrganisationRegister,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Query() asked: Record<string, unknown>): Promise<ShownSaveList> {
    const unit = await this.#unit(asked.unit);
    const after = asked.after === undefined ? undefined : readCursor(asked.after);
    const limit = askedLimit(asked.limit);
    // A page that follows is counted from the same moment as the first.
    const given = after?.asOf ?? asked['as-of'];
    const asOf = given === undefined ? this.clock.now() : this.#moment(given);
    const found = await this.query.find(unit, asOf, given !== undefined);
    const { listed, unknown, inTime, overdue, undated, history, usualPercent, timeZone, cutOff } = found;
    const from = after ? listed.findIndex(({ moveBy, id }) => moveBy > after.moveBy || (moveBy === after.moveBy && id > after.id)) : 0;
    const items = from === -1 ? [] : listed.slice(from, from + limit);
    const last = items.at(-1);
    return {
      unit,
      asOf: asOf.toISOString(),
      text: listText(found),
      named: listed.length,
      items: items.map((each) => ({ ...each, text: dossierText(each) })),
      unknown: unknown.length,
      unknownItems: unknown.slice(0, limit).map((each) => ({ ...each, text: unknownText(each) })),
      next: last && last !== listed.at(-1) ? cursorOf({ asOf: asOf.toISOString(), moveBy: last.moveBy, id: last.id }) : null,
      ...{ inTime, overdue, undated, history, usualPercent, timeZone, cutOff },
    };
  }

  async #unit(unit: unknown): Promise<string> {
    if (typeof unit !== 'string' || unit === '') {
      throw new Problem({
        status: 400,
        code: 'save-list.no-unit',
        field: 'unit',
        title: { en: 'Say of which unit: unit=<id>', vi: 'Hãy nêu đơn vị: unit=<mã đơn vị>' },
      });
    }
    if ((await this.organisation.latest()).unit(unit)) return unit;
    throw new Problem({
      status: 404,
      code: 'unit.unknown',
      field: 'unit',
      title: { en: 'There is no such unit', vi: 'Không có đơn vị này' },
    });
  }

  #moment(given: unknown): Date {
    const text = typeof given === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(given) ? given : '';
    const moment = new Date(text);
    if (Number.isNaN(moment.getTime()) || moment > this.clock.now()) {
      throw new Problem({
        status: 400,
        code: 'save-list.bad-moment',
        field: 'as-of',
        title: {
          en: 'Give a past moment with its offset, such as 2021-07-05T08:00:00+07:00',
          vi: 'Hãy ghi thời điểm đã qua kèm múi giờ, ví dụ 2021-07-05T08:00:00+07:00',
        },
      });
    }
    return moment;
  }
}

function askedLimit(given: unknown): number {
  if (given === undefined) return USUAL_AT_ONCE;
  const limit = typeof given === 'string' ? Number(given) : NaN;
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_AT_ONCE) return limit;
  throw new Problem({
    status: 400,
    code: 'request.bad-limit',
    field: 'limit',
    title: { en: `A whole number from 1 to ${MOST_AT_ONCE}`, vi: `Số nguyên từ 1 đến ${MOST_AT_ONCE}` },
  });
}
