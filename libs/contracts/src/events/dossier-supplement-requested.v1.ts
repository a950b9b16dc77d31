/** Yêu cầu bổ sung giấy tờ (national state 5, Mẫu 02): the clock stops. May be asked once only (Decree 61/2018 art. 11.2c). Carries no data. */
export class DossierSupplementRequestedV1 {}
