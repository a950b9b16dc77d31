/** The department declares that the matter is handled on paper, whatever steps were told: it is not processed online. Carries no data. */
export class WorkDossierPaperDeclaredV1 {}
