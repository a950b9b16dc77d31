import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn } from 'class-validator';

/** Subjects of goal 7: CCHC, Nội vụ, kiểm soát TTHC, TCVN ISO 9001:2015, kỷ luật kỷ cương, Chỉ thị 06/CT-UBND. */
export const INSPECTION_SUBJECTS = ['reform', 'home-affairs', 'procedure-control', 'iso-9001', 'discipline', 'directive-06'] as const;
export type InspectionSubject = (typeof INSPECTION_SUBJECTS)[number];

/** An inspection of the event's `unit` was completed at its `time` (goal 7). `subject` is the record's own id. */
export class InspectionCompletedV1 {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(6)
  @IsIn(INSPECTION_SUBJECTS, { each: true })
  subjects: InspectionSubject[];
}
