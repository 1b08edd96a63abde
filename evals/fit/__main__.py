"""`python -m evals.fit ranking|sentences|abstention|samples|languages` fits one of the models that ship."""

from __future__ import annotations

import importlib
import sys

MODELS = {
    "ranking": "evals.fit.ranking",
    "sentences": "evals.fit.sentences",
    "abstention": "evals.fit.abstention",
    "samples": "evals.fit.samples",
    "languages": "evals.fit.languages",
}


def main() -> None:
    """Run the `main` of the model that the first argument names; the module is imported only then."""
    if len(sys.argv) < 2 or sys.argv[1] not in MODELS:
        raise SystemExit(f"usage: python -m evals.fit {'|'.join(MODELS)} [--data DIR …]")
    importlib.import_module(MODELS[sys.argv[1]]).main(sys.argv[2:])


if __name__ == "__main__":
    main()
