import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';

export class RankedPeer {
  /** Official code of the peer: 474 is Huế among the nine districts of Thừa Thiên Huế. */
  @Matches(/^[0-9A-Za-z][0-9A-Za-z.-]{0,34}$/)
  code: string;

  /** Score in thousandths of a point: 84.186 is 84186. */
  @IsInt()
  @Min(0)
  @Max(10_000_000)
  score: number;

  /** The rank as published; needed where the scores of some peers are not known. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000)
  rank?: number;
}

/** The province publishes the PAR index of the city and its peers for a year (goal 10). `subject` is the city; of one year the latest publication holds. */
export class RankingPublishedV1 {
  @IsInt()
  @Min(2000)
  @Max(2100)
  year: number;

  /** How many peers there are, the city among them: 9. */
  @IsInt()
  @Min(1)
  @Max(1_000)
  peers: number;

  /** The peers whose scores are known; the city's own `code` must be among them for it to have a rank. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => RankedPeer)
  scores: RankedPeer[];
}
