DROP TABLE roll_requests;
