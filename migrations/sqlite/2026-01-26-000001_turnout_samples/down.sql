DROP TABLE turnout_samples;
