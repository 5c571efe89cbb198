"""What every case has, whatever the law says: states, steps, deadlines, time, record and people."""
