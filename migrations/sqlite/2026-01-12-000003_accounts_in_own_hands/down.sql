DROP TABLE staff_control;
ALTER TABLE staff DROP COLUMN must_change_password;
