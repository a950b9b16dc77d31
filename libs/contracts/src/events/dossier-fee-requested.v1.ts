/** Yêu cầu thực hiện nghĩa vụ tài chính (national state 6): the clock stops until it is paid. Carries no data. */
export class DossierFeeRequestedV1 {}
