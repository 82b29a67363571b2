"""Exit status 0: the configured store holds no document; 3: it does; 2: it cannot be opened."""

import os
import sys

from api.settings import read_settings
from graph.errors import JipuError
from graph.opening import open_store

NOT_EMPTY = 3


def main() -> int:
    try:
        with open_store(read_settings(os.environ).store) as store:
            return NOT_EMPTY if store.counts()["Document"] else 0
    except JipuError as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
