DROP TABLE voter_codes;
DROP TABLE roll;
DROP TABLE election_editors;
DROP TABLE elections;
