import {
  type CityForm,
  FORM_BASIS,
  FORM_CODE,
  FORM_TITLE,
  type FormAnswer,
  type FormRow,
  sumRows,
  type UnitFormRow,
} from '@par/administration';

/** A form for specs whose identities hold: two units, and a provincial body beside the total. */
export function specForm(change: Partial<CityForm> = {}): FormAnswer {
  const rows = [specRow('dept', 'Phòng Tài chính', 'Finance', 1_200), specRow('ward', 'Phường An Cựu', 'An Cựu ward', 10)];
  return {
    form: FORM_CODE,
    title: FORM_TITLE,
    basis: FORM_BASIS,
    period: '2021',
    cities: [
      {
        city: 'hue',
        cityName: 'Thành phố Huế',
        cityNameEn: 'Huế city',
        timeZone: 'Asia/Ho_Chi_Minh',
        from: '2020-12-31T17:00:00.000Z',
        cutOff: '2021-12-31T16:59:59.999Z',
        rows,
        total: sumRows(rows),
        beside: [specRow('land', 'Chi nhánh Văn phòng đăng ký đất đai', 'Land registry branch', 77)],
        identities: [],
        notes: { receiptNotKnown: 4, intakeRefused: 0 },
        ...change,
      },
      { ...specCity('empty'), rows: [], total: sumRows([]) },
    ],
  };
}

function specCity(city: string): CityForm {
  return {
    city,
    cityName: 'Thành phố trống',
    cityNameEn: 'Empty city',
    timeZone: 'Asia/Ho_Chi_Minh',
    from: null,
    cutOff: '2021-12-31T16:59:59.999Z',
    rows: [],
    total: sumRows([]),
    beside: [],
    identities: [],
    notes: { receiptNotKnown: 0, intakeRefused: 0 },
  };
}

function specRow(unit: string, unitName: string, unitNameEn: string, count: number): UnitFormRow {
  const row: FormRow = {
    received: { total: count + 6, online: 1, direct: count, carriedOver: 5 },
    done: { total: count + 4, early: 1, onTime: count, late: 1, unclassified: { count: 2, reason: 'no-due-date' } },
    inProcess: { total: 2, inTerm: 1, overdue: 1, unclassified: { count: 0, reason: 'no-due-date' } },
  };
  return { unit, unitName, unitNameEn, ...row, onTimeParts: { result: count - 3, refused: 1, withdrawn: 0, waiting: 2 } };
}
