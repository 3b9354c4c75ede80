"""What spark-submit runs: the command line that stands behind it."""

import sys

from wellpost.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
