import { describe, expect, it } from '@jest/globals';
import { CLOCK_LABELS, NATIONAL_STATES, nationalStateOf } from './national-state.ts';

describe('the national states', () => {
  it('are the ten of the list, each with what it does to the clock', () => {
    expect(Object.entries(NATIONAL_STATES).map(([code, { label, clock }]) => [code, label.vi, clock])).toEqual([
      ['1', 'Mới đăng ký', 'not-started'],
      ['2', 'Được tiếp nhận', 'starts'],
      ['3', 'Không được tiếp nhận', 'never-started'],
      ['4', 'Đang xử lý', 'runs'],
      ['5', 'Yêu cầu bổ sung giấy tờ', 'stops-then-from-zero'],
      ['6', 'Yêu cầu thực hiện nghĩa vụ tài chính', 'stops'],
      ['7', 'Công dân yêu cầu rút hồ sơ', 'stopped'],
      ['8', 'Dừng xử lý', 'stops'],
      ['9', 'Đã xử lý xong', 'stopped'],
      ['10', 'Đã trả kết quả', 'over'],
    ]);
    for (const { clock } of Object.values(NATIONAL_STATES)) expect(CLOCK_LABELS[clock]).toBeDefined();
  });

  it('have names of their own', () => {
    expect(new Set(Object.values(NATIONAL_STATES).map(({ name }) => name)).size).toBe(10);
  });

  it.each([
    ['1', 1],
    ['10', 10],
    ['02', undefined],
    ['0', undefined],
    ['11', undefined],
    ['', undefined],
    ['X', undefined],
    ['toString', undefined],
  ])('%j is %p', (code, state) => expect(nationalStateOf(code)).toBe(state));
});
