DROP TABLE certificates;
DROP TABLE course_dates;
DROP TABLE kit_type_courses;
DROP TABLE courses;
