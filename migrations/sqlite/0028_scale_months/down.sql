DROP TRIGGER evaluation_scales_counted_by_month;
DROP TABLE scale_months;
