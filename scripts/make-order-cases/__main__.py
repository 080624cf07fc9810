"""Write tests/cases/orders/read and unreadable: run `python scripts/make-order-cases`.

The files are frozen: run this only to add a file, and commit no change that a reader would like better.
Workbooks carry the time of writing and a random salt, so a rerun changes their bytes, not their cells.
"""

import json

import couriers
import damage
import erps
import marketplaces
import shapes
import shops
import writers


def main() -> None:
    """Write every file and the expectations beside it."""
    writers.READ.mkdir(parents=True, exist_ok=True)
    (writers.FOLDER / "unreadable").mkdir(exist_ok=True)
    for module in (marketplaces, shops, erps, couriers, shapes, damage):
        for make in module.ALL:
            make()
    passwords = {"locked.xlsx": "面单2026!"}
    text = json.dumps(passwords, ensure_ascii=False, indent=1) + "\n"
    (writers.READ / "passwords.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
