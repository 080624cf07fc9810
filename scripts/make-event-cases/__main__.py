"""Write tests/cases/events/foreign: run `python scripts/make-event-cases`.

The files are frozen: run this only to add a file, and commit no change that a reader would like better.
"""

import damage
import erps
import making
import platforms


def main() -> None:
    """Write every file and the expectation beside it."""
    making.CASES.mkdir(parents=True, exist_ok=True)
    for module in (platforms, erps, damage):
        for make in module.ALL:
            make()


if __name__ == "__main__":
    main()
