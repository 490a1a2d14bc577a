"""The floor on granian, with the options that Masthead gives it: `python -m benchmarks.floors.granian`."""

import settings.granian
from benchmarks.floors.wsgi import application

if __name__ == "__main__":
    settings.granian.preloaded = lambda: application
    settings.granian.main()
