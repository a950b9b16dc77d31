/** An organisation's identifier (mã định danh, Decision 20/2020/QĐ-TTg art. 4), highest level first and without empty levels: `H57.21`. */
export const ORGAN_CODE = /^[A-Y]\d{2}(\.[A-Z0-9]{1,6}){0,4}$/;
