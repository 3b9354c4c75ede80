"""Print the place of the file for spark-submit."""

from wellpost.cli.submit import JOB

print(JOB)
