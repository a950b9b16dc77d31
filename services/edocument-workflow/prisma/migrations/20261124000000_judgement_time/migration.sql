-- `time` of the published event, so that a judgement can be published again as it was. Of older judgements it is not known.
ALTER TABLE "judgement" ADD COLUMN "judged_at" TIMESTAMPTZ(3);
