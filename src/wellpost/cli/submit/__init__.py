"""For spark-submit, which wants a file: `spark-submit … $(python -m wellpost.cli.submit) …`.

The file has a directory of its own, since Python looks there first for everything it imports.
"""

from pathlib import Path

JOB = Path(__file__).with_name("job.py")
