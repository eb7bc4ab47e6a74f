-- In the order in which the answers to a question about a kit type are added up.
DROP INDEX evaluation_scales_by_kit_type;
CREATE INDEX evaluation_scales_by_kit_type ON evaluation_scales (kit_type_id, question_id, submitted_on, value);
