"""Write the next schema revision from the tables: `python scripts/new_migration.py "Add feedback"`."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from core.database import Base

ROOT = Path(__file__).parents[1]
for tables in sorted((*ROOT.glob("*/*tables.py"), *ROOT.glob("*/*/tables.py"))):
    import_module(".".join(tables.relative_to(ROOT).with_suffix("").parts))

MIGRATIONS = ROOT / "core" / "migrations"


def main(message: str) -> None:
    """Migrate an empty database, compare it with the tables and write what is missing."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    number = f"{len(list((MIGRATIONS / 'versions').glob('*.py'))) + 1:04d}"
    with create_engine("sqlite://").begin() as connection:
        config.attributes.update(connection=connection, metadata=Base.metadata)
        command.upgrade(config, "head")
        command.revision(config, message, autogenerate=True, rev_id=number)
    written = next((MIGRATIONS / "versions").glob(f"{number}_*.py"))
    text = re.sub(r"core\.database\.UtcDateTime\([^)]*\)", "UtcDateTime()", written.read_text())
    text = re.sub(r"\n *# ### .*", "", text)
    if "UtcDateTime" in text:
        text = text.replace(
            "from alembic import op\n", "from alembic import op\n\nfrom core.database import UtcDateTime\n"
        )
    written.write_text(text)


if __name__ == "__main__":
    main(sys.argv[1])
