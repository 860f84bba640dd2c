"""Clock, mailbox, notices, pacing and other small helpers; knows no stage."""
