import { IsIn, IsISO8601, IsObject, IsOptional, IsString, Length } from 'class-validator';

/** A CloudEvent as the intake takes it. */
export class EventDto {
  @IsIn(['1.0'])
  specversion: string;

  @IsString()
  @Length(1, 200)
  id: string;

  @IsString()
  @Length(1, 200)
  source: string;

  @IsString()
  @Length(1, 200)
  type: string;

  @IsString()
  @Length(1, 200)
  subject: string;

  @IsString()
  @Length(1, 200)
  unit: string;

  @IsISO8601({ strict: true })
  time: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  sent?: string;

  @IsOptional()
  @IsString()
  datacontenttype?: string;

  @IsObject()
  data: Record<string, unknown>;
}
