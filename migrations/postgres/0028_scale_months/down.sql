DROP TRIGGER evaluation_scales_counted_by_month ON evaluation_scales;
DROP FUNCTION count_scales_by_month();
DROP TABLE scale_months;
DROP FUNCTION month_of(DATE);
