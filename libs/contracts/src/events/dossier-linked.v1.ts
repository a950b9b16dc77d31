import { IsIn, IsString, Length } from 'class-validator';

export const LINK_RELATIONS = ['part-of', 'follows'] as const;
export type LinkRelation = (typeof LINK_RELATIONS)[number];

/** Liên thông (Decree 61/2018 art. 19.6–7): this dossier is handled jointly with another. */
export class DossierLinkedV1 {
  /** Code of the other dossier. */
  @IsString()
  @Length(1, 64)
  to: string;

  @IsIn(LINK_RELATIONS)
  relation: LinkRelation;
}
