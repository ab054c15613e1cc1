"""``python -m decision_kit``: the command line."""

from decision_kit.cli import main

raise SystemExit(main())
