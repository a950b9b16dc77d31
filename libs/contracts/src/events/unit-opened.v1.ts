import { IsBoolean, IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { ORGAN_CODE } from './organ-code.ts';

/**
 * Kinds of unit: thành phố · phòng chuyên môn · phường · xã · đơn vị sự nghiệp · trường học · cơ quan thuộc tỉnh. A provincial body (the land registry
 * branch) works at the city's one-stop and is reported beside the city's goals, never in them.
 */
export const UNIT_KINDS = ['city', 'department', 'ward', 'commune', 'public-service-unit', 'school', 'provincial-body'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

/** Form of dossier codes: `national` by Circular 01/2018 art. 19, `local` for systems with codes of their own. */
export const DOSSIER_CODE_SCHEMES = ['national', 'local'] as const;
export type DossierCodeScheme = (typeof DOSSIER_CODE_SCHEMES)[number];

export const UNIT_ID = /^[a-z0-9]+(-[a-z0-9]+){0,15}$/;
export const LOCAL_DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/**
 * A unit of the organisation comes into force. `subject` is its internal id, which never changes and is never used again
 * (an official code is: GSO 19756 is Phú Hiệp before 01/07/2021 and Gia Hội after).
 */
export class UnitOpenedV1 {
  /** Name in Vietnamese, with its type: "Phường Gia Hội". */
  @IsString()
  @Length(1, 120)
  name: string;

  @IsOptional()
  @IsString()
  @Length(1, 120)
  nameEn?: string;

  @IsIn(UNIT_KINDS)
  kind: UnitKind;

  /** Internal id of the unit above; absent for a city. */
  @IsOptional()
  @Matches(UNIT_ID)
  parent?: string;

  /** Official code valid for this unit while in force (GSO code or agency identifier). */
  @IsOptional()
  @Matches(/^[0-9A-Za-z][0-9A-Za-z.-]{0,34}$/)
  code?: string;

  /** Agency identifier (mã định danh) under which it sends and receives e-documents, highest level first: `H57.21`. */
  @IsOptional()
  @Matches(ORGAN_CODE)
  organ?: string;

  /** First day in force, local date `YYYY-MM-DD`. */
  @Matches(LOCAL_DATE)
  validFrom: string;

  /** True where it is a state agency that goal 6c counts. */
  @IsBoolean()
  agency: boolean;

  /** IANA zone of the city's calendar; required for a city, inherited below it. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  timeZone?: string;

  /** Form of the city's dossier codes; `national` where absent. */
  @IsOptional()
  @IsIn(DOSSIER_CODE_SCHEMES)
  dossierCodes?: DossierCodeScheme;
}
