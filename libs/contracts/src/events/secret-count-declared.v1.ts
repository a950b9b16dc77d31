import { IsInt, Matches, Max, Min } from 'class-validator';
import { DECLARED_PERIOD } from './paper-work-declared.v1.ts';

/**
 * How many dossiers of a unit and period are left out of the figures because they are state secrets: an integer from the paper register and nothing
 * else (Law 29/2018/QH14 art. 5). `subject` is the unit. Of one period the latest declaration holds.
 */
export class SecretCountDeclaredV1 {
  @Matches(DECLARED_PERIOD)
  period: string;

  @IsInt()
  @Min(0)
  @Max(10_000_000)
  count: number;
}
