DROP TABLE objection_replies;
DROP TABLE objections;
DROP TABLE message_runs;
