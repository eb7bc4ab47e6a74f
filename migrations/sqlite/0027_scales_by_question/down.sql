DROP INDEX evaluation_scales_by_kit_type;
CREATE INDEX evaluation_scales_by_kit_type ON evaluation_scales (kit_type_id, submitted_on, question_id, value);
